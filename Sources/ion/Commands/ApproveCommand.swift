internal import ArgumentParser
internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// What `ion approve` and `ion reject` take alike.
struct AnswerOptions: ParsableArguments {
  @Argument(help: "The run's id, or its first characters.")
  var run: String

  @Argument(help: "The node whose gate it is, or the gate's id; may be left out where one gate waits.")
  var gate: String?

  @Option(name: [.short, .long], help: "What you want to say about it.")
  var text: String?

  @Option(name: [.short, .long], help: "A value for the gate's form, as name=value; may be repeated.")
  var form: [String] = []

  @Option(name: .long, help: "A secret input of the run, as name=value; may be repeated.")
  var secret: [String] = []

  @OptionGroup var common: WorkspaceOptions
}

/// `ion approve`
struct ApproveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Answer a gate that a run waits at, and go on with the run.",
    discussion: """
      The run goes on here, and is shown, unless another process has it. Exit codes are those of `ion run`.

      EXAMPLES
        ion approve 7k2m
        ion approve 7k2m release --decision later --text "after the freeze"
        ion approve 7k2m --form version=1.4.0
      """)

  @Option(name: [.short, .long], help: "One of the gate's decisions, instead of `approve`.")
  var decision = Approval.approve

  @OptionGroup var options: AnswerOptions

  func run() async throws { try await AnswerGate(decision: decision, options: options).run() }
}

/// `ion reject`
struct RejectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reject", abstract: "Say no at a gate that a run waits at.",
    discussion: """
      Where the workflow makes no provision for that, the run is cancelled.

      EXAMPLES
        ion reject 7k2m --text "the tests are too slow"
      """)

  @OptionGroup var options: AnswerOptions

  func run() async throws { try await AnswerGate(decision: Approval.reject, options: options).run() }
}

/// Answers a gate, and goes on with its run.
private struct AnswerGate: Sendable {
  let decision: String
  let options: AnswerOptions

  func run() async throws {
    let signals = SignalWatch()
    try await Invocation.run(options.common) { invocation throws(CommandFailure) in
      let run = try await invocation.run(options.run)
      let gate = try await gate(of: run, invocation)
      var params: JSONObject = ["approvalId": .string(gate.approvalId.rawValue), "optionId": .string(decision)]
      params["comment"] = .optional(options.text)
      params["form"] = .object(try InputArguments.read(options.form, gate.form ?? [], option: "--form"))
      params["secrets"] = .object(try InputArguments.read(options.secret, [], option: "--secret"))
      _ = try await invocation.client.call(RespondToApproval.self, params)
      return try await RunFollower(invocation: invocation, run: run, signals: signals.signals).follow()
    }
  }

  private func gate(of run: RunID, _ invocation: Invocation) async throws(CommandFailure) -> ApprovalShape {
    let all = try await invocation.client.call(
      ListApprovals.self, ["runId": .string(run.rawValue), "limit": 1000]
    ).approvals
    let pending = all.filter { $0.state == .pending }
    if let name = options.gate {
      if let named = all.first(where: { $0.approvalId.rawValue == name || $0.nodeId.rawValue == name }) { return named }
      throw CommandFailure("Run \(run) has no gate `\(name)`\(Self.list(pending)).", code: .usage)
    }
    guard let only = pending.first else {
      throw CommandFailure("No gate of run \(run) waits for an answer.", code: .usage)
    }
    guard pending.count == 1 else {
      throw CommandFailure("Several gates of run \(run) wait; say which one\(Self.list(pending)).", code: .usage)
    }
    return only
  }

  private static func list(_ gates: [ApprovalShape]) -> String {
    gates.isEmpty ? "" : ": " + gates.prefix(10).map { "`\($0.nodeId)`" }.joined(separator: ", ")
  }
}
