internal import Glibc
internal import IonEngine
internal import IonJSON
internal import IonProcess
internal import IonServer
internal import IonThread
internal import IonWorkflow

/// Shows a run until it ends: live on a terminal, line by line elsewhere, or as JSON. Ctrl-C cancels it.
struct RunFollower: Sendable {
  let invocation: Invocation
  let run: RunID
  let signals: AsyncStream<Int32>
  /// The nodes in the definition's order with what each depends on; empty where that isn't known.
  var graph: [(id: NodeID, dependsOn: [NodeID])] = []

  /// Returns how the program ends.
  func follow() async throws(CommandFailure) -> ExitStatus {
    var reason: String?
    do throws(CommandFailure) {
      return try await follow(noting: &reason)
    } catch {
      // A run that was given up may stand nowhere any more: why it was is what matters then.
      throw CommandFailure(reason ?? error.message, code: .failed, data: error.data)
    }
  }

  /// `reason` is why the run ended as it did, as soon as that is told.
  private func follow(noting reason: inout String?) async throws(CommandFailure) -> ExitStatus {
    let early = try await current(nodes: invocation.isLive && graph.isEmpty)
    var screen = makeScreen(early)
    if let holder = early.waitsFor, !invocation.isJSON { screen.say(Self.waiting(for: holder)) }
    let feed = Feed(invocation, interval: screen.tickInterval)
    let interrupts = Task { await cancelOnSignals(feed) }
    defer {
      feed.end()
      interrupts.cancel()
    }
    // The run may have ended before anybody listened.
    if !early.status.isLive { feed.tick() }
    var isClosing = false
    var agents = SeenAgents()
    var gates = GateAsking(invocation: invocation, run: run) { feed.read() }
    for await item in feed.items {
      switch item {
      case .tick: if gates.prompt == nil { screen.tick() }
      case .line(let line): try await gates.take(line, on: &screen)
      case .word(let text): screen.say(text)
      case .notification(LocalClient.markMethod, _):
        return try await finish(&screen, agents)
      case .notification(EventsGap.method, let params):
        try await catchUp(after: params, on: &screen, noting: &reason)
      case .notification(let method, let params):
        let news = RunNews(method, params)
        agents.note(news)
        try await take(news, on: &screen, noting: &reason)
      case .closed:
        throw CommandFailure("The connection ended before the run did; `ion show \(run)` says how it stands.")
      }
      if try await gates.wantsAnswer(of: &screen) { continue }
      if (screen.hasEnded || !early.status.isLive) && !isClosing {
        isClosing = true
        try await hearToTheEnd()
      }
    }
    return .failed
  }

  /// Says how the run stands in the end, and what its agents did and changed.
  private func finish(_ screen: inout any RunScreen, _ agents: SeenAgents) async throws(CommandFailure) -> ExitStatus {
    let last = try await current(nodes: screen.finishesWithNodes)
    screen.finish(last)
    try await tellLastWords(of: last)
    if !invocation.isJSON {
      Console.lines(AgentsText.lines(agents.nodes, total: last.usage, style: Style(isOn: Console.isColoured)))
    }
    await tellChanges(of: last)
    return Self.exit(last)
  }

  private static func waiting(for holder: PathHolderShape) -> String {
    let gate = holder.nodeId.map { ", which waits for an answer to its gate `\($0)`" } ?? ""
    return "queued: run \(holder.runId) of \(holder.workflow) (process \(holder.pid)) uses this folder\(gate)"
  }

  private func take(
    _ news: RunNews, on screen: inout any RunScreen, noting reason: inout String?
  ) async throws(CommandFailure) {
    if case .progress(let progress, _) = news { reason = progress.error }
    for rest in screen.unheard(before: news) { try await hear(rest, on: &screen) }
    screen.show(news)
  }

