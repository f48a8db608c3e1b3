internal import IonEngine
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `workflow/status`: how a run stands.
public enum GetStatus: ServedRequest {
  public static let method = "workflow/status"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape {
    public static let notes = [
      "runId": "Which run.",
      "nodes": "Whether to list its nodes; absent counts as false.",
    ]

    public var runId: RunID
    public var nodes: Bool?
  }

  public typealias Result = RunShape

  public static let spec = Spec<Self>(
    summary: "How a run stands, and its nodes where they are asked for.",
    errors: ErrorKind.ofRun,
    examples: [
      .init(
        "with its nodes", Params(runId: Sample.run, nodes: true),
        RunShape(Sample.endedRecord, of: Sample.codebaseID, nodes: Sample.nodes))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    return try await session.ask { () async throws(EngineFailure) in
      let run = try await workspace.record(of: params.runId)
      let nodes = params.nodes == true ? try await workspace.nodes(of: params.runId) : nil
      return RunShape(run, of: workspace.codebase.id, nodes: nodes)
    }
  }
}
