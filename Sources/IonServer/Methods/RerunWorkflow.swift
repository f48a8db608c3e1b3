internal import IonEngine
public import IonJSON
public import IonRPC
public import IonWorkflow

/// `workflow/rerun`: runs a run again, as a new one.
public enum RerunWorkflow: ServedRequest {
  public static let method = "workflow/rerun"
  public static let ordering = Ordering.serial
  public static let startsRuns = true

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "runId": "The run to run again; it must have ended.",
      "fromNodeId":
        "Everything that is not this node or downstream of it is taken over where it succeeded; absent runs all.",
      "inputs": "Inputs that are to be others than the run's own; secrets must be given again. Absent is none.",
      "cache":
        "Whether nodes with `cache` may take over earlier successes; absent is true. `fromNodeId` itself always runs.",
      "workDoneToken": "Progress is reported on it; absent leaves that to the server.",
    ]

    public var runId: RunID
    public var fromNodeId: NodeID?
    public var inputs: [String: JSONValue]?
    public var cache: Bool?
    public var workDoneToken: ProgressToken?

    public init(runId: RunID, fromNodeId: NodeID? = nil) {
      self.runId = runId
      self.fromNodeId = fromNodeId
    }
  }

  public typealias Result = StartedRunShape

  public static let spec = Spec<Self>(
    summary: """
      Starts a new run with the definition, the inputs and the working path of one that has ended. This connection is \
      subscribed to it.
      """,
    errors: ErrorKind.readingRun + ErrorKind.starting + [
      .inputInvalid, .invalidState, .nodeNotFound, .providerNotFound,
    ],
    examples: [
      .init(
        "from a node on", Params(runId: "r-20260228-171204-x4w8ze", fromNodeId: "test"),
        StartedRunShape(Sample.madeRecord, created: true, in: Sample.codebase))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    let run = try await session.serving { () async throws(EngineFailure) in
      try await workspace.rerun(
        params.runId, from: params.fromNodeId, inputs: params.inputs ?? [:], usesCache: params.cache ?? true)
    }
    try await session.follow(run, in: workspace, after: 0, workDoneToken: params.workDoneToken?.json)
    return StartedRunShape(run, created: true, in: workspace.codebase)
  }
}
