internal import IonEngine
public import IonJSON
public import IonProcess
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `run/log`: what a node printed, or what the run said.
public enum ReadLog: ServedRequest {
  public static let method = "run/log"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "runId": "The run.",
      "nodeId": "The node whose output is read; absent is what the run says to people, one line for each message.",
      "attempt": "Which of the node's starts; absent is the last one.",
      "stream": "One of its streams; absent is both, in the order in which they arrived.",
      "turn":
        "Which of an agent's turns in the attempt, from 1: what its program printed as it is, instead of what it said and did. There is more than one where the answer had to be asked for again. Where its session was gone, it is what was printed in the new one.",
      "terminal": "Which of the terminals that the agent opened in the turn, from 1: what ran in it printed.",
      "offset": "Where to begin, in bytes of this view; absent is 0. Moved to the next beginning of a character.",
      "limitBytes": "How many bytes at most; absent is 65536.",
      "pieces": "Whether to say which stream each part of the text is from; for a node's view of both. Absent is no.",
    ]

    public var runId: RunID
    public var nodeId: NodeID?
    public var attempt: Bounded<AttemptNumber>?
    public var stream: StepStream?
    public var turn: Bounded<AttemptNumber>?
    public var terminal: Bounded<AttemptNumber>?
    public var offset: Offset?
    public var limitBytes: ContentLimit?
    public var pieces: Bool?

    public init(runId: RunID, nodeId: NodeID? = nil) {
      self.runId = runId
      self.nodeId = nodeId
    }

    public func check() throws(JSONDecodingFailure) {
      if terminal != nil, turn == nil { throw JSONDecodingFailure("/terminal", "needs a `turn` beside it") }
      guard nodeId == nil else { return }
      if attempt != nil { throw JSONDecodingFailure("/attempt", "needs a `nodeId` beside it") }
      if turn != nil { throw JSONDecodingFailure("/turn", "needs a `nodeId` beside it") }
      if stream != nil { throw JSONDecodingFailure("/stream", "needs a `nodeId` beside it") }
      if pieces == true { throw JSONDecodingFailure("/pieces", "needs a `nodeId` beside it") }
    }
  }

  public struct Result: WireShape, Hashable {
    public static let notes: [String: String] = [
      "text": "The bytes as UTF-8, cut at a character; what isn't UTF-8 shows as U+FFFD.",
      "offset": "Where the text begins.",
      "nextOffset": "Where to go on; equal to `offset` where there is nothing more to read now.",
      "size": "Bytes in the view so far.",
      "eof": "Whether nothing will follow: the text reaches the end, and what prints it has ended.",
      "mediaType":
        "`text/markdown` where the node is an agent's: what it says, its thoughts as quotes, and what it does as lists; `text/plain` for everything else, an agent's `turn` too.",
      "pieces": "The parts of the text, one behind the other, where they were asked for.",
    ]

    public var text: String
    public var offset: Int
    public var nextOffset: Int
    public var size: Int
    public var eof: Bool
    public var mediaType: String
    public var pieces: [Piece]?

    init(_ slice: OutputSlice, isComplete: Bool, isMarkdown: Bool = false, pieces: [OutputPiece]? = nil) {
      text = slice.text
      offset = slice.offset
      nextOffset = slice.nextOffset
      size = slice.size
      eof = isComplete && slice.nextOffset >= slice.size
      mediaType = isMarkdown ? "text/markdown" : "text/plain"
      self.pieces = pieces.map { $0.map(Piece.init) }
    }
  }

  /// A part of a log that arrived in one piece.
  public struct Piece: WireShape, Hashable {
    public static let notes: [String: String] = [
      "stream": "Its stream.",
      "offset": "Where it begins in its stream, in bytes: what `workflow/output` calls its offset.",
      "bytes": "How long it is.",
    ]

    public var stream: StepStream
    public var offset: Int
    public var bytes: Int

    init(_ piece: OutputPiece) { (stream, offset, bytes) = (piece.stream, piece.offset, piece.count) }
  }

  public static let spec = Spec<Self>(
    summary:
      "Reads what a node printed, while it prints or any time after; without a node, what the run said to people.",
    errors: ErrorKind.readingRun + [.nodeNotFound],
    examples: [
      .init(
        "a node's output", Params(runId: Sample.run, nodeId: "test"),
        Result(OutputSlice(text: "12 tests passed\n", offset: 0, nextOffset: 16, size: 16), isComplete: true))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    let offset = params.offset?.value ?? 0
    let limit = params.limitBytes?.value ?? ContentSize.usual
    return try await session.serving { () async throws(EngineFailure) in
      if let node = params.nodeId {
        let log = try await workspace.log(
          of: params.runId, node: node, attempt: params.attempt?.value, turn: params.turn?.value,
          terminal: params.terminal?.value, view: view(of: params.stream), offset: offset, limit: limit,
          pieces: params.pieces ?? false)
        return Result(log.slice, isComplete: log.isComplete, isMarkdown: log.isMarkdown, pieces: log.pieces)
      }
      // Whether it is over first: what is said afterwards is then missed by nobody.
      let isOver = try await !workspace.record(of: params.runId).status.isLive
      let text = try await messages(of: params.runId, workspace)
      let slice = OutputSlice(of: text, at: 0, size: text.count, from: offset, limit: limit, isFinal: true)
      return Result(slice, isComplete: isOver)
    }
  }

  private static func view(of stream: StepStream?) -> OutputView {
    switch stream {
    case .stdout: .stdout
    case .stderr: .stderr
    case nil: .merged
    }
  }

  /// Everything that a run said, one `level: text` line each. It only grows at its end, so that offsets stay.
  private static func messages(of run: RunID, _ workspace: Workspace) async throws(EngineFailure) -> [UInt8] {
    var text: [UInt8] = []
    var seq: Int64 = 0
    while true {
      let notices = try await workspace.notices(of: run, after: seq, limit: 1_000).notices
      for case .message(let level, let message) in notices.map(\.notice) {
        text += Array("\(level.rawValue): \(message)\n".utf8)
      }
      guard let last = notices.last else { return text }
      seq = last.seq
    }
  }
}
