internal import IonAgents
internal import IonEngine
internal import IonWorkflow

extension Sample {
  static let provider: ProviderListing = {
    var listing = shipped("claude")
    listing.source = .configured
    listing.definition?.model = "opus"
    listing.program = "/home/ada/.local/bin/claude"
    listing.isDefault = true
    listing.abilities = [.model, .effort, .systemPrompt, .mcp, .allowedTools, .deniedTools, .sessions, .budget]
    return listing
  }()

  static let missingProvider: ProviderListing = {
    var listing = shipped("goose")
    listing.fault = "the program `goose` is not on PATH"
    listing.abilities = [.model, .effort, .systemPrompt, .mcp, .sessions]
    listing.heldByIon = [.allowedTools, .deniedTools, .budget]
    return listing
  }()

  static let providerChecks: [ProviderCheck] = {
    var ready = AgentCheckup(program: provider.program)
    ready.version = "2.1.0 (Claude Code)"
    ready.duration = .milliseconds(412)
    var gemini = shipped("gemini")
    gemini.program = "/usr/local/bin/gemini"
    var asking = AgentCheckup(program: gemini.program)
    asking.version = "0.50.0"
    asking.protocolVersion = "1"
    asking.authentication = .needed
    asking.signIns = [AgentCheckup.SignIn(id: "oauth-personal", name: "Log in with Google")]
    asking.duration = .milliseconds(1_730)
    var missing = AgentCheckup()
    missing.failure = AgentFailure(.unstartable, missingProvider.fault ?? "")
    return [
      ProviderCheck(provider, ready, hint: nil),
      ProviderCheck(gemini, asking, hint: gemini.shipped?.signIn),
      ProviderCheck(
        missingProvider, missing, hint: "install it (\(missingProvider.shipped?.page ?? ""))"),
    ]
  }()

  private static func shipped(_ id: String) -> ProviderListing {
    var listing = ProviderListing(id: id, source: .shipped)
    listing.shipped = ShippedProvider.all.first { $0.id == id }
    listing.definition = listing.shipped?.definition
    return listing
  }
}
