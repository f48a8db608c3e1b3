internal import IonEngine
public import IonJSON
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `workflow/execute`: starts a run and returns at once; follow it with `workflow/progress`.
public enum ExecuteWorkflow: ServedRequest {
  public static let method = "workflow/execute"
  public static let ordering = Ordering.serial

  public struct Params: WireShape {
    public static let notes = [
      "codebaseId": "Which codebase; absent where the session has one.",
      "cwdUri": "Where the steps work, in the codebase; absent: its root.",
      "workflow": "The workflow's name. Either this or `uri`.",
      "uri": "The workflow's file. Either this or `workflow`.",
      "message": "What the run is about: `$USER_MESSAGE`.",
      "inputs": "The workflow's inputs, by name, typed.",
      "provider": "The agent provider to use instead of the workflow's.",
      "model": "The model to use instead of the workflow's.",
      "context": "What comes along from where the run was started.",
      "isolation": "`inherit`; nothing else is supported yet.",
      "queue": "Whether to wait for a busy path. Not supported yet: `true` is refused.",
      "idempotencyKey": "The same key with the same params gives the same run; kept a day.",
      "workDoneToken": "For clients that don't know Ion: the token to report progress on.",
    ]

    public var codebaseId: CodebaseID?
    public var cwdUri: FileURI?
    public var workflow: String?
    public var uri: FileURI?
    public var message: String?
    public var inputs: [String: JSONValue]?
    public var provider: String?
    public var model: String?
    public var context: ContextShape?
    public var isolation: String?
    public var queue: Bool?
    public var idempotencyKey: String?
    public var workDoneToken: JSONValue?

    public func check() throws(JSONDecodingFailure) { try WorkflowNaming.check(workflow, uri) }
  }

  public struct Result: WireShape {
    public static let notes = [
      "runId": "The run.",
      "codebaseId": "The codebase whose store has it.",
      "status": "`queued`; or `failed` where it could not start, and `error` says why.",
      "seq": "The number of the run's last event.",
      "created": "False where an idempotency key gave a run that was there before.",
      "artifactsUri": "The folder of what the run makes.",
      "logUri": "The folder of what its steps print.",
      "error": "Why it could not start; absent where it does.",
    ]

    public var runId: RunID
    public var codebaseId: CodebaseID
    public var status: RunStatus
    public var seq: Int64
    public var created: Bool
    public var artifactsUri: RunFileURI
    public var logUri: RunFileURI
    public var error: String?
  }

  public static let spec = Spec<Self>(
    summary: "Starts a run, and answers once it is durable, before its first node. The connection follows the run.",
    errors: ErrorKind.ofStart,
    examples: [
      .init(
        "by name", Params(workflow: "build-and-test", message: "check the parser", inputs: ["suite": "all"]),
        Result(
          runId: Sample.run, codebaseId: Sample.codebaseID, status: .queued, seq: 1, created: true,
          artifactsUri: RunFileURI(codebase: Sample.codebaseID, run: Sample.run, file: RunFile(.artifacts)),
          logUri: RunFileURI(codebase: Sample.codebaseID, run: Sample.run, file: RunFile(.logs))))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    if params.queue == true { throw .input("/queue", "This version of Ion can't queue a run for a busy path.") }
    if let isolation = params.isolation, isolation != "inherit" {
      throw .input("/isolation", "This version of Ion knows no isolation but `inherit`.")
    }
    let workspace = try await session.workspace(params.codebaseId)
    let (run, created) = try await session.ask { () async throws(EngineFailure) in
      let cwd = try params.cwdUri.map { (uri) throws(EngineFailure) in try workspace.workingPath(uri.path) }
      let workflow = try workspace.workflow(named: params.workflow, at: params.uri?.path)
      return try await workspace.execute(workflow, in: cwd, message: params.message ?? "", options: options(params))
    }
    try await session.follow(run, in: workspace, after: 0, workDoneToken: params.workDoneToken)
    let id = workspace.codebase.id
    return Result(
      runId: run.id, codebaseId: id, status: run.status, seq: run.seq, created: created,
      artifactsUri: RunFileURI(codebase: id, run: run.id, file: RunFile(.artifacts)),
      logUri: RunFileURI(codebase: id, run: run.id, file: RunFile(.logs)), error: run.error)
  }

  private static func options(_ params: Params) -> WorkflowExecutionOptions {
    var options = WorkflowExecutionOptions()
    options.input = params.inputs ?? [:]
    options.provider = params.provider
    options.model = params.model
    options.context = params.context?.text
    options.editor = params.context?.editor?.context
    options.idempotencyKey = params.idempotencyKey
    return options
  }
}
