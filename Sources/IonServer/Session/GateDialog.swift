internal import IonEngine
internal import IonJSON
internal import IonLock
internal import IonRPC
internal import IonStore
internal import IonWorkflow

/// Asks the person at a client that doesn't know gates, by LSP's own means: one `window/showMessageRequest` at a time.
///
/// A refusal, `null` and silence all mean that nothing was decided: the gate waits on, and can be answered in every other
/// way. A question that was answered elsewhere is taken back.
final class GateDialog: Sendable {
  private struct State {
    var waiting: [RunGate] = []
    /// The gate on the screen, and what waits for its answer.
    var shown: (gate: GateID, question: Task<Void, Never>)?
    var hasEnded = false
  }

  /// How many buttons a message may have in every editor.
  private static let fewest = 2
  private static let most = 4
  /// How much of a gate's message stands on the screen, in characters.
  private static let messageLength = 600

  private let connection: Connection
  private let commandPrefix: String
  /// Gives a decision to the gate; what kept it from being taken, for people, or nil.
  private let answer: @Sendable (RunGate, String) async -> String?
  private let state = Guarded(State())

  init(
    connection: Connection, commandPrefix: String, answer: @escaping @Sendable (RunGate, String) async -> String?
  ) {
    self.connection = connection
    self.commandPrefix = commandPrefix
    self.answer = answer
  }

  /// Takes note of a gate: one that waits is asked about as soon as the screen is free.
  func take(_ gate: RunGate) {
    state.withLock { state in
      guard !state.hasEnded else { return }
      state.waiting.removeAll { $0.gate.id == gate.gate.id }
      if gate.gate.state == .pending {
        if state.shown?.gate != gate.gate.id { state.waiting.append(gate) }
      } else if state.shown?.gate == gate.gate.id {
        state.shown?.question.cancel()
      }
      showNext(&state)
    }
  }

  /// Asks nothing more.
  func end() {
    state.withLock { state in
      state.hasEnded = true
      state.waiting = []
      state.shown?.question.cancel()
    }
  }

  private func showNext(_ state: inout State) {
    guard state.shown == nil, !state.hasEnded, !state.waiting.isEmpty else { return }
    let gate = state.waiting.removeFirst()
    state.shown = (gate.gate.id, Task { [weak self] in await self?.ask(gate) })
  }

  private func ask(_ gate: RunGate) async {
    if let options = Self.buttons(of: gate.gate) {
      if let decision = await decision(on: gate, among: options) {
        if let refusal = await answer(gate, decision) { say(refusal, type: 2) }
      }
    } else {
      tell(gate)
    }
    state.withLock { state in
      state.shown = nil
      showNext(&state)
    }
  }

  /// The title of each decision, where they fit a message box; nil where the person has to answer in another way.
  private static func buttons(of gate: GateRecord) -> [(title: String, decision: String)]? {
    guard let question = gate.question, (fewest...most).contains(question.options.count),
      !question.form.contains(where: \.isRequired)
    else { return nil }
    let buttons = question.options.map { option in
      (title: option.label.split(whereSeparator: \.isNewline).joined(separator: " "), decision: option.id)
    }
    let isUsable = Set(buttons.map(\.title)).count == buttons.count && !buttons.contains { $0.title.isEmpty }
    return isUsable ? buttons : buttons.map { ($0.decision, $0.decision) }
  }

  private func decision(on gate: RunGate, among buttons: [(title: String, decision: String)]) async -> String? {
    let actions = buttons.map { JSONValue.object(["title": .string($0.title)]) }
    do throws(CallFailure) {
      let reply = try await connection.call(
        "window/showMessageRequest",
        ["type": 3, "message": .string(Self.text(of: gate)), "actions": .array(actions)], within: nil)
      let title = reply["title"]?.stringValue
      return buttons.first { $0.title == title }?.decision
    } catch {
      // A client that can't ask is told where else the answer may be given.
      if case .refused = error { tell(gate) }
      return nil
    }
  }

  private func tell(_ gate: RunGate) {
    say(
      "\(Self.text(of: gate))\nAnswer it with the command `\(commandPrefix).approval.respond` "
        + "(approvalId \(gate.gate.id)), or in a terminal: ion approve \(gate.run.rawValue.prefix(8)) \(gate.gate.node)",
      type: 3)
  }

  private func say(_ text: String, type: Int64) {
    connection.notify("window/showMessage", ["type": .integer(type), "message": .string(text)])
  }

  private static func text(of gate: RunGate) -> String {
    let message = gate.gate.question?.message ?? ""
    var text = String(message.prefix(messageLength))
    if message.count > messageLength { text += " …" }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return "\(gate.gate.question?.title ?? gate.gate.node.rawValue)\n\(text)"
  }
}

/// Hears of the gates of a run for the dialog that asks about them.
final class GatePlatform: WorkflowPlatform {
  private let dialog: GateDialog
  private let gates: AsyncStream<RunGate>.Continuation
  private let task: Task<Void, Never>
  private let hasEnded = Guarded(false)

  /// Asks nothing before the request that set the run going is answered; nil where none did.
  init(_ dialog: GateDialog, behind context: RequestContext?) {
    self.dialog = dialog
    let (gates, sink) = AsyncStream<RunGate>.makeStream()
    self.gates = sink
    let (answered, end) = AsyncStream<Never>.makeStream()
    if let context { context.afterReply { end.finish() } } else { end.finish() }
    task = Task {
      for await _ in answered {}
      for await gate in gates { dialog.take(gate) }
    }
  }

  /// Whether the run has ended, as far as this connection was told.
  var isFinished: Bool { hasEnded.withLock { $0 } }

  func deliver(_ notices: [StoredNotice], of codebase: CodebaseID?) {
    for notice in notices {
      switch notice.notice {
      case .gate(let gate): gates.yield(RunGate(run: notice.run, gate: gate))
      case .progress(let progress): if !progress.status.isLive { hasEnded.withLock { $0 = true } }
      case .message, .artifact, .changes, .runDeleted: break
      }
    }
  }

  func outputArrived(_ arrival: OutputArrival) {}

  func end() {
    gates.finish()
    task.cancel()
  }
}
