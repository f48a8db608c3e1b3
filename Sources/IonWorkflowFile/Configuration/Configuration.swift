public import IonWorkflow

/// What `.ion/config.yaml` and the user's own `config.yaml` say. Absent keys are nil or empty; who uses them knows the
/// defaults.
public struct Configuration: Hashable, Sendable {
  /// The id of the agent provider that workflows without one use.
  public var provider: String?
  /// In the file's order; ids are unique.
  public var providers: [ProviderDefinition] = []
  /// Folders with more workflow files, relative to the file's own workspace or absolute.
  public var workflowPaths: [String] = []
  /// What a step sees of the environment of Ion's own process; nil leaves it to the next configuration.
  public var inheritance: EnvironmentInheritance?
  /// What is added to every step's environment, in the file's order; names are unique.
  public var environment: [EnvironmentValue] = []
  public var slots = SlotConfiguration()
  /// The limits that differ from Ion's own.
  public var limits: [LimitName: Int] = [:]

  public init() {}

  /// How much of a file readers take on.
  public var readingLimits: ReadingLimits {
    var result = ReadingLimits.standard
    result.bytes = limits[.workflowBytes] ?? result.bytes
    result.nodes = limits[.workflowNodes] ?? result.nodes
    result.aliasExpansion = limits[.aliasExpansion] ?? result.aliasExpansion
    return result
  }

  /// This configuration where it says something, and the other one where it doesn't: providers go by id, the
  /// environment by name, and the folders of both are looked at, these first.
  public func over(_ base: Configuration) -> Configuration {
    var result = self
    result.provider = provider ?? base.provider
    result.inheritance = inheritance ?? base.inheritance
    result.slots.shells = slots.shells ?? base.slots.shells
    result.slots.agents = slots.agents ?? base.slots.agents
    result.limits.merge(base.limits) { own, _ in own }
    result.workflowPaths += base.workflowPaths.filter { path in
      !workflowPaths.contains { $0.utf8.elementsEqual(path.utf8) }
    }
    result.environment =
      base.environment.filter { entry in !environment.contains { $0.name.utf8.elementsEqual(entry.name.utf8) } }
      + environment
    result.providers =
      providers.map { own in
        base.providers.first { $0.id.utf8.elementsEqual(own.id.utf8) }.map(own.over) ?? own
      } + base.providers.filter { entry in !providers.contains { $0.id.utf8.elementsEqual(entry.id.utf8) } }
    return result
  }
}

/// `env.inherit`: which variables of Ion's own environment a step gets. `ION_*` is never among them.
public enum EnvironmentInheritance: Hashable, Sendable {
  case all
  /// What programs need to work at all: `PATH`, `HOME`, the locale and the like.
  case minimal
  /// These alone.
  case names([String])
}

/// One variable that the configuration sets.
public struct EnvironmentValue: Hashable, Sendable {
  public var name: String
  public var value: String

  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// How many steps may run at once in the whole process; nil leaves it to Ion.
public struct SlotConfiguration: Hashable, Sendable {
  public var shells: Int?
  public var agents: Int?

  public init() {}
}

/// What `limits` may set.
public enum LimitName: String, CaseIterable, Sendable {
  case workflowBytes = "workflow_bytes"
  case workflowNodes = "workflow_nodes"
  case aliasExpansion = "alias_expansion"
  case frameBytes = "frame_bytes"
  case requestsInFlight = "requests_in_flight"
  case environmentBytes = "environment_bytes"

  /// What the limit bounds.
  public var summary: String {
    switch self {
    case .workflowBytes: "The size of a workflow file."
    case .workflowNodes: "The nodes of a workflow file."
    case .aliasExpansion: "How many times its written size a workflow file may come to by aliases."
    case .frameBytes: "The size of a message; in the user's own configuration only."
    case .requestsInFlight: "The requests of one client that are being answered; in the user's own configuration only."
    case .environmentBytes: "The size of a step's environment."
    }
  }
}
