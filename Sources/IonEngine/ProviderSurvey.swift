internal import IonAgents
internal import IonProcess
internal import IonWorkflow
internal import IonWorkflowFile

/// Looks at the providers of one place.
struct ProviderSurvey: Sendable {
  /// How long a provider may take to answer, and then to end: together less than editors wait.
  private static let patience = Duration.seconds(15)
  private static let grace = Duration.seconds(3)
  /// What they start as no run's.
  private static let owner: RunID = "+providers"

  private let root: AbsolutePath
  private let dependencies: WorkflowDependencies
  private let definitions: [ProviderDefinition]
  private let environment: StepEnvironment
  /// The ids that the configuration defines, or changes, or says to be the usual one.
  private let configured: Set<String>
  private let said: String?

  /// - Throws: `.unusable` where the configuration is broken.
  init(root: AbsolutePath, _ dependencies: WorkflowDependencies) throws(EngineFailure) {
    let loaded = ConfigLoader.load(root: root, dependencies)
    if let fault = loaded.fault { throw .unusable(fault) }
    self.root = root
    self.dependencies = dependencies
    definitions = dependencies.agents.definitions(under: loaded.config.providers)
    configured = Set(loaded.config.providers.map(\.id) + [loaded.config.provider].compactMap(\.self))
    environment = StepEnvironment(dependencies.environment, loaded.config, secrets: [])
    said = loaded.config.provider
  }

  /// All of them: those that were handed in, the configuration's, then what is only shipped; last the usual one where it
  /// is none of them.
  var listings: [ProviderListing] {
    let agents = dependencies.agents
    let others = definitions.filter { !agents.embedded.contains($0.id) }
    let present = agents.present(among: definitions, path: environment["PATH"], from: root)
    let usual = said ?? (present.count == 1 ? present.first : nil)
    let known = agents.embedded + others.map(\.id)
    let unknown = [said].compactMap(\.self).filter { !known.contains($0) }
    return (known + unknown).map { listing($0, usual) }
  }

  private func listing(_ id: String, _ usual: String?) -> ProviderListing {
    let isEmbedded = dependencies.agents.embedded.contains(id)
    var listing = ProviderListing(
      id: id, source: isEmbedded ? .embedded : configured.contains(id) ? .configured : .shipped)
    listing.definition = definitions.first { $0.id == id }
    listing.shipped = dependencies.agents.shipped.first { $0.id == id }
    listing.isDefault = id == usual
    if !isEmbedded, let definition = listing.definition {
      switch AgentProviders.program(of: definition, path: environment["PATH"], from: root) {
      case .found(let program): listing.program = program
      case .absent(let failure): listing.fault = failure.clause
      case .unsaid: break
      }
    }
    do throws(ProviderFault) {
      let provider = try dependencies.agents.provider(id, among: definitions)
      listing.abilities = AgentAbility.allCases.filter(provider.abilities.contains)
      listing.heldByIon = AgentAbility.allCases.filter {
        provider.heldByIon.contains($0) && !provider.abilities.contains($0)
      }
    } catch {
      listing.isRunnable = listing.fault != nil
      listing.fault = listing.fault ?? "\(error)"
    }
    return listing
  }

  /// Tries some of them side by side, and says what came of each in their order. A task that is cancelled ends what was
  /// started for it.
  func checkUp(_ listings: [ProviderListing]) async -> [ProviderCheck] {
    await withTaskGroup(of: (Int, ProviderCheck).self) { group in
      for (index, listing) in listings.enumerated() { group.addTask { (index, await check(listing)) } }
      var checks: [Int: ProviderCheck] = [:]
      for await (index, check) in group { checks[index] = check }
      return listings.indices.compactMap { checks[$0] }
    }
  }

  private func check(_ listing: ProviderListing) async -> ProviderCheck {
    let checkup = await checkup(of: listing)
    var check = ProviderCheck(listing, checkup, hint: checkup.hint)
    check.hint = check.hint ?? hint(for: check)
    return check
  }

  private func checkup(of listing: ProviderListing) async -> AgentCheckup {
    var checkup = AgentCheckup(program: listing.program)
    if let fault = listing.fault {
      checkup.failure = AgentFailure(.unstartable, fault)
      return checkup
    }
    let request = request(for: listing)
    defer { FileAccess.remove(request.folder) }
    do {
      try FileAccess.makeFolder(request.root)
      let provider = try dependencies.agents.provider(listing.id, among: definitions)
      checkup = await CheckupWatch(provider: provider, request: request).checkUp()
      checkup.program = checkup.program ?? listing.program
    } catch let failure as EngineFailure {
      checkup.failure = AgentFailure(.unrecorded, failure.message)
    } catch {
      checkup.failure = AgentFailure(.unstartable, "\(error)")
    }
    return checkup
  }

  private func request(for listing: ProviderListing) -> AgentRequest {
    let salt = UInt32.random(in: 0 ... .max)
    let own = (listing.definition?.environment ?? []).map { ($0.name, $0.value) }
    var request = AgentRequest(
      prompt: "", workingPath: root, environment: environment.entries + own,
      marker: StepMarker.of(Self.owner, NodeID(listing.id), attempt: 0, salt: salt),
      folder: dependencies.lockFolder.appending("checkup-\(String(salt, radix: 36))"), root: dependencies.lockFolder,
      grace: Self.grace, run: Self.owner, node: NodeID(listing.id))
    request.timeout = Self.patience
    return request
  }

  private func hint(for check: ProviderCheck) -> String? {
    switch check.condition {
    case .ready, .untried: nil
    case .signInNeeded: check.listing.shipped?.signIn ?? "sign in with the agent's own program"
    case .missing:
      check.listing.shipped.map { "install it (\($0.page))" }
        ?? "install it, or say in `providers` of .ion/config.yaml which `command` it is"
    case .failing: hint(forFailing: check)
    }
  }

  /// What to do about an agent that is here and doesn't do as it should; nil where what went wrong says it.
  private func hint(forFailing check: ProviderCheck) -> String? {
    guard check.listing.fault == nil, let failure = check.checkup.failure else { return nil }
    let page = check.listing.shipped.map { " (\($0.page))" } ?? ""
    switch failure.kind {
    case .rateLimited, .overloaded: return "try again later"
    case .unsupported: return "update it\(page)"
    case .protocolFault:
      return "look whether it is an agent of this `kind`, and whether its `args` start it as one\(page)"
    case .authentication, .refusal, .unstartable, .exited, .signalled, .crashed, .cutShort, .budget, .timedOut,
      .idledOut,
      .unrecorded:
      return check.listing.definition?.commandLine.map { "start `\($0)` by hand, and see what it says\(page)" }
    }
  }
}

extension ProviderDefinition {
  /// The program with what follows it, as far as that is always there, at most so long that it can be shown; nil where there
  /// is no program.
  fileprivate var commandLine: String? {
    guard let program else { return nil }
    let words = (arguments ?? []).flatMap(\.words).filter { !$0.contains("{") && !$0.contains(where: \.isNewline) }
    let line = ([program] + words).joined(separator: " ")
    return line.count > 120 ? program : line
  }
}
