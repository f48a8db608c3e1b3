internal import IonEngine
internal import IonJSON
internal import IonLock
internal import IonProcess
internal import IonRPC
internal import IonStore
internal import IonWorkflow
internal import Logging

/// Turns what steps print into `workflow/output`: at most 20 times a second for each node, and 64 KB at a time, in the order
/// of arrival as long as a client keeps up. The log has every byte; what a client isn't sent is counted in `dropped`.
///
/// It reads nothing while the client has too much to read already, and keeps nothing but places in the logs.
final class OutputPump: Sendable {
  private struct State {
    var board = OutputProgress()
    var flushing: Task<Void, Never>?
    var hasEnded = false
  }

  static let chunk = 64 * 1024
  /// How many pieces an attempt's output is sent in at once, to keep its streams in order.
  private static let pieces = 64
  /// How far behind a step `full` output may be.
  static let lag = 8 * 1024 * 1024
  private static let pause = Duration.milliseconds(50)

  private let workspace: Workspace
  private let connection: Connection
  private let gate: ReplyGate
  private let clock: any EngineClock
  private let logger: Logger
  private let state = Guarded(State())

  init(workspace: Workspace, connection: Connection, gate: ReplyGate, clock: any EngineClock, logger: Logger) {
    self.workspace = workspace
    self.connection = connection
    self.gate = gate
    self.clock = clock
    self.logger = logger
  }

  /// Notes that a step printed something. Cheap: it is called from the thread that reads the step.
  func take(_ arrival: OutputArrival, mode: OutputMode) {
    change { $0.arrived(arrival, isFull: mode == .full) }
  }

  /// Notes that a node began or ended an attempt: all that it prints in between is sent, however short it is.
  func note(_ node: NodeRecord, mode: OutputMode) {
    change { board in
      if node.status == .running { board.began(node, isFull: mode == .full) } else { board.ended(node) }
    }
  }

  /// Looks for what was printed before anybody listened.
  func lookAgain() { change { $0.lookAgain() } }

  private func change(_ body: (inout OutputProgress) -> Void) {
    state.withLock { state in
      guard !state.hasEnded else { return }
      body(&state.board)
      guard state.flushing == nil, state.board.hasWork else { return }
      state.flushing = Task { await self.flush() }
    }
  }

  func end() {
    let flushing = state.withLock { state in
      state.hasEnded = true
      state.board = OutputProgress()
      return state.flushing
    }
    flushing?.cancel()
  }

  /// Sends what waits, again and again until nothing does.
  private func flush() async {
    while let due = takeWork() {
      for attempt in due where !Task.isCancelled {
        if connection.isBackedUp { await connection.waitUntilDrained() }
        if attempt.count == 2, sendInOrder(attempt) { continue }
        for work in attempt { send(work) }
      }
      do { try await clock.sleep(for: Self.pause) } catch { return }
    }
  }

  /// What is to be read now; nil, and the flushing is over, where there is nothing.
  private func takeWork() -> [[OutputProgress.Work]]? {
    state.withLock { state in
      let work = state.board.takeAttempts()
      if work.isEmpty { state.flushing = nil }
      return work.isEmpty ? nil : work
    }
  }

  private func reader(of source: OutputProgress.Source) -> OutputReader {
    OutputReader(OutputFiles(workspace.paths(of: source.run).log(of: source.node, attempt: source.attempt)))
  }

  /// Sends what both streams of an attempt have printed since, piece by piece in order of arrival. False, and nothing is
  /// sent, where that is too much for once, has too many pieces, is no text, or what was sent before wasn't in that order.
  private func sendInOrder(_ attempt: [OutputProgress.Work]) -> Bool {
    let sent = { (stream: StepStream) in attempt.first { $0.source.stream == stream }?.sent ?? 0 }
    let reader = reader(of: attempt[0].source)
    do throws(OutputFailure) {
      let slice = try reader.read(
        .merged, from: sent(.stdout) + sent(.stderr), limit: Self.chunk, isComplete: attempt[0].hasEnded)
      let count = slice.nextOffset - slice.offset
      guard count > 0, attempt[0].isFull || slice.nextOffset == slice.size else { return false }
      let pieces = try reader.pieces(from: slice.offset, count: count)
      guard pieces.count <= Self.pieces, OutputPiece.areBehind(stdout: sent(.stdout), stderr: sent(.stderr), pieces),
        let texts = OutputPiece.texts(of: slice.text, pieces)
      else { return false }
      for (piece, text) in zip(pieces, texts) {
        guard let work = attempt.first(where: { $0.source.stream == piece.stream }) else { continue }
        let end = piece.offset + piece.count
        post(work, OutputSlice(text: text, offset: piece.offset, nextOffset: end, size: end), dropped: 0)
      }
      let sizes = try StepStream.allCases.map { stream throws(OutputFailure) in
        (stream, try reader.read(stream == .stdout ? .stdout : .stderr, from: .max, limit: 4, isComplete: false).size)
      }
      state.withLock { $0.board.sent(pieces, of: attempt, sizes: Dictionary(uniqueKeysWithValues: sizes)) }
      return true
    } catch {
      return false
    }
  }

  private func send(_ work: OutputProgress.Work) {
    let source = work.source
    let reader = reader(of: source)
    let view = source.stream == .stdout ? OutputView.stdout : .stderr
    do throws(OutputFailure) {
      let size = try reader.read(view, from: .max, limit: 4, isComplete: work.hasEnded).size
      let start = work.start(size: size, chunk: Self.chunk, lag: Self.lag)
      let slice = try reader.read(view, from: start, limit: Self.chunk, isComplete: work.hasEnded)
      if slice.nextOffset > slice.offset { post(work, slice, dropped: slice.offset - work.sent) }
      state.withLock { $0.board.sent(source, upTo: max(work.sent, slice.nextOffset), of: slice.size) }
    } catch {
      // A node that starts no process prints nothing.
      logger.debug("output of \(source.node) of run \(source.run) was not read: \(error)")
      state.withLock { $0.board.forget(source) }
    }
  }

  private func post(_ work: OutputProgress.Work, _ slice: OutputSlice, dropped: Int) {
    let source = work.source
    let output = WorkflowOutput(
      codebaseId: workspace.codebase.id, runId: source.run, nodeId: source.node, attempt: source.attempt,
      stream: source.stream, offset: slice.offset, text: slice.text, dropped: dropped > 0 ? dropped : nil)
    let key = "\(source.run)/\(source.node)/\(source.attempt)"
    gate.send(
      OutgoingNotification(
        WorkflowOutput.method, OpenRPCDocument.encoded(output),
        policy: work.isFull ? .durable : .latest(key: key, merge: Self.merge)))
  }

  /// Two of a stream that wait become one while they fit; else the newer takes the place, and says what went. What comes of
  /// the other stream stays behind.
  static let merge: Merge = { waiting, newer in
    if waiting?["stream"] != newer?["stream"] { return .separate }
    guard let waiting, var merged = newer?.objectValue, let old = waiting["text"]?.stringValue,
      let new = newer?["text"]?.stringValue, let start = waiting["offset"]?.integerValue,
      let offset = newer?["offset"]?.integerValue
    else { return .replaced(newer) }
    if newer?["dropped"] == nil, old.utf8.count + new.utf8.count <= chunk {
      merged["text"] = .string(old + new)
      merged["offset"] = .integer(start)
      merged["dropped"] = waiting["dropped"]
    } else {
      merged["dropped"] = .integer(offset - start + (waiting["dropped"]?.integerValue ?? 0))
    }
    return .replaced(.object(merged))
  }
}
