internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// Asks the person at the terminal whenever the run waits for answers alone, one gate after the other.
struct GateAsking {
  let invocation: Invocation
  let run: RunID
  /// Begins to hear what the person types.
  let read: () -> Void
  /// The gate that is asked now; nil while none is.
  private(set) var prompt: GatePrompt?
  private var isReading = false
  /// Whether the person wants to decide later: nothing is asked any more.
  private var hasLeft: Bool

  init(invocation: Invocation, run: RunID, read: @escaping () -> Void) {
    self.invocation = invocation
    self.run = run
    self.read = read
    hasLeft = !invocation.isLive || !Console.canAsk
  }

  /// Whether the person is being asked, so that nothing is over yet; asks where the run waits, and nobody does.
  mutating func wantsAnswer(of screen: inout any RunScreen) async throws(CommandFailure) -> Bool {
    guard !hasLeft else { return false }
    guard screen.waitsForAnswers else {
      // It was answered elsewhere, or its time is over.
      if prompt != nil { Console.line() }
      prompt = nil
      return false
    }
    if let asked = prompt, try await isPending(asked.gate.approvalId) { return true }
    let waiting = try await invocation.client.call(GetStatus.self, ["runId": .string(run.rawValue)])
    guard waiting.status == .awaitingApproval, let gate = waiting.approvals?.first else {
      // News of that is on its way.
      screen.goOn()
      return true
    }
    // What was typed before the question is dropped there; what is typed once it is seen counts.
    if !isReading { read() }
    isReading = true
    let style = Style(isOn: Console.isColoured)
    screen.leave(GateText.question(gate, style: style))
    let prompt = GatePrompt(gate)
    self.prompt = prompt
    Console.write(prompt.question)
    return true
  }

  private func isPending(_ gate: GateID) async throws(CommandFailure) -> Bool {
    let now = try await invocation.client.call(GetStatus.self, ["runId": .string(run.rawValue)])
    return now.approvals?.contains { $0.approvalId == gate } ?? false
  }

  /// Takes what the person typed.
  mutating func take(_ line: String?, on screen: inout any RunScreen) async throws(CommandFailure) {
    guard var asked = prompt else { return }
    let step = asked.take(line)
    prompt = asked
    switch step {
    case .ask(let words): Console.write(words)
    case .leave:
      Console.line()
      hasLeft = true
      prompt = nil
    case .answer(let params):
      prompt = nil
      do throws(CommandFailure) {
        _ = try await invocation.client.call(RespondToApproval.self, params)
        screen.goOn()
      } catch {
        // The gate stands as it stood; it is asked again, unless somebody else was faster.
        Console.warn(error.message)
      }
    }
  }
}
