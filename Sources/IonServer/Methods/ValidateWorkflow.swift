internal import IonEngine
public import IonJSON
public import IonRPC
public import IonWorkflow
internal import IonWorkflowFile

/// `workflow/validate`: what is wrong with a workflow file or a configuration, or with a text that may become one.
public enum ValidateWorkflow: ServedRequest {
  public static let method = "workflow/validate"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "uri":
        "The file; beside `text` only its name counts. The user's own `config.yaml` and `.ion/config.yaml` are configurations.",
      "text": "What is to be checked in the file's place; absent is what the file holds.",
      "codebaseId":
        "The codebase whose workflows it may include; absent is the one that holds the file, or the only one.",
    ]

    public var uri: WorkflowURI?
    public var text: String?
    public var codebaseId: CodebaseID?

    public func check() throws(JSONDecodingFailure) {
      if uri == nil, text == nil { throw JSONDecodingFailure("/uri", "either `uri` or `text` is needed") }
    }
  }

  public struct Result: WireShape, Hashable {
    public static let notes: [String: String] = [
      "valid": "Whether it could be run, or run with: no diagnostic is an error.",
      "diagnostics": "In the order of their places.",
    ]

    public var valid: Bool
    public var diagnostics: [DiagnosticShape]
  }

  public static let spec = Spec<Self>(
    summary: """
      Checks a workflow file, a configuration, or a text, and starts nothing. A workflow's file must lie in a registered \
      workspace, among the user's own workflows, or in a configured folder; a configuration is a registered workspace's, or \
      the user's own.
      """,
    errors: [.codebaseNotRegistered, .workflowNotFound, .outsideWorkspace, .unusable],
    examples: [
      .init(
        "a misspelt key", Params(uri: nil, text: Sample.misspelt, codebaseId: nil),
        result(of: WorkflowReader.read(Array(Sample.misspelt.utf8)), TextLines(Sample.misspelt), .utf16))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let encoding = await session.positionEncoding
    if let result = try await configuration(params, session, encoding) { return result }
    let workspace = try await workspace(params, session)
    guard let uri = params.uri, params.text == nil else {
      let text = params.text ?? ""
      let reading = WorkflowReader.read(
        Array(text.utf8), fileName: params.uri?.path.name, path: params.uri?.path,
        including: workspace?.includeResolver())
      return result(of: reading, TextLines(text), encoding)
    }
    return try await session.serving { () async throws(EngineFailure) in
      let source = try WorkflowSource.read(
        await WorkflowNaming.path(of: uri, session), including: workspace?.includeResolver())
      return result(of: source.reading, TextLines(source.bytes), encoding)
    }
  }

  /// The same for a configuration; nil for any other file.
  private static func configuration(
    _ params: Params, _ session: Session, _ encoding: PositionEncoding
  ) async throws(Failure) -> Result? {
    guard let path = params.uri?.path else { return nil }
    let found = try await session.serving { () async throws(EngineFailure) in
      try await session.engine.configuration(at: path, text: params.text.map { Array($0.utf8) })
    }
    guard let found else { return nil }
    let lines = TextLines(found.bytes)
    return Result(
      valid: !found.diagnostics.contains { $0.severity == .error },
      diagnostics: found.diagnostics.map { DiagnosticShape($0, in: lines, encoding) })
  }

  /// The workspace whose workflows may be included: the one that is named, else the innermost around the file, else the
  /// only one.
  private static func workspace(_ params: Params, _ session: Session) async throws(Failure) -> Workspace? {
    if let id = params.codebaseId { return try await session.workspace(id) }
    let registered = await session.engine.registered
    let holders = registered.filter { workspace in params.uri?.path.isWithin(workspace.codebase.root) ?? false }
    return holders.max { $0.codebase.root.text.utf8.count < $1.codebase.root.text.utf8.count }
      ?? (registered.count == 1 ? registered.first : nil)
  }

  private static func result(
    of reading: WorkflowReading, _ lines: TextLines, _ encoding: PositionEncoding
  ) -> Result {
    Result(
      valid: reading.definition != nil,
      diagnostics: reading.diagnostics.map { DiagnosticShape($0, in: lines, encoding) })
  }
}
