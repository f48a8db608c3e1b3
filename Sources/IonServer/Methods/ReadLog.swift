internal import IonEngine
public import IonProcess
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `run/log`: what a node printed, or what the run said.
public enum ReadLog: ServedRequest {
  public static let method = "run/log"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape {
    public static let notes = [
      "runId": "Which run.",
      "nodeId": "Which node; absent: the run's messages.",
      "attempt": "Which start of the node; absent: the last one.",
      "stream": "`stdout` or `stderr`; absent: both in order of arrival.",
      "offset": "Where to start, in bytes of what is asked for; absent: at the start.",
      "limitBytes": "How much at most; 65536 where nothing is said.",
    ]

    public var runId: RunID
    public var nodeId: NodeID?
    public var attempt: Bounded<AttemptNumber>?
    public var stream: StepStream?
    public var offset: Bounded<Position>?
    public var limitBytes: Bounded<ContentSize>?
  }

  public struct Result: WireShape {
    public static let notes = [
      "text": "As UTF-8, cut at a character; what isn't UTF-8 shows as U+FFFD.",
      "offset": "Where it starts, in bytes.",
      "nextOffset": "Where to go on.",
      "size": "How much there is now, in bytes.",
      "eof": "Whether this is all that there is now.",
    ]

    public var text: String
    public var offset: Int
    public var nextOffset: Int
    public var size: Int
    public var eof: Bool
  }

  public static let spec = Spec<Self>(
    summary: "What a node printed, every byte of it, or what the run said to people.",
    errors: ErrorKind.ofRun + [.nodeNotFound],
    examples: [
      .init(
        "of a node", Params(runId: Sample.run, nodeId: "test", stream: .stdout),
        Result(text: "12 passed\n", offset: 0, nextOffset: 10, size: 10, eof: true))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    let offset = params.offset?.value ?? 0
    let limit = params.limitBytes?.value ?? 65_536
    guard let node = params.nodeId else {
      return try await messages(of: params.runId, in: workspace, session, offset, limit)
    }
    let view: OutputView =
      switch params.stream {
      case .stdout: .stdout
      case .stderr: .stderr
      case nil: .merged
      }
    let slice = try await session.ask { () async throws(EngineFailure) in
      try await workspace.log(
        of: params.runId, node: node, attempt: params.attempt?.value, view: view, offset: offset, limit: limit)
    }
    return Result(
      text: slice.text, offset: slice.offset, nextOffset: slice.nextOffset, size: slice.size,
      eof: slice.nextOffset >= slice.size)
  }

  private static func messages(
    of run: RunID, in workspace: Workspace, _ session: Session, _ offset: Int, _ limit: Int
  ) async throws(Failure) -> Result {
    var text = ""
    var seq: Int64 = 0
    while true {
      let after = seq
      let page = try await session.ask { () async throws(EngineFailure) in
        try await workspace.notices(of: run, after: after, limit: 1_000)
      }
      for notice in page.notices {
        if case .message(_, let line) = notice.notice { text += line + "\n" }
      }
      guard let last = page.notices.last, page.notices.count == 1_000 else { break }
      seq = last.seq
    }
    let bytes = Array(text.utf8)
    let cut = TextCut(bytes, from: min(offset, bytes.count), limit: limit)
    return Result(
      text: cut.text, offset: cut.start, nextOffset: cut.end, size: bytes.count, eof: cut.end >= bytes.count)
  }
}
