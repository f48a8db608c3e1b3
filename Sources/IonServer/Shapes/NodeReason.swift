internal import IonEngine
internal import IonScheduler
internal import IonStore
internal import IonWorkflow

/// Puts into words why a node of a run stands where it does. Pure: the facts in, a few sentences out.
struct NodeReason {
  private let history: NodeHistory
  private let run: RunStatus

  /// - Parameter run: Where the node's run stands.
  init(_ history: NodeHistory, run: RunStatus) {
    self.history = history
    self.run = run
  }

  var text: String { [standing, caching, again].compactMap { $0 }.joined(separator: " ") }

  private var node: Node { history.node }
  private var row: NodeRecord { history.row }

  private var standing: String {
    if node.isJoin, row.status.isSettled { return settledBehind }
    return switch row.status {
    case .pending: pending
    case .running: "It is running, because \(cause)."
    case .awaitingApproval: "Its gate waits for an answer, because \(cause)."
    case .succeeded: succeeded
    case .failed: failed
    case .skipped: skipped
    case .cancelled: "It was cancelled" + summary
    case .interrupted: "It was running when the run was interrupted" + summary
    case .unknown: "Nobody knows whether it had its effect" + summary
    }
  }

  /// How a node that stands for others came to its status.
  private var settledBehind: String {
    let why = (row.error ?? row.summary).map { ": \($0)" } ?? ""
    let count = history.dependencies.count
    return
      "It does nothing itself: it stands for \(count == 1 ? "a node" : "\(count) nodes"), and settled with the worst of "
      + "their statuses, `\(row.status.rawValue)`\(why)."
  }

  private var pending: String {
    let waited = history.dependencies.filter { !$0.status.isSettled }
    if !run.isLive { return "It has not run: the run is \(run.rawValue)" + summary }
    if node.phase != .main, waited.isEmpty {
      return "It has its turn at the end of the run (`\(node.phase.rawValue)`)."
    }
    if !waited.isEmpty { return "It waits for \(Self.list(waited.map { "`\($0.node)` (\($0.status.rawValue))" }))." }
    if let summary = row.summary { return "It waits: \(summary)." }
    return "It may start, because \(cause); it waits for a free place."
  }

  private var succeeded: String {
    if let answer = row.gate?.answer, row.summary?.hasPrefix("kept") != true {
      let how =
        answer.decidedBy == GateAnswer.timeout
        ? "nobody answered in time: `\(answer.decision)` was taken"
        : "\(answer.decidedBy) answered `\(answer.decision)`"
      return "Its gate was opened because \(cause), and \(how)."
    }
    if let origin = history.caching?.reused, row.summary?.hasPrefix("kept") != true {
      return
        "It did not have to run: nothing that goes in has changed since run \(origin.run), and its success there was "
        + "taken over."
    }
    if history.executions.isEmpty, let summary = row.summary {
      return "It did not have to run, and was \(summary)."
    }
    // A success that a resume kept says so, beside the executions of before.
    if let summary = row.summary, summary.hasPrefix("kept") {
      return "It ran in an earlier attempt of the run, and was \(summary)."
    }
    return "It ran because \(cause), and succeeded" + (row.summary.map { " (\($0))." } ?? ".")
  }

  /// Why nothing was taken over although the node has a `cache`, and what else is to be known of that; nil where there is
  /// nothing to say.
  private var caching: String? {
    guard let caching = history.caching else { return nil }
    var sentences: [String] = []
    if caching.reused == nil {
      if let compared = caching.compared, !caching.differences.isEmpty {
        sentences.append(
          "Nothing could be taken over from run \(compared.run): \(Self.list(caching.differences, limit: .max)).")
      } else if let compared = caching.compared {
        sentences.append(
          "What run \(compared.run) left could not be taken over: something of it is gone or was changed.")
      } else {
        sentences.append("There was no earlier success to take over.")
      }
    }
    if let obstacle = caching.obstacle { sentences.append("Nothing can be taken over from it: \(obstacle).") }
    if !caching.unmatched.isEmpty {
      sentences.append("No file matches \(Self.list(caching.unmatched.map { "`\($0)`" })) of its `cache.inputs`.")
    }
    return sentences.isEmpty ? nil : sentences.joined(separator: " ")
  }

