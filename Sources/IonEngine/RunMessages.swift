internal import IonStore
internal import IonWorkflow

/// What a run says to people when it starts, ends, or waits. Pure: the facts in, one short text out.
enum RunMessages {
  static func started(_ record: RunRecord) -> Notice {
    let verb = record.attempt == 1 ? "Started" : "Resumed"
    let times = record.attempt == 1 ? "" : ", attempt \(record.attempt)"
    return .message(level: .info, text: "\(verb) \(record.workflow) (run \(record.id)\(times))")
  }

  /// Which gates a run waits at, and for what.
  static func waiting(_ record: RunRecord, at gates: [GateRecord]) -> Notice {
    let asked = gates.map { gate in
      let line = gate.question?.message.split(whereSeparator: \.isNewline).first.map { ": \($0)" } ?? ""
      return "`\(gate.node)`\(line)"
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
