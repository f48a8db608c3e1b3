internal import IonEngine
public import IonJSON
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `workflow/rerun`: runs a run again, as a new one.
public enum RerunWorkflow: ServedRequest {
  public static let method = "workflow/rerun"
  public static let ordering = Ordering.serial

  public struct Params: WireShape {
    public static let notes = [
      "runId": "The run to run again.",
      "fromNodeId":
        "The first node to run again: what is not downstream of it is taken over. Absent: everything is run.",
      "inputs": "Other values for some inputs, and the secret ones.",
    ]

    public var runId: RunID
    public var fromNodeId: NodeID?
    public var inputs: [String: JSONValue]?
  }

  public typealias Result = RunShape

  public static let spec = Spec<Self>(
    summary: "Makes a new run of an earlier one's definition and inputs, which takes over what is upstream of a node.",
    errors: ErrorKind.ofStart,
    examples: [
      .init(
        "from a node", Params(runId: Sample.run, fromNodeId: "test"),
        RunShape(Sample.runningRecord, of: Sample.codebaseID))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    let run = try await session.ask { () async throws(EngineFailure) in
      try await workspace.rerun(params.runId, from: params.fromNodeId, inputs: params.inputs ?? [:])
    }
    try await session.follow(run, in: workspace, after: 0)
    return RunShape(run, of: workspace.codebase.id)
  }
}
