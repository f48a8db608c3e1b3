internal import IonEngine
public import IonJSON
public import IonRPC
public import IonWorkflow
internal import IonWorkflowFile

/// `workflow/get`: one workflow, with its nodes and its text.
public enum GetWorkflow: ServedRequest {
  public static let method = "workflow/get"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "codebaseId": "The codebase; may be left out where there is one, or where only one has the workflow or the file.",
      "workflow":
        "A name: exactly, else without regard to case, else the end of one behind a hyphen. This or `uri`.",
      "uri": "The file; this or `workflow`.",
    ]

    public var codebaseId: CodebaseID?
    public var workflow: String?
    public var uri: WorkflowURI?

    public func check() throws(JSONDecodingFailure) { try WorkflowNaming.check(workflow, uri) }
  }

  public typealias Result = Joined<WorkflowShape, Contents>

  public struct Contents: WireShape, Hashable {
    public static let notes: [String: String] = [
      "nodes": "In the file's order; empty where the file is not valid.",
      "diagnostics": "What there is to say about the file, in the order of its places.",
      "text": "What the file holds; U+FFFD stands for what isn't UTF-8.",
    ]

    public var nodes: [WorkflowNodeShape]
    public var diagnostics: [DiagnosticShape]
    public var text: String
  }

  public static let spec = Spec<Self>(
    summary: "Shows one workflow with its nodes, where they stand, and its text. One with errors is shown with them.",
    errors: ErrorKind.reading + [.workflowNotFound, .outsideWorkspace],
    examples: [
      .init(
        "a workflow of two nodes", Params(codebaseId: nil, workflow: "build-and-test", uri: nil),
        contents(of: Sample.workflow.bytes, Sample.workflow.reading.definition?.nodes ?? []))
    ])

  private static func contents(of bytes: [UInt8], _ nodes: [Node]) -> Result {
    let lines = TextLines(bytes)
    return Joined(
      WorkflowShape(Sample.workflow),
      Contents(
        nodes: nodes.map { WorkflowNodeShape($0, in: lines, .utf16) }, diagnostics: [],
        text: String(decoding: bytes, as: UTF8.self)))
  }

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(
      params.codebaseId, holding: [params.uri?.path].compactMap { $0 }, naming: params.workflow)
    let encoding = await session.positionEncoding
    return try await session.serving { () async throws(EngineFailure) in
      let entry =
        if let uri = params.uri {
          try workspace.entry(at: await WorkflowNaming.path(of: uri, session))
        } else {
          try workspace.entry(named: params.workflow ?? "")
        }
      let lines = TextLines(entry.bytes)
      let nodes = entry.reading.definition?.nodes ?? []
      return Joined(
        WorkflowShape(entry),
        Contents(
          nodes: nodes.map { WorkflowNodeShape($0, in: lines, encoding) },
          diagnostics: entry.reading.diagnostics.map { DiagnosticShape($0, in: lines, encoding) },
          text: String(decoding: entry.bytes, as: UTF8.self)))
    }
  }
}
