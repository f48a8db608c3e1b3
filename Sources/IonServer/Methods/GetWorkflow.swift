internal import IonEngine
internal import IonWorkflowFile
public import IonJSON
public import IonRPC
public import IonWorkflow

/// `workflow/get`: one workflow, with its nodes and its text.
public enum GetWorkflow: ServedRequest {
  public static let method = "workflow/get"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape {
    public static let notes = [
      "codebaseId": "Which codebase; absent where the session has one.",
      "workflow": "Its name: exactly, then without case, then as a suffix `-name`. Either this or `uri`.",
      "uri": "Its file. Either this or `workflow`.",
    ]

    public var codebaseId: CodebaseID?
    public var workflow: String?
    public var uri: FileURI?

    public func check() throws(JSONDecodingFailure) { try WorkflowNaming.check(workflow, uri) }
  }

  public struct Details: WireShape {
    public static let notes = [
      "nodes": "In the file's order; empty where the file has errors.",
      "text": "The file's text.",
    ]

    public var nodes: [WorkflowNodeShape]
    public var text: String
  }

  public typealias Result = Joined<WorkflowShape, Details>

  public static let spec = Spec<Self>(
    summary: "One workflow, with its nodes and its text.",
    errors: ErrorKind.ofWorkflow,
    examples: [
      .init(
        "by name", Params(workflow: "build-and-test"),
        Joined(.sample, Details(nodes: [], text: "name: build-and-test\nnodes: [{id: build, bash: make}]\n")))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(params.codebaseId)
    let entry = try await session.ask { () async throws(EngineFailure) in
      try WorkflowNaming.entry(params.workflow, params.uri, in: workspace)
    }
    let text = String(decoding: entry.bytes, as: UTF8.self)
    let lines = TextLines(text)
    let encoding = await session.positionEncoding
    let nodes = (entry.reading.definition?.nodes ?? []).map { WorkflowNodeShape($0, in: lines, encoding) }
    return Joined(WorkflowShape(entry), Details(nodes: nodes, text: text))
  }
}
