internal import IonScheduler
internal import IonWorkflow

/// Says in words why a node of a plan has its verdict.
struct PlanReason {
  let id: NodeID
  let node: Node
  let outlook: NodeOutlook
  /// As the rehearsed run has it.
  let state: NodeState
  /// The nodes that its trigger rule counts, how each may come out, and whether its failure counts as a success.
  let dependencies: [(id: NodeID, outcomes: Outcomes, isTolerated: Bool)]
  let stub: PlanStub?
  /// The loop that it belongs to, and what is said of that; nil outside of loops.
  let loop: (id: NodeID, verdict: PlanVerdict)?

  var text: String {
    switch outlook.verdict {
    case .run: "It runs, because \(cause)\(after)."
    case .skip: "It is not run: \(obstacle)."
    case .fail: "It fails before it does anything: \(state.failure?.message ?? failure)"
    case .depends: "Whether it runs can't be known: \(doubt)."
    }
  }

  private var cause: String {
    if node.isJoin { return "it stands for others, of which one or more run" }
    if let loop, dependencies.isEmpty { return "`\(loop.id)` begins with it" }
    var cause: String
    if dependencies.isEmpty, node.phase != .main {
      switch node.phase {
      case .main, .onExit: cause = "it has its turn at the end of every run"
      case .onSuccess: cause = "the run succeeds"
      case .onFailure: cause = "the run fails"
      }
    } else if dependencies.isEmpty {
      cause = "it depends on nothing"
    } else {
      switch node.triggerRule {
      case .allSuccess: cause = "everything that it depends on succeeds"
      case .oneSuccess: cause = "at least one node that it depends on succeeds"
      case .noneFailedMinOneSuccess: cause = "no node that it depends on fails, and at least one succeeds"
      case .allDone: cause = "it runs however those come out that it depends on"
      }
    }
    if outlook.condition == .met { cause += ", and its condition is met" }
    return cause
  }

  /// What comes of it, where a stub doesn't say that it succeeds.
  private var after: String {
    guard outlook.outcomes == .failed else { return "" }
    let message = state.failure.map { ": " + ($0.message.split(separator: "\n").first.map(String.init) ?? "") } ?? ""
    return stub?.status == .failed ? ", and fails, as its stub says" : ", and fails\(message)"
  }

  private var obstacle: String {
    if outlook.turn == NodeOutlook.Turn.none {
      return node.phase == .onSuccess ? "the run does not succeed" : "the run does not fail"
    }
    if !outlook.enders.isEmpty { return "\(Self.list(outlook.enders)) ends the run before" }
    if outlook.condition == .unmet {
      return stub?.status == .skipped ? "its stub says so" : "its condition is not met"
    }
    if node.isJoin { return "none of its nodes is" }
    guard
      let other = dependencies.first(where: { $0.outcomes == .failed && !$0.isTolerated })
        ?? dependencies.first(where: { $0.outcomes == .skipped })
    else { return "its trigger rule can't be met" }
    let what = "`\(other.id)` \(other.outcomes == .failed ? "fails" : "is skipped")"
    return node.triggerRule == .oneSuccess ? "no dependency succeeds (\(what))" : what
  }

  private var failure: String {
    if case .failed(let message) = outlook.condition { message } else { "a value that it reads isn't there." }
  }

  private var doubt: String {
    var doubts: [String] = []
    if !outlook.enders.isEmpty { doubts.append("\(Self.list(outlook.enders)) may end the run first") }
    if outlook.turn == .open { doubts.append("it has its turn by what comes of the run") }
    if let loop, loop.verdict == .depends { doubts.append("it does where `\(loop.id)` does") }
    if case .unknown(let references, _) = outlook.condition {
      let read = Array(Set(references.map { "`\($0)`" })).sorted()
      doubts.append("its condition reads \(read.joined(separator: ", "))")
    }
    let open = dependencies.filter { !$0.outcomes.isCertain && outlook.doubts.contains($0.id) }.map(\.id)
    if !open.isEmpty { doubts.append("it depends on how \(Self.list(open)) \(open.count == 1 ? "comes" : "come") out") }
    if node.isJoin { doubts.append("it stands for others of which that isn't known") }
    return doubts.isEmpty ? "something that it needs may come out in several ways" : doubts.joined(separator: ", and ")
  }

  private static func list(_ ids: [NodeID]) -> String {
    let shown = ids.prefix(5).map { "`\($0)`" }.joined(separator: ", ")
    return ids.count > 5 ? "\(shown) and \(ids.count - 5) more" : shown
  }
}
