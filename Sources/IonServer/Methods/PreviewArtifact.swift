internal import IonEngine
public import IonRPC

/// `artifact/preview`: the start of an artifact, for people.
public enum PreviewArtifact: ServedRequest {
  public static let method = "artifact/preview"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape {
    public static let notes = [
      "uri": "From `artifact/list`.",
      "maxBytes": "How much at most; 65536 where nothing is said.",
    ]

    public var uri: RunFileURI
    public var maxBytes: Bounded<ContentSize>?
  }

  public struct Result: WireShape {
    public static let notes = [
      "contents": "The start of the text, or a line that says how much binary content there is.",
      "truncated": "Whether there is more.",
    ]

    public var contents: String
    public var truncated: Bool
  }

  public static let spec = Spec<Self>(
    summary: "The start of an artifact, for people.",
    errors: ErrorKind.ofRun + [.artifactNotFound, .outsideWorkspace],
    examples: [
      .init(
        "a text", Params(uri: Sample.artifact.uri), Result(contents: "# All tests passed\n", truncated: false))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(params.uri.codebase)
    let limit = params.maxBytes?.value ?? 65_536
    let found = try await session.ask { () async throws(EngineFailure) in
      try workspace.read(params.uri.file, of: params.uri.run, offset: 0, length: limit + 3)
    }
    let cut = TextCut(found.bytes, from: 0, limit: limit)
    if found.bytes.prefix(cut.end).contains(0) || String(validating: found.bytes.prefix(cut.end), as: UTF8.self) == nil
    {
      return Result(contents: "[\(found.size) bytes of binary content]", truncated: false)
    }
    return Result(contents: cut.text, truncated: cut.end < found.size)
  }
}
