internal import IonAgents
internal import IonLock
internal import IonScheduler
internal import IonWorkflow

/// Gives an agent's requests for leave their answers: by the node's policy where that has one, else by people, who are
/// asked one thing at a time.
final class PermissionDesk: Sendable {
  /// What people are asked now.
  private struct Question {
    var gate: GateID
    var request: String
    /// The agent's options by what people call them.
    var options: [String: String]
  }

  private struct State {
    /// How often people were asked in this attempt.
    var count = 0
    var question: Question?
    var waiting: [PermissionRequest] = []
  }

  private let policy: PermissionPolicy
  private let mask: SecretMask?
  private let gate: @Sendable (Int) -> GateID
  private let telling: StepTelling
  private let log: TurnLog
  private let reply: @Sendable (String, String?) -> Void
  private let state = Guarded(State())

  /// `gate` names the question of a number, from 1; `reply` gives the agent the option for a request, or none.
  init(
    _ policy: PermissionPolicy, _ mask: SecretMask?, _ telling: StepTelling, _ log: TurnLog,
    gate: @escaping @Sendable (Int) -> GateID,
    reply: @escaping @Sendable (String, String?) -> Void
  ) {
    self.policy = policy
    self.mask = mask
    self.telling = telling
    self.log = log
    self.gate = gate
    self.reply = reply
  }

  /// The agent asks.
  func take(_ request: PermissionRequest) {
    let verdict = policy.verdict(on: request)
    let request = mask.map(request.masked) ?? request
    guard verdict == .asked, !request.options.isEmpty else {
      let option = PermissionPolicy.option(verdict, of: request)
      log.say("? \(request.title): \(Self.words(verdict, option))")
      return reply(request.id, option)
    }
    log.say("? \(request.title)")
    state.withLock { $0.waiting.append(request) }
    askNext()
  }

  /// The agent doesn't ask any more.
  func withdraw(_ request: String) {
    let gate = state.withLock { state -> GateID? in
      state.waiting.removeAll { $0.id == request }
      guard state.question?.request == request else { return nil }
      return state.question.take()?.gate
    }
    guard let gate else { return }
    log.say("? withdrawn")
    telling.withdrew(gate)
    askNext()
  }

  /// The turn is over: nobody waits for an answer any more.
  func close() {
    let gate = state.withLock { state in
      state.waiting = []
      return state.question.take()?.gate
    }
    if let gate { telling.withdrew(gate) }
  }

  /// People have answered.
  func answer(_ gate: GateID, with answer: GateAnswer) {
    let question = state.withLock { state in state.question?.gate == gate ? state.question.take() : nil }
    guard let question else { return }
    log.say("? \(answer.decision), said \(answer.decidedBy)" + (answer.comment.map { ": \($0)" } ?? ""))
    reply(question.request, question.options[answer.decision])
    askNext()
  }

  private func askNext() {
    let asked = state.withLock { state -> GateQuestion? in
      guard state.question == nil, !state.waiting.isEmpty else { return nil }
      let request = state.waiting.removeFirst()
      state.count += 1
      let choices = PermissionChoices(request.options)
      let gate = gate(state.count)
      state.question = Question(gate: gate, request: request.id, options: choices.options)
      return GateQuestion(id: gate, message: request.question, decisions: choices.decisions)
    }
    if let asked { telling.asked(asked) }
  }

  private static func words(_ verdict: PermissionPolicy.Verdict, _ option: String?) -> String {
    switch (verdict, option) {
    case (.allowed, .some): "allowed by `allowed_tools`"
    case (.denied, .some): "denied by the node's tools"
    default: "refused, for none of its options says what is to be said"
    }
  }
}

/// An agent's options as those of a gate: what allows once is `approve`, what rejects once `reject`.
private struct PermissionChoices {
  var decisions: [Approval.Decision] = []
  /// The agent's options by the gate's.
  var options: [String: String] = [:]

  init(_ given: [PermissionRequest.Option]) {
    for (place, option) in given.enumerated() {
      let word =
        switch option.kind {
        case .allowOnce: Approval.approve
        case .rejectOnce: Approval.reject
        case .allowAlways: "allow-always"
        case .rejectAlways: "reject-always"
        case .other: "option-\(place + 1)"
        }
      let id = options[word] == nil ? word : "option-\(place + 1)"
      decisions.append(Approval.Decision(id: id, label: option.title.isEmpty ? id : option.title))
      options[id] = option.id
    }
  }
}

extension PermissionRequest {
  /// The same without secrets: it is cut afterwards, and half of one wouldn't be found.
  fileprivate func masked(by mask: SecretMask) -> PermissionRequest {
    var request = self
    request.title = mask.masked(shortened: title)
    if let tool {
      request.tool?.title = mask.masked(shortened: tool.title)
      request.tool?.input = tool.input.map(mask.masked(shortened:))
      request.tool?.paths = tool.paths.map(mask.masked(shortened:))
    }
    request.diff = diff.map(mask.masked(shortened:))
    return request
  }

  /// How much of a tool's input, and of a diff, people are shown, in bytes.
  private static let shown = 16 * 1024

  /// What people are asked, as Markdown.
  fileprivate var question: String {
    var parts = [title]
    if let tool {
      if tool.title != title { parts.append(tool.title) }
      if let name = tool.name, !title.contains(name) { parts.append("Tool: \(name)") }
      if !tool.paths.isEmpty { parts.append(tool.paths.map { "- \(Markdown.code($0))" }.joined(separator: "\n")) }
      if let input = tool.input, !title.contains(input) { parts.append(Self.block(input)) }
    }
    if let diff { parts.append(Self.block(diff, "diff")) }
    return parts.joined(separator: "\n\n")
  }

  private static func block(_ text: String, _ language: String = "") -> String {
    Markdown.block(Markdown.shortened(text, to: shown), language)
  }
}
