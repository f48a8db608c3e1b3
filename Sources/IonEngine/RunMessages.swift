internal import IonStore
internal import IonWorkflow

/// What a run says to people when it starts, ends, or waits. Pure: the facts in, one short text out.
enum RunMessages {
  static func started(_ record: RunRecord) -> Notice {
    let verb = record.attempt == 1 ? "Started" : "Resumed"
    let times = record.attempt == 1 ? "" : ", attempt \(record.attempt)"
    return .message(level: .info, text: "\(verb) \(record.workflow) (run \(record.id)\(times))")
  }

  /// That a run waits for its working path, and for whom.
  static func queued(_ record: RunRecord, behind holder: PathLockHolder, at path: AbsolutePath) -> Notice {
    .message(
      level: .info,
      text: "\(record.workflow) is queued (run \(record.id)): \(path) is in use by run \(holder.run) of "
        + "\(holder.workflow) (process \(holder.pid))")
  }

  /// That a run got a worktree of its own, and what of the checkout is not in it.
  static func isolated(_ place: RunIsolation, uncommitted count: Int) -> [Notice] {
    let base = place.base.prefix(12)
    let made = Notice.message(
      level: .info, text: "Works in a worktree of its own, on branch \(place.branch), made from commit \(base)")
    guard count > 0 else { return [made] }
    let files = count == 1 ? "1 uncommitted change" : "\(count) uncommitted changes"
    return [
      made,
      .message(
        level: .warning,
        text: "\(files) of \(place.checkout) \(count == 1 ? "is" : "are") not in the run's worktree, and "
          + "\(count == 1 ? "stays" : "stay") as \(count == 1 ? "it is" : "they are")"),
    ]
  }

  /// That changes of an isolated run were taken over.
  static func taken(_ record: RunRecord, _ place: RunIsolation, files: Int) -> Notice {
    .message(
      level: .info,
      text: "\(files == 1 ? "1 file" : "\(files) files") of \(record.workflow) (run \(record.id)) taken over into "
        + "\(place.checkout)")
  }

  static func discarded(_ record: RunRecord, _ place: RunIsolation) -> Notice {
    .message(
      level: .info,
      text: "The worktree of \(record.workflow) (run \(record.id)) and its branch \(place.branch) are gone")
  }

  /// Which gates a run waits at, and for what.
  static func waiting(_ record: RunRecord, at nodes: [NodeRecord]) -> Notice {
    let asked = nodes.map { node in
      if let child = node.child { return "`\(node.node)`: run \(child) waits" }
      let line = node.gate?.question?.message.split(whereSeparator: \.isNewline).first.map { ": \($0)" } ?? ""
      return "`\(node.node)`\(line)"
    }
    let more = asked.count > 3 ? " and \(asked.count - 3) more" : ""
    return .message(
      level: .info,
      text:
        "\(record.workflow) waits for an answer at \(asked.prefix(3).joined(separator: "; "))\(more) (run \(record.id))"
    )
  }

  static func finished(_ record: RunRecord) -> Notice {
    let name = record.workflow
    let tally = tally(of: record.counts)
    if let unstarted = unstarted(record) { return unstarted }
    let time = record.startedAt.flatMap { start in record.endedAt.map { duration($0 - start) } } ?? ""
    let why = record.error.map { ": \($0)" } ?? ""
    switch record.status {
    case .succeeded:
      let verdict = record.result?.outcome.map { ", outcome \($0)" } ?? ""
      return .message(level: .info, text: "\(name) succeeded in \(time) (\(tally))\(verdict)\(why)")
    case .failed: return .message(level: .error, text: "\(name) failed after \(time) (\(tally))\(why)")
    case .cancelled: return .message(level: .warning, text: "\(name) was cancelled after \(time) (\(tally))\(why)")
    case .interrupted:
      return .message(
        level: .warning, text: "\(name) was interrupted (\(tally))\(why); resume it with run id \(record.id)")
    case .queued, .running, .awaitingApproval, .paused:
      return .message(level: .info, text: "\(name) is \(record.status.rawValue) (\(tally))\(why)")
    }
  }

  /// The end of a run that never began; nil for every other.
  private static func unstarted(_ record: RunRecord) -> Notice? {
    guard record.startedAt == nil else { return nil }
    let why = record.error.map { ": \($0)" } ?? ""
    switch record.status {
    case .failed: return .message(level: .error, text: "\(record.workflow) did not start\(why)")
    case .cancelled:
      return .message(level: .warning, text: "\(record.workflow) was cancelled before it started\(why)")
    case .queued, .running, .awaitingApproval, .paused, .interrupted, .succeeded: return nil
    }
  }

  /// `9 succeeded, 1 skipped`, in a fixed order; statuses without nodes are left out.
  static func tally(of counts: [NodeStatus: Int]) -> String {
    let parts = NodeStatus.allCases.compactMap { status in
      counts[status].flatMap { $0 > 0 ? "\($0) \(status.rawValue)" : nil }
    }
    return parts.isEmpty ? "no nodes" : parts.joined(separator: ", ")
  }

  /// Milliseconds as people read them: `340 ms`, `3.2 s`, `4 min 5 s`, `2 h 3 min`.
  static func duration(_ milliseconds: Int64) -> String {
    let milliseconds = max(0, milliseconds)
    let seconds = milliseconds / 1000
    if milliseconds < 1000 { return "\(milliseconds) ms" }
    if seconds < 60 { return "\(seconds).\(milliseconds % 1000 / 100) s" }
    if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
    return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
  }
}
