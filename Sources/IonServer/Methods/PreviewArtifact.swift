internal import IonEngine
public import IonRPC
internal import IonWorkflow

/// `artifact/preview`: the beginning of a file of a run, to look at.
public enum PreviewArtifact: ServedRequest {
  public static let method = "artifact/preview"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "uri": "The file, from `artifact/list`; a file of the run's log folder may be looked at too.",
      "maxBytes": "How much of it at most; absent is 65536.",
    ]

    public var uri: RunFileURI
    public var maxBytes: ContentLimit?

    public init(uri: RunFileURI) { self.uri = uri }
  }

  public struct Result: WireShape, Hashable {
    public static let notes: [String: String] = [
      "uri": "The file.",
      "contents": """
      Its beginning as text, cut at a character, the run's secrets as `***`; for anything but text \
      `[n bytes of binary]`.
      """,
      "truncated": "Whether there is more of it.",
      "binary": "Whether it is anything but text.",
      "size": "Bytes in the file.",
      "mediaType": "By the name's ending; absent for what is no artifact.",
    ]

    public var uri: RunFileURI
    public var contents: String
    public var truncated: Bool
    public var binary: Bool
    public var size: Int
    public var mediaType: String?
  }

  public static let spec = Spec<Self>(
    summary: "Shows the beginning of a file that a run made, as text where it is text.",
    errors: ReadArtifact.spec.errors,
    examples: [
      .init(
        "a report", Params(uri: Sample.artifact.uri),
        Result(
          uri: Sample.artifact.uri, contents: "# All tests pass\n\n", truncated: false, binary: false, size: 18,
          mediaType: "text/markdown"))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let file = try await RunFileContent.read(
      params.uri, offset: 0, length: params.maxBytes?.value ?? ContentSize.usual, asText: true, session)
    let isTruncated = file.nextOffset < file.size
    var text = file.content
    if !file.isBinary, let mask = try await mask(of: params.uri, session) {
      text = isTruncated ? mask.masked(beginning: text) : mask.masked(text)
    }
    return Result(
      uri: params.uri, contents: file.isBinary ? "[\(file.size) bytes of binary]" : text, truncated: isTruncated,
      binary: file.isBinary, size: file.size, mediaType: file.mediaType)
  }

  private static func mask(of uri: RunFileURI, _ session: Session) async throws(Failure) -> SecretMask? {
    let workspace = try await session.workspace(uri.codebase)
    return try await session.serving { () async throws(EngineFailure) in try await workspace.mask(of: uri.run) }
  }
}
