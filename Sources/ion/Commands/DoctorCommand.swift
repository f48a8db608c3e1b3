internal import ArgumentParser
internal import IonEngine
internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// `ion doctor`
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check that Ion can work here, and say what to do where it can't.",
    discussion: """
      Agents are started as far as they go without a prompt: nothing is asked, and nothing is paid for.

      EXAMPLES
        ion doctor
        ion doctor claude     everything about one agent
      """)

  @Argument(help: "Only this agent provider.")
  var provider: String?

  @OptionGroup var common: WorkspaceOptions

  func run() async throws {
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      if let provider { return try await check(provider, invocation) }
      var checkup = Checkup()
      let status = try await invocation.client.call(ServerStatus.self)
      checkup.note(.good, "ion", "\(status.version), process \(status.pid)")
      checkup.note(.good, "codebase", "\(invocation.codebase) at \(invocation.root)")
      checkup.programs()
      checkup.folders()
      checkup.stores(status.stores.filter { $0.codebaseId == invocation.codebase })
      try await checkup.configuration(invocation)
      try await checkup.workflows(invocation)
      try await checkup.providers(invocation)
      checkup.show(asJSON: invocation.isJSON)
      return checkup.isGood ? .succeeded : .failed
    }
  }

  private func check(_ provider: String, _ invocation: Invocation) async throws(CommandFailure) -> ExitStatus {
    let result = try await invocation.client.call(
      DoctorProviders.self,
      ["codebaseId": .string(invocation.codebase.rawValue), "providerId": .string(provider)])
    if invocation.isJSON {
      Console.line(Decoded.json(result).serializedText())
    } else {
      let style = Style(isOn: Console.isColoured)
      for check in result.checks { Console.lines(ProviderText.whole(check, style: style)) }
    }
    return result.checks.allSatisfy(\.mayTakeTurns) ? .succeeded : .failed
  }
}
