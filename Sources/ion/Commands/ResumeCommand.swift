internal import ArgumentParser
internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// `ion resume`
struct ResumeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with a run where it failed, was cancelled or was killed.",
    discussion: """
      What succeeded is kept while what it read is unchanged; everything else is run again.

      EXAMPLES
        ion resume 7k2m
        ion resume 7k2m --current             go on with what stands in the workflow's file today
        ion resume 7k2m --secret TOKEN=abc    secrets are never stored, and have to be given again
      """)

  @Argument(help: "The run's id, or its first characters.")
  var run: String

  @Option(name: .long, help: "A secret input, as name=value; may be repeated.")
  var secret: [String] = []

  @Flag(name: .long, help: "Take today's definition; keep what is unchanged with all that it depends on.")
  var current = false

  @OptionGroup var common: WorkspaceOptions

  func run() async throws {
    let signals = SignalWatch()
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      let id = try await invocation.run(run)
      let secrets = try InputArguments.read(secret, [], option: "--secret")
      _ = try await invocation.client.call(
        ResumeWorkflow.self,
        ["runId": .string(id.rawValue), "secrets": .object(secrets), "withCurrent": .bool(current)])
      return try await RunFollower(invocation: invocation, run: id, signals: signals.signals).follow()
    }
  }
}

/// `ion rerun`
struct RerunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rerun", abstract: "Run a run again as a new one, from the start or from a node.",
    discussion: """
      With --from, everything that is not downstream of the node is taken over from the earlier run.

      EXAMPLES
        ion rerun 7k2m
        ion rerun 7k2m --from test
      """)

  @Argument(help: "The run's id, or its first characters.")
  var run: String

  @Option(name: .long, help: "The first node to run again.")
  var from: String?

  @Option(name: [.short, .long], help: "Another value for an input, as name=value; may be repeated.")
  var input: [String] = []

  @Flag(name: .long, inversion: .prefixedNo, help: "Whether nodes with `cache` may take over earlier successes.")
  var cache = true

  @OptionGroup var common: WorkspaceOptions

  func run() async throws {
    let signals = SignalWatch()
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      let id = try await invocation.run(run)
      let inputs = try InputArguments.read(input, [])
      let started = try await invocation.client.call(
        RerunWorkflow.self,
        [
          "runId": .string(id.rawValue), "fromNodeId": .optional(from), "inputs": .object(inputs),
          "cache": .bool(cache),
        ])
      return try await RunFollower(invocation: invocation, run: started.runId, signals: signals.signals).follow()
    }
  }
}

/// `ion cancel`
struct CancelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancel a run, or one node of it.",
    discussion: """
      A run of another process can't be cancelled from here: press Ctrl-C there, or cancel it in the editor that runs it.

      EXAMPLES
        ion cancel 7k2m --reason "wrong branch"
      """)

  @Argument(help: "The run's id, or its first characters.")
  var run: String

  @Option(name: .long, help: "Only this node.")
  var node: String?

  @Option(name: .long, help: "Why, for the record.")
  var reason: String?

  @Flag(name: .long, help: "Kill what runs at once.")
  var force = false

  @OptionGroup var common: WorkspaceOptions

  func run() async throws {
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      let id = try await invocation.run(run)
      let run = try await invocation.client.call(
        CancelWorkflow.self,
        [
          "runId": .string(id.rawValue), "nodeId": .optional(node), "reason": .optional(reason), "force": .bool(force),
        ])
      Console.line(
        invocation.isJSON
          ? Decoded.json(run).serializedText() : RunText.line(run, style: Style(isOn: Console.isColoured)))
      return .succeeded
    }
  }
}
