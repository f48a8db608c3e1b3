internal import IonEngine
public import IonJSON
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `workflow/execute`: starts a run and answers as soon as it is durable; follow it with `workflow/progress`.
public enum ExecuteWorkflow: ServedRequest {
  public static let method = "workflow/execute"
  public static let ordering = Ordering.serial
  public static let startsRuns = true

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "codebaseId":
        """
      The codebase; may be left out where there is one, where `uri` or `cwdUri` lies in it, or where only one has the \
      workflow.
      """,
      "cwdUri": "Where the steps work: a folder of the codebase or of a git worktree of it; absent is its root.",
      "workflow": "The workflow's name; this or `uri`.",
      "uri": "The workflow's file; this or `workflow`.",
      "message": "Free text that the workflow reads as `$ARGUMENTS`; absent is empty.",
      "inputs": "The workflow's inputs by name, typed; absent is none.",
      "provider": "The agent provider to use; absent leaves it to the workflow and the configuration.",
      "model": "The model to use; absent leaves it to the workflow and the configuration.",
      "context": "What comes along from where the run was started; absent is nothing.",
      "isolation": "Where the run works; absent leaves that to the workflow (`worktree: {enabled: true}`).",
      "queue":
        """
      Whether the run waits where its working path is in use, `queued`, behind those that wait already; absent or false \
      fails it with `pathLocked`.
      """,
      "cache": "Whether nodes with `cache` may take over earlier successes; absent is true.",
      "idempotencyKey": "The same key with the same params gives the same run for a day; absent always starts one.",
      "workDoneToken": "Progress is reported on it; absent leaves that to the server.",
    ]

    public var codebaseId: CodebaseID?
    public var cwdUri: FileURI?
    public var workflow: String?
    public var uri: WorkflowURI?
    public var message: String?
    public var inputs: [String: JSONValue]?
    public var provider: String?
    public var model: String?
    public var context: ExecutionContext?
    public var isolation: Isolation?
    public var queue: Bool?
    public var cache: Bool?
    public var idempotencyKey: String?
    public var workDoneToken: ProgressToken?

    public init(workflow: String) { self.workflow = workflow }

    public func check() throws(JSONDecodingFailure) {
      try WorkflowNaming.check(workflow, uri)
      if idempotencyKey?.isEmpty == true { throw JSONDecodingFailure("/idempotencyKey", "must not be empty") }
    }
  }

  public typealias Result = StartedRunShape

  public static let spec = Spec<Self>(
    summary: """
      Starts a run. The answer comes once the run is on disk and before its first node starts; what follows is told by \
      notifications, to which this connection is subscribed by the request.
      """,
    errors: ErrorKind.reading + ErrorKind.starting + [
      .workflowNotFound, .providerNotFound, .idempotencyConflict, .outsideWorkspace,
    ],
    examples: [
      .init(
        "by name", Params(workflow: "build-and-test"),
        StartedRunShape(Sample.madeRecord, created: true, in: Sample.codebase)),
      .init("from an editor", fromEditor, StartedRunShape(Sample.madeRecord, created: true, in: Sample.codebase)),
    ])

  private static let fromEditor: Params = {
    var params = Params(workflow: "build-and-test")
    params.message = "check the parser"
    params.inputs = ["suite": "all"]
    params.context = ExecutionContext(
      text: nil,
      editor: EditorShape(
        uri: FileURI(Sample.root.appending("src/parser.c")).description, line: 41, selection: "parse(input)",
        languageId: "c", diagnostics: nil))
    params.idempotencyKey = "3b5d1c"
    return params
  }()

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(
      params.codebaseId, holding: [params.uri?.path, params.cwdUri?.path].compactMap { $0 }, naming: params.workflow)
    let started = try await session.serving { () async throws(EngineFailure) in
      let cwd = try params.cwdUri.map { (uri) throws(EngineFailure) in try workspace.codebase.workingPath(uri.path) }
      let workflow = try await load(params, workspace, session)
      return try await workspace.execute(workflow, in: cwd, message: params.message ?? "", options: options(params))
    }
    try await session.follow(
      started.run, in: workspace, after: started.created ? 0 : started.run.seq,
      workDoneToken: params.workDoneToken?.json)
    return StartedRunShape(
      started.run, created: started.created, in: workspace.codebase, behind: workspace.holder(ofPathFor: started.run))
  }

  private static func load(
    _ params: Params, _ workspace: Workspace, _ session: Session
  ) async throws(EngineFailure) -> LoadedWorkflow {
    guard let uri = params.uri else { return try workspace.workflow(named: params.workflow ?? "") }
    return try workspace.workflow(at: await WorkflowNaming.path(of: uri, session))
  }

  private static func options(_ params: Params) -> WorkflowExecutionOptions {
    var options = WorkflowExecutionOptions()
    options.input = params.inputs ?? [:]
    options.provider = params.provider
    options.model = params.model
    options.context = params.context?.text
    options.editor = params.context?.editor?.facts
    options.queue = params.queue ?? false
    options.isolation = params.isolation?.meant
    options.idempotencyKey = params.idempotencyKey
    options.usesCache = params.cache ?? true
    return options
  }
}

/// What comes along with a run from where it was started.
public struct ExecutionContext: WireShape, Hashable {
  public static let notes: [String: String] = [
    "text": "Free text that the workflow reads as `$CONTEXT`; absent is empty.",
    "editor": "Where the editor stood; absent where there was none.",
  ]

  public var text: String?
  public var editor: EditorShape?
}

/// Where an editor stood.
public struct EditorShape: WireShape, Hashable {
  public static let notes: [String: String] = [
    "uri": "The document (`$EDITOR_FILE`, a path where it is a file); absent where there is none.",
    "line": "The cursor's line, from 0 as in LSP; `$EDITOR_LINE` counts from 1.",
    "selection": "The selected text (`$EDITOR_SELECTION`); absent is empty.",
    "languageId": "The document's language as LSP names it (`$EDITOR_LANGUAGE`).",
    "diagnostics": "A text, or any JSON, which `$EDITOR_DIAGNOSTICS` has as JSON text.",
  ]

  public var uri: String?
  public var line: Offset?
  public var selection: String?
  public var languageId: String?
  public var diagnostics: JSONValue?

  var facts: EditorContext {
    EditorContext(
      file: uri.map(file), line: line.map { $0.value == .max ? .max : $0.value + 1 }, selection: selection,
      languageID: languageId,
      diagnostics: diagnostics.flatMap { $0 == .null ? nil : $0.stringValue ?? $0.serializedText() })
  }

  /// The path of a file URI; any other URI stands for itself.
  private func file(_ uri: String) -> String {
    do throws(URIFault) {
      return try FileURI.parse(uri).path.text
    } catch {
      return uri
    }
  }
}
