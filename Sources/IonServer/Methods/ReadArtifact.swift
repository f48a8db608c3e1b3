internal import IonDigest
internal import IonEngine
internal import IonStore
public import IonRPC
internal import IonWorkflow

/// `artifact/read`: the content of an artifact or a log file.
public enum ReadArtifact: ServedRequest {
  public static let method = "artifact/read"
  public static let ordering = Ordering.concurrent

  /// How content is written in an answer.
  public enum ContentEncoding: String, WireWord, Hashable {
    case utf8 = "utf-8"
    case base64

    public static let schemaName = "ContentEncoding"

    public var meaning: String {
      switch self {
      case .utf8: "As text, cut at a character; what isn't UTF-8 shows as U+FFFD."
      case .base64: "As base64 (RFC 4648)."
      }
    }
  }

  public struct Params: WireShape {
    public static let notes = [
      "uri": "From `artifact/list`.",
      "offset": "Where to start, in bytes; absent: at the start.",
      "length": "How many bytes at most; 1048576 where nothing is said.",
      "encoding": "How to write the content; absent counts as `utf-8`.",
    ]

    public var uri: RunFileURI
    public var offset: Bounded<Position>?
    public var length: Bounded<ContentSize>?
    public var encoding: ContentEncoding?
  }

  public struct Result: WireShape {
    public static let notes = [
      "content": "In the encoding that was asked for.",
      "encoding": "How the content is written.",
      "offset": "Where it starts, in bytes.",
      "nextOffset": "Where to go on.",
      "size": "The whole file's size, in bytes.",
      "eof": "Whether this is the file's end.",
      "changed": "Whether the file is no longer what was recorded; absent where it wasn't read whole.",
    ]

    public var content: String
    public var encoding: ContentEncoding
    public var offset: Int
    public var nextOffset: Int
    public var size: Int
    public var eof: Bool
    public var changed: Bool?
  }

  public static let spec = Spec<Self>(
    summary: "The content of an artifact, or of a file in a run's log folder. No link is followed out of there.",
    errors: ErrorKind.ofRun + [.artifactNotFound, .outsideWorkspace],
    examples: [
      .init(
        "a whole file", Params(uri: Sample.artifact.uri),
        Result(
          content: "# All tests passed\n", encoding: .utf8, offset: 0, nextOffset: 19, size: 19, eof: true,
          changed: false))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(params.uri.codebase)
    let offset = params.offset?.value ?? 0
    let limit = params.length?.value ?? 1_048_576
    let found = try await session.ask { () async throws(EngineFailure) in
      try workspace.read(params.uri.file, of: params.uri.run, offset: offset, length: limit + 3)
    }
    let changed =
      offset == 0 && found.bytes.count == found.size
      ? try await isChanged(params.uri, found.bytes, in: workspace, session) : nil
    switch params.encoding ?? .utf8 {
    case .utf8:
      let cut = TextCut(found.bytes, from: 0, limit: limit)
      return Result(
        content: cut.text, encoding: .utf8, offset: offset + cut.start, nextOffset: offset + cut.end, size: found.size,
        eof: offset + cut.end >= found.size, changed: changed)
    case .base64:
      let bytes = Array(found.bytes.prefix(limit))
      let end = offset + bytes.count
      return Result(
        content: Base64.encode(bytes), encoding: .base64, offset: offset, nextOffset: end, size: found.size,
        eof: end >= found.size, changed: changed)
    }
  }

  /// Nil for a file that isn't recorded.
  private static func isChanged(
    _ uri: RunFileURI, _ bytes: [UInt8], in workspace: Workspace, _ session: Session
  ) async throws(Failure) -> Bool? {
    guard uri.file.area == .artifacts else { return nil }
    let records = try await session.ask { () async throws(EngineFailure) in
      try await workspace.artifacts(of: uri.run, prefix: uri.file.path)
    }
    return records.first { $0.name == uri.file.path }.map { $0.sha256 != SHA256.hex(of: bytes) }
  }
}
