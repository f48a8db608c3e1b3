internal import IonEngine
public import IonRPC

/// `artifact/read`: the bytes of a file of a run.
public enum ReadArtifact: ServedRequest {
  public static let method = "artifact/read"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "uri": "The file, from `artifact/list`; a file of the run's log folder may be read too.",
      "offset": "Where to begin, in bytes; absent is 0. As text it is moved to the next beginning of a character.",
      "length": "How many bytes at most; absent is 1048576.",
      "encoding": "How the bytes are to stand in the answer; absent is `utf-8`.",
    ]

    public var uri: RunFileURI
    public var offset: Offset?
    public var length: ContentLimit?
    public var encoding: ContentEncoding?

    public init(uri: RunFileURI) { self.uri = uri }
  }

  public struct Result: WireShape, Hashable {
    public static let notes: [String: String] = [
      "uri": "The file.",
      "fileUri": "The file itself, for those who can read it.",
      "encoding": "How `content` is to be read.",
      "content": "The bytes.",
      "offset": "Where they begin.",
      "nextOffset": "Where to go on.",
      "size": "Bytes in the file.",
      "eof": "Whether the content reaches the end of the file.",
      "mediaType": "By the name's ending; absent for what is no artifact.",
      "changed": """
      Whether the file is another one than was recorded: by its size, and by its SHA-256 where the whole file was read. \
      Absent where neither says so and only a part was read, and for what is no artifact.
      """,
    ]

    public var uri: RunFileURI
    public var fileUri: FileURI
    public var encoding: ContentEncoding
    public var content: String
    public var offset: Int
    public var nextOffset: Int
    public var size: Int
    public var eof: Bool
    public var mediaType: String?
    public var changed: Bool?
  }

  public static let spec = Spec<Self>(
    summary:
      "Reads a file that a run made. Nothing outside the run's own folders can be read so, whatever links there are.",
    errors: [.codebaseNotRegistered, .runNotFound, .artifactNotFound, .storeDamaged, .unusable],
    examples: [
      .init(
        "a whole file", Params(uri: Sample.artifact.uri),
        Result(
          uri: Sample.artifact.uri, fileUri: Sample.artifact.fileUri, encoding: .utf8, content: "# All tests pass\n\n",
          offset: 0, nextOffset: 18, size: 18, eof: true, mediaType: "text/markdown", changed: false))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let encoding = params.encoding ?? .utf8
    let file = try await RunFileContent.read(
      params.uri, offset: params.offset?.value ?? 0, length: params.length?.value ?? ContentSize.range.upperBound,
      asText: encoding == .utf8, session)
    return Result(
      uri: params.uri, fileUri: file.fileUri, encoding: encoding, content: file.content, offset: file.offset,
      nextOffset: file.nextOffset, size: file.size, eof: file.nextOffset >= file.size, mediaType: file.mediaType,
      changed: file.isChanged)
  }
}