  /// Shows what the one node printed that nothing waits for, where a person saw a tree alone, and the workflow doesn't say
  /// what its run gives.
  private func tellLastWords(of run: RunShape) async throws(CommandFailure) {
    guard invocation.isLive, !invocation.isJSON, run.status == .succeeded, run.output == nil, run.outputBytes == nil
    else { return }
    let waitedFor = Set(graph.flatMap(\.dependsOn))
    let last = (run.nodes ?? []).filter { node in
      !waitedFor.contains(node.nodeId) && graph.contains { $0.id == node.nodeId }
    }
    guard last.count == 1, let node = last.first, node.status == .succeeded else { return }
    let step = Unheard(node: node.nodeId, attempt: max(1, node.attempt), offsets: [:])
    let text = try await log(of: step, .stdout, from: 0).text
    guard text.contains(where: { !$0.isWhitespace }) else { return }
    let whole = "ion log \(run.runId.rawValue.prefix(6)) \(node.nodeId)"
    Console.lines(RunText.block(text, whole: whole).map { "  " + TerminalText.cut($0, to: 500) })
  }

  /// Says what an isolated run changed, and what can be done about it.
  private func tellChanges(of run: RunShape) async {
    guard run.isolation != nil, run.startedAt != nil, !invocation.isJSON else { return }
    do throws(CommandFailure) {
      let changes = try await invocation.client.call(
        ShowChanges.self, ["runId": .string(run.runId.rawValue), "diffBytes": 0, "limit": 1])
      Console.lines(ChangesText.hints(changes, style: Style(isOn: Console.isColoured)))
    } catch {
      Console.warn(error.message)
    }
  }

  /// Asks for what the server could not tell by itself, after which it goes on.
  private func catchUp(
    after gap: JSONValue, on screen: inout any RunScreen, noting reason: inout String?
  ) async throws(CommandFailure) {
    var seq = gap["lastSeq"]?.integerValue ?? 0
    while true {
      let page = try await invocation.client.call(
        ReplayEvents.self, ["runId": .string(run.rawValue), "afterSeq": .integer(seq)])
      for event in page.events { try await take(RunNews(event.method, event.params), on: &screen, noting: &reason) }
      seq = page.nextSeq
      if seq >= page.lastSeq { return }
    }
  }

  /// Waits until everything that the run says and prints has arrived, and puts a mark behind it.
  private func hearToTheEnd() async throws(CommandFailure) {
    _ = try await invocation.client.call(WaitForWorkflow.self, ["runId": .string(run.rawValue), "until": "approval"])
    invocation.client.mark()
  }

  /// Shows what a step printed that its notifications haven't brought yet: they come at their own pace, a few a second. It
  /// is shown in order of arrival where what was shown so far was, and can be told apart.
  private func hear(_ rest: Unheard, on screen: inout any RunScreen) async throws(CommandFailure) {
    var rest = rest
    while let parts = try await parts(of: rest) {
      for (piece, text) in parts {
        rest.offsets[piece.stream] = piece.offset + piece.bytes
        screen.show(rest.node, piece.stream, text, from: piece.offset, to: piece.offset + piece.bytes)
      }
    }
    for stream in StepStream.allCases {
      var offset = rest.offsets[stream] ?? 0
      while true {
        let log = try await log(of: rest, stream, from: offset)
        guard log.nextOffset > offset else { break }
        screen.show(rest.node, stream, log.text, from: log.offset, to: log.nextOffset)
        offset = log.nextOffset
      }
    }
  }

  /// The next parts of both streams in order of arrival; nil where there are none, or they don't go on where streams were
  /// shown up to.
  private func parts(of step: Unheard) async throws(CommandFailure) -> [(ReadLog.Piece, String)]? {
    let (stdout, stderr) = (step.offsets[.stdout] ?? 0, step.offsets[.stderr] ?? 0)
    let log = try await log(of: step, nil, from: stdout + stderr)
    let pieces = (log.pieces ?? []).map { OutputPiece($0.stream, from: $0.offset, count: $0.bytes) }
    guard !pieces.isEmpty, OutputPiece.areBehind(stdout: stdout, stderr: stderr, pieces),
      let texts = OutputPiece.texts(of: log.text, pieces)
    else { return nil }
    return Array(zip(log.pieces ?? [], texts))
  }

