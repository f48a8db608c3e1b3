internal import ArgumentParser
internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// `ion why`
struct WhyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Explain why a node of a run ran, was skipped, or ran again.",
    discussion: """
      For a node with `cache` it says what was not the same as when it last succeeded.

      EXAMPLES
        ion why 7k2m test
        ion why 7k2m 'build[linux]'
      """)

  @Argument(help: "The run's id, or its first characters.")
  var run: String

  @Argument(help: "The node's id.")
  var node: String

  @OptionGroup var common: WorkspaceOptions

  func run() async throws {
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      let id = try await invocation.run(run)
      let answer = try await invocation.client.call(
        ExplainNode.self, ["runId": .string(id.rawValue), "nodeId": .string(node)])
      Console.line(invocation.isJSON ? Decoded.json(answer).serializedText() : TerminalText.plain(answer.reason))
      return .succeeded
    }
  }
}
