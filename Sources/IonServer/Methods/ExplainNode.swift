internal import IonEngine
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `run/explain`: why a node ran, was skipped, or ran again.
public enum ExplainNode: ServedRequest {
  public static let method = "run/explain"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape {
    public static let notes = ["runId": "Which run.", "nodeId": "Which node."]

    public var runId: RunID
    public var nodeId: NodeID
  }

  /// One thing that a node depends on.
  public struct Dependency: WireShape, Hashable {
    public static let schemaName: String? = "Dependency"
    public static let notes = ["nodeId": "What it depends on.", "status": "Where that stands."]

    public var nodeId: NodeID
    public var status: NodeStatus
  }

  public struct Result: WireShape {
    public static let notes = [
      "node": "How it stands.",
      "reason": "Why, in words; a few lines.",
      "dependencies": "What it depends on, in its file's order.",
      "triggerRule": "When it runs, by what became of them.",
      "when": "Its condition, as it was read; absent where it has none.",
    ]

    public var node: NodeShape
    public var reason: String
    public var dependencies: [Dependency]
    public var triggerRule: TriggerRule
    public var when: String?
  }

  public static let spec = Spec<Self>(
    summary: "Why a node ran, was skipped, or ran again.",
    errors: ErrorKind.ofRun + [.nodeNotFound, .invalidState, .workflowInvalid],
    examples: [
      .init(
        "a node that ran", Params(runId: Sample.run, nodeId: "test"),
        Result(
          node: NodeShape(Sample.nodes[1]), reason: "test succeeded.\nIt depends on build (succeeded).",
          dependencies: [Dependency(nodeId: "build", status: .succeeded)], triggerRule: .allSuccess))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    return try await session.ask { () async throws(EngineFailure) in
      let run = try await workspace.record(of: params.runId)
      let rows = try await workspace.nodes(of: params.runId)
      let workflow = try await workspace.workflow(of: run)
      guard let row = rows.first(where: { $0.node == params.nodeId }),
        let node = workflow.definition.nodes.first(where: { $0.id == params.nodeId })
      else { throw .nodeNotFound(params.nodeId.rawValue, run: params.runId) }
      let statuses = Dictionary(rows.map { ($0.node, $0.status) }) { first, _ in first }
      let dependencies = node.dependsOn.map { Dependency(nodeId: $0, status: statuses[$0] ?? .pending) }
      return Result(
        node: NodeShape(row), reason: reason(row, node, dependencies), dependencies: dependencies,
        triggerRule: node.triggerRule, when: node.when?.description)
    }
  }

  private static func reason(_ row: NodeRecord, _ node: Node, _ dependencies: [Dependency]) -> String {
    var lines = ["\(row.node) \(row.status == .pending ? "is pending" : "is \(row.status.rawValue)")."]
    if row.attempt > 1 { lines.append("It was started \(row.attempt) times.") }
    if let summary = row.summary { lines.append("\(summary).") }
    if let error = row.error { lines.append("Its last execution failed: \(error)") }
    if !dependencies.isEmpty {
      let list = dependencies.map { "\($0.nodeId) (\($0.status.rawValue))" }.joined(separator: ", ")
      lines.append("It depends on \(list), by the rule \(node.triggerRule.rawValue).")
    }
    if let when = node.when { lines.append("Its condition is: \(when)") }
    return lines.joined(separator: "\n")
  }
}
