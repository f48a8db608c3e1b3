internal import ArgumentParser
internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// `ion gates`
struct GatesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gates", abstract: "List the gates that wait for an answer here.",
    discussion: """
      EXAMPLES
        ion gates
        ion gates --json | jq -r '.approvals[].approvalId'
      """)

  @OptionGroup var common: WorkspaceOptions

  func run() async throws {
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      let page = try await invocation.client.call(
        ListApprovals.self,
        ["codebaseId": .string(invocation.codebase.rawValue), "state": "pending", "limit": 1000])
      if invocation.isJSON {
        Console.line(Decoded.json(page).serializedText())
        return .succeeded
      }
      if page.approvals.isEmpty { Console.line("No gate waits for an answer here.") }
      let style = Style(isOn: Console.isColoured)
      for gate in page.approvals { Console.lines(GateText.lines(gate, style: style)) }
      return .succeeded
    }
  }
}
