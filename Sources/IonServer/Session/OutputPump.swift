internal import IonEngine
internal import IonJSON
internal import IonLock
internal import IonProcess
internal import IonRPC
internal import IonStore
internal import IonWorkflow

/// Turns what steps print into `workflow/output`: merged per node and stream, at most 20 times a second, at most 64 KB at
/// a time. The log has every byte; what is left out here is counted in `dropped`.
final class OutputPump: Sendable {
  private struct Source: Hashable {
    var run: RunID
    var node: NodeID
    var attempt: Int
    var stream: StepStream
  }

  private struct State {
    /// What was printed and not sent: from where, up to where.
    var waiting: [Source: Range<Int>] = [:]
    var isFlushing = false
    var hasEnded = false
  }

  private static let chunk = 64 * 1024
  private static let pause = Duration.milliseconds(50)

  private let workspace: Workspace
  private let mode: OutputMode
  private let connection: Connection
  private let send: @Sendable (OutgoingNotification) -> Void
  private let state = Guarded(State())

  init(
    workspace: Workspace, mode: OutputMode, connection: Connection,
    send: @escaping @Sendable (OutgoingNotification) -> Void
  ) {
    self.workspace = workspace
    self.mode = mode
    self.connection = connection
    self.send = send
  }

  /// Notes that a step printed something. Cheap: it is called from the thread that reads the step.
  func take(_ arrival: OutputArrival) {
    guard arrival.count > 0 else { return }
    let source = Source(run: arrival.run, node: arrival.node, attempt: arrival.attempt, stream: arrival.stream)
    let end = arrival.offset + arrival.count
    let mustStart = state.withLock { state in
      guard !state.hasEnded else { return false }
      state.waiting[source] = (state.waiting[source]?.lowerBound ?? arrival.offset)..<end
      defer { state.isFlushing = true }
      return !state.isFlushing
    }
    if mustStart { Task { await self.flush() } }
  }

  func end() {
    state.withLock { state in
      state.hasEnded = true
      state.waiting = [:]
    }
  }

  /// Sends what waits, again and again until nothing does.
  private func flush() async {
    while true {
      let waiting = state.withLock { state in
        defer { state.waiting = [:] }
        if state.waiting.isEmpty { state.isFlushing = false }
        return state.waiting
      }
      guard !waiting.isEmpty else { return }
      for (source, range) in waiting { push(source, range) }
      do { try await Task.sleep(for: Self.pause) } catch { return }
    }
  }

  private func push(_ source: Source, _ range: Range<Int>) {
    var offset = range.lowerBound
    var dropped = 0
    if mode == .tail || connection.isBackedUp, range.count > Self.chunk {
      dropped = range.count - Self.chunk
      offset = range.upperBound - Self.chunk
    }
    let reader = OutputReader(
      OutputFiles(workspace.paths(of: source.run).log(of: source.node, attempt: source.attempt)))
    let view = source.stream == .stdout ? OutputView.stdout : .stderr
    while offset < range.upperBound {
      let limit = min(Self.chunk, range.upperBound - offset)
      guard let slice = try? reader.read(view, from: offset, limit: limit, isComplete: true), slice.nextOffset > offset
      else { return }
      post(source, slice, dropped)
      dropped = 0
      offset = slice.nextOffset
    }
  }

  private func post(_ source: Source, _ slice: OutputSlice, _ dropped: Int) {
    let output = WorkflowOutput(
      codebaseId: workspace.codebase.id, runId: source.run, nodeId: source.node, attempt: source.attempt,
      stream: source.stream,
      offset: slice.offset, text: slice.text, dropped: dropped == 0 ? nil : dropped)
    let key = "\(source.run)/\(source.node)/\(source.attempt)/\(source.stream.rawValue)"
    send(
      OutgoingNotification(
        WorkflowOutput.method, OpenRPCDocument.encoded(output), policy: .latest(key: key, merge: Self.merge)))
  }

  /// Two that wait become one while they fit; else the newer takes the place, and says what went.
  private static let merge: Merge = { waiting, newer in
    guard let old = waiting?["text"]?.stringValue, let new = newer?["text"]?.stringValue,
      var merged = newer?.objectValue
    else { return .replaced(newer) }
    if old.utf8.count + new.utf8.count <= chunk {
      merged["text"] = .string(old + new)
      merged["offset"] = waiting?["offset"]
      merged["dropped"] = waiting?["dropped"]
    } else {
      let lost = (waiting?["dropped"]?.integerValue ?? 0) + (newer?["dropped"]?.integerValue ?? 0)
      merged["dropped"] = .integer(lost + Int64(old.utf8.count))
    }
    return .replaced(.object(merged))
  }
}
