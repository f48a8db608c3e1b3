internal import IonEngine
public import IonJSON
public import IonRPC
public import IonWorkflow
internal import IonWorkflowFile

/// `workflow/validate`: what there is to say about a workflow file, or about a text that may become one.
public enum ValidateWorkflow: ServedRequest {
  public static let method = "workflow/validate"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape {
    public static let notes = [
      "codebaseId": "Which codebase; absent where the session has one.",
      "uri": "A file. Either this or `text`.",
      "text": "A text, as an editor has it open. Either this or `uri`.",
    ]

    public var codebaseId: CodebaseID?
    public var uri: FileURI?
    public var text: String?

    public func check() throws(JSONDecodingFailure) {
      guard (uri == nil) != (text == nil) else { throw JSONDecodingFailure("/uri", "give either `uri` or `text`") }
    }
  }

  public struct Result: WireShape {
    public static let notes = [
      "valid": "Whether it could be run.",
      "diagnostics": "Errors, warnings and hints, in the order of their places.",
    ]

    public var valid: Bool
    public var diagnostics: [DiagnosticShape]
  }

  public static let spec = Spec<Self>(
    summary: "Says what is wrong with a workflow file, or with a text that may become one, and exactly where.",
    errors: ErrorKind.ofWorkflow,
    examples: [
      .init(
        "a text without errors", Params(text: "name: a\nnodes: [{id: a, bash: make}]\n"),
        Result(valid: true, diagnostics: []))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let reading: WorkflowReading
    let text: String
    if let given = params.text {
      text = given
      reading = WorkflowReader.read(given)
    } else {
      let workspace = try await session.workspace(params.codebaseId)
      let entry = try await session.ask { () async throws(EngineFailure) in
        try WorkflowNaming.entry(nil, params.uri, in: workspace)
      }
      text = String(decoding: entry.bytes, as: UTF8.self)
      reading = entry.reading
    }
    let lines = TextLines(text)
    let encoding = await session.positionEncoding
    return Result(
      valid: reading.definition != nil,
      diagnostics: reading.diagnostics.map { DiagnosticShape($0, in: lines, encoding) })
  }
}
