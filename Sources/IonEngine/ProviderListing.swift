public import IonAgents
public import IonWorkflow

/// A provider as a place has it, before anything of it is started.
public struct ProviderListing: Hashable, Sendable {
  /// Who says that there is such a provider.
  public enum Source: String, CaseIterable, Codable, Sendable {
    case shipped, configured, embedded
  }

  public var id: String
  public var source: Source
  /// What it is started from; nil for one that was handed in, and that no configuration speaks of.
  public var definition: ProviderDefinition?
  /// What Ion knows of the agent without being told.
  public var shipped: ShippedProvider?
  /// Where its program was found.
  public var program: String?
  /// Whether it is taken where no run, node or workflow says another.
  public var isDefault = false
  /// What of a turn's request it acts on, in the order of the words.
  public var abilities: [AgentAbility] = []
  /// What Ion holds it to as far as it lets that be done, in the same order.
  public var heldByIon: [AgentAbility] = []
  /// Whether this version can talk with it, once its program is here.
  public var isRunnable = true
  /// Why it takes no turns, for people; nil where nothing is known against it.
  public var fault: String?

  public init(id: String, source: Source) {
    self.id = id
    self.source = source
  }
}

/// What came of trying a provider.
public struct ProviderCheck: Hashable, Sendable {
  public enum Condition: String, CaseIterable, Codable, Sendable {
    case ready, untried, signInNeeded, missing, failing
  }

  public var listing: ProviderListing
  public var checkup: AgentCheckup
  /// What to do about what is wrong, for people; nil where nothing is.
  public var hint: String?

  public init(_ listing: ProviderListing, _ checkup: AgentCheckup, hint: String?) {
    self.listing = listing
    self.checkup = checkup
    self.hint = hint
  }

  public var condition: Condition {
    switch checkup.failure?.kind {
    case .authentication?: .signInNeeded
    case nil where !checkup.wasTried: .untried
    case nil: checkup.authentication == .needed ? .signInNeeded : .ready
    case .unstartable? where checkup.program == nil && listing.isRunnable: .missing
    case .rateLimited?, .overloaded?, .refusal?, .unstartable?, .unsupported?, .exited?, .signalled?, .crashed?,
      .protocolFault?, .cutShort?, .budget?, .timedOut?, .idledOut?, .unrecorded?:
      .failing
    }
  }
}