  /// `stream` nil is both, with their pieces.
  private func log(
    of step: Unheard, _ stream: StepStream?, from offset: Int
  ) async throws(CommandFailure) -> ReadLog.Result {
    try await invocation.client.call(
      ReadLog.self,
      [
        "runId": .string(run.rawValue), "nodeId": .string(step.node.rawValue),
        "attempt": .integer(Int64(step.attempt)), "stream": .optional(stream?.rawValue), "pieces": .bool(stream == nil),
        "offset": .integer(Int64(offset)), "limitBytes": 1_048_576,
      ])
  }

  /// The run as it stands. Its nodes are left out where nobody looks at them: there may be thousands.
  private func current(nodes: Bool) async throws(CommandFailure) -> RunShape {
    try await invocation.client.call(GetStatus.self, ["runId": .string(run.rawValue), "nodes": .bool(nodes)])
  }

  private func makeScreen(_ run: RunShape) -> any RunScreen {
    if invocation.isJSON { return JSONScreen() }
    guard invocation.isLive else { return PlainScreen() }
    let known = (run.nodes ?? []).filter { $0.item == nil }.map { (id: $0.nodeId, dependsOn: [NodeID]()) }
    return LiveScreen(run, graph: graph.isEmpty ? known : graph)
  }

  /// The first signal cancels the run, the second kills what it runs.
  private func cancelOnSignals(_ feed: Feed) async {
    var isForced = false
    for await _ in signals {
      feed.say(isForced ? "killing what the run runs" : "cancelling the run; press Ctrl-C again to kill it")
      do throws(CommandFailure) {
        _ = try await invocation.client.call(
          CancelWorkflow.self,
          ["runId": .string(run.rawValue), "reason": "cancelled by the user", "force": .bool(isForced)])
      } catch {
        feed.say(error.message)
      }
      isForced = true
    }
  }

  static func exit(_ run: RunShape) -> ExitStatus {
    switch run.status {
    case .succeeded: .succeeded
    case .cancelled: .cancelled
    case .awaitingApproval: .awaitingApproval
    case .queued, .running, .paused, .interrupted, .failed: .failed
    }
  }
}

/// What a follower goes by: notifications as they arrive, ticks to draw at, and words for people.
private struct Feed: Sendable {
  enum Item: Sendable {
    case tick
    /// Something that people should know.
    case word(String)
    /// What the person typed; nil at the end of all lines.
    case line(String?)
    case notification(String, JSONValue)
    case closed
  }

  let items: AsyncStream<Item>
  private let sink: AsyncStream<Item>.Continuation
  private let pump: Task<Void, Never>
  private let ticker: Task<Void, Never>

  /// `interval` nil ticks only when it is told to.
  init(_ invocation: Invocation, interval: Duration?) {
    let (items, sink) = AsyncStream<Item>.makeStream()
    self.items = items
    self.sink = sink
    pump = Task {
      for await (method, params) in invocation.client.notifications { sink.yield(.notification(method, params)) }
      sink.yield(.closed)
    }
    ticker = Task {
      guard let interval else { return }
      while !Task.isCancelled {
        do { try await invocation.clock.sleep(for: interval) } catch { return }
        sink.yield(.tick)
      }
    }
  }

  func tick() { sink.yield(.tick) }

  func say(_ text: String) { sink.yield(.word(text)) }

  /// Begins to hear what the person types.
  func read() {
    do throws(ThreadFailure) {
      try Console.readLines { [sink] line in sink.yield(.line(line)) }
    } catch {
      sink.yield(.line(nil))
    }
  }

  func end() {
    pump.cancel()
    ticker.cancel()
  }
}