  private var failed: String {
    let why = row.error.map { ": " + ($0.split(separator: "\n").first.map(String.init) ?? $0) } ?? ""
    if case .failed(let message) = history.verdict, row.error == message {
      return "It did not run, and counts as failed: its condition could not be evaluated\(why)"
    }
    if row.gate?.state == .expired { return "Its gate was opened because \(cause), and failed\(why)" }
    return "It ran because \(cause), and failed\(why)"
  }

  private var skipped: String {
    if history.verdict == .unmet, let condition = node.when, row.summary?.hasSuffix("condition is not met") ?? false {
      return "It was not run: its condition `\(condition)` is not met."
    }
    let summary = row.summary.map { $0.hasPrefix("not run: ") ? String($0.dropFirst(9)) : $0 } ?? "it was skipped"
    return "It was not run: \(summary), and \(demand)."
  }

  /// `: what the row says.`, or the end of the sentence.
  private var summary: String { row.summary.map { ": \($0)." } ?? "." }

  /// What made the node run; half a sentence.
  private var cause: String {
    let ruled = history.dependencies.filter(\.isRuled)
    var cause: String
    if let item = row.item, let owner = row.node.owner(ofItem: item) {
      cause = "it is for item \(item) of `\(owner)`, counted from 0"
    } else if ruled.isEmpty {
      cause = "it depends on nothing"
    } else {
      switch node.triggerRule {
      case .allSuccess: cause = "everything that it depends on succeeded"
      case .oneSuccess: cause = "at least one node that it depends on succeeded"
      case .noneFailedMinOneSuccess: cause = "no node that it depends on failed, and at least one succeeded"
      case .allDone: cause = "everything that it depends on has settled"
      }
    }
    let tolerated = ruled.filter { node.triggerRule == .allSuccess && $0.status == .failed }.map { "`\($0.node)`" }
    if !tolerated.isEmpty { cause += " or may fail (\(Self.list(tolerated)))" }
    if node.when != nil, history.verdict == .met { cause += ", and its condition is met" }
    return cause
  }

  /// What the trigger rule asks for; half a sentence.
  private var demand: String {
    switch node.triggerRule {
    case .allSuccess: "it runs only when everything that it depends on succeeded"
    case .oneSuccess: "it runs only when at least one node that it depends on succeeded"
    case .noneFailedMinOneSuccess: "it runs only when no node that it depends on failed and at least one succeeded"
    case .allDone: "it runs when everything that it depends on has settled"
    }
  }

  /// Why it was started more than once; nil where it wasn't.
  private var again: String? {
    guard history.executions.count > 1 else { return nil }
    let earlier = history.executions[history.executions.count - 2]
    let number = "\(history.executions.count) times"
    switch earlier.status {
    case .failed: return "It was started \(number), because its attempt \(earlier.attempt) failed."
    case .succeeded:
      return
        "It was started \(number): when the run was resumed, what it had read was not the same any more, or it always runs."
    case .cancelled, .interrupted, .unknown, .pending, .running, .awaitingApproval, .skipped:
      return "It was started \(number), because its attempt \(earlier.attempt) was \(earlier.status.rawValue)."
    }
  }

  private static func list(_ items: [String], limit: Int = 5) -> String {
    let shown = items.prefix(limit)
    let more = items.count > shown.count ? ["\(items.count - shown.count) more"] : []
    let all = shown + more
    return all.count < 2 ? all.joined() : all.dropLast().joined(separator: ", ") + " and " + (all.last ?? "")
  }
}
