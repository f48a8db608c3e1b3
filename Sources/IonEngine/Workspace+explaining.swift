internal import IonScheduler
public import IonStore
public import IonWorkflow

/// Everything that is known of why a node of a run stands where it does.
public struct NodeHistory: Sendable {
  /// The node as its run's frozen definition has it.
  public var node: Node
  public var row: NodeRecord
  /// Those that the node depends on, then those it merely waits for, as they stand.
  public var dependencies: [Dependency]
  /// How its condition came out last; nil where it has none, or none was evaluated.
  public var verdict: Verdict?
  /// Its starts over the whole run, in order.
  public var executions: [Execution]
  /// What its `cache` came to at its last start; nil where it has none, or wasn't started.
  public var caching: CacheDecision?

  public init(
    node: Node, row: NodeRecord, dependencies: [Dependency], verdict: Verdict?, executions: [Execution]
  ) {
    self.node = node
    self.row = row
    self.dependencies = dependencies
    self.verdict = verdict
    self.executions = executions
    caching = nil
  }

  /// Another node that this one waits for.
  public struct Dependency: Hashable, Sendable {
    public var node: NodeID
    public var status: NodeStatus
    /// Whether the trigger rule counts it; else the node reads something of it.
    public var isRuled: Bool

    public init(node: NodeID, status: NodeStatus, isRuled: Bool) {
      self.node = node
      self.status = status
      self.isRuled = isRuled
    }
  }

  /// How a condition came out.
  public enum Verdict: Hashable, Sendable {
    case met, unmet
    /// It could not be evaluated.
    case failed(String)
  }

  /// One start of the node.
  public struct Execution: Hashable, Sendable {
    /// Counts from 1.
    public var attempt: Int
    /// Which time of taking the run up it belongs to, from 1.
    public var runAttempt: Int
    public var startedAt: WallTime
    /// Nil while it runs.
    public var endedAt: WallTime?
    /// What came of it; `running` while it runs.
    public var status: NodeStatus
    public var error: String?
    public var exitCode: Int?

    public init(
      attempt: Int, runAttempt: Int = 1, startedAt: WallTime, endedAt: WallTime? = nil, status: NodeStatus
    ) {
      self.attempt = attempt
      self.runAttempt = runAttempt
      self.startedAt = startedAt
      self.endedAt = endedAt
      self.status = status
      error = nil
      exitCode = nil
    }
  }
}

extension Workspace {
  /// What led to a node's state, folded from the run's log.
  ///
  /// - Throws: `.runNotFound`; `.nodeNotFound`; `.invalidState` where the run's definition is gone.
  public func history(of node: NodeID, in run: RunID) async throws(EngineFailure) -> NodeHistory {
    let record = try await record(of: run)
    var fold = NodeFold(
      node, try await withStore { opened throws(EngineFailure) in try await RunFold(of: record, in: opened.home.store) }
    )
    let definition = try await workflow(of: record).definition
    guard let row = try await reading({ store throws(StoreFailure) in try await store.node(node, of: run) }) else {
      throw .nodeNotFound(node, of: run, among: definition.nodes.map(\.id))
    }
    let statuses = Dictionary(
      try await nodes(of: run).map { ($0.node, $0.status) }, uniquingKeysWith: { first, _ in first })
    var seq: Int64 = 0
    while true {
      let last = seq
      let events = try await reading { store throws(StoreFailure) in
        try await store.events(of: run, after: last, limit: NodeFold.batch)
      }
      for event in events { try await fold.take(event) }
      guard events.count == NodeFold.batch, let end = events.last else { break }
      seq = end.seq
    }
    guard let declared = fold.run.run.definition(of: node) else {
      throw .nodeNotFound(node, of: run, among: definition.nodes.map(\.id))
    }
    let wanted = (declared.dependsOn + declared.waitsFor).map { fold.run.run.node($0, seenFrom: node)?.id ?? $0 }
    var history = NodeHistory(
      node: declared, row: row,
      dependencies: wanted.enumerated().map { index, id in
        NodeHistory.Dependency(
          node: id, status: statuses[id] ?? .unknown, isRuled: index < declared.dependsOn.count)
      },
      verdict: fold.verdict, executions: fold.executions)
    history.caching =
      StepCache(root: codebase.root, codebase: codebase.id)
      .record(of: StepOrigin(run: run, node: node, attempt: row.attempt))?.decision
    return history
  }
}

/// Reads a run's log for what happened to one node.
private struct NodeFold {
  static let batch = 1_000

  let id: NodeID
  var run: RunFold
  var verdict: NodeHistory.Verdict?
  var executions: [NodeHistory.Execution] = []

  init(_ id: NodeID, _ run: RunFold) {
    self.id = id
    self.run = run
  }

  mutating func take(_ stored: StoredEvent) async throws(EngineFailure) {
    let before = run.run.node(id)
    try await run.take(stored.event)
    if case .conditionSettled(id, let outcome) = stored.event {
      verdict =
        switch outcome {
        case .met: .met
        case .unmet: .unmet
        case .failed(let message): .failed(message)
        }
    }
    executions.note(before, run.run.node(id), in: run.run.attempt, at: stored.wallTime)
  }
}

extension [NodeHistory.Execution] {
  /// Takes up what an event made of the node: that it was started, or that its last start ended.
  mutating func note(_ before: NodeState?, _ after: NodeState?, in runAttempt: Int, at time: WallTime) {
    guard let state = after, state.status != before?.status else { return }
    if Self.isUnderWay(state.status) {
      // A gate that is asked again as it was has not been started anew.
      if last?.attempt == state.attempt { removeLast() }
      append(
        NodeHistory.Execution(attempt: state.attempt, runAttempt: runAttempt, startedAt: time, status: state.status))
    } else if let old = before?.status, Self.isUnderWay(old), let last = indices.last {
      self[last].endedAt = time
      // A node that is to be tried again is pending; this start of it failed.
      let cutOff: NodeStatus = old == .running ? .failed : .interrupted
      self[last].status = state.status == .pending ? cutOff : state.status
      self[last].error = state.failure?.message
      self[last].exitCode = state.failure?.exitCode
    }
  }

  private static func isUnderWay(_ status: NodeStatus) -> Bool { status == .running || status == .awaitingApproval }
}
