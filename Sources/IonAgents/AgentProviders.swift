public import IonProcess
public import IonWorkflow

/// Where providers come from: those that were handed in, then those that the configuration defines, laid over those that
/// Ion ships.
public struct AgentProviders: Sendable {
  private let own: [any AgentProvider]
  /// What Ion knows without being told.
  public let shipped: [ShippedProvider]

  /// What agents are told of a program whose version nobody said.
  public static let unknownVersion = "unknown"

  /// The version of the program, which agents are told.
  private let version: String

  /// `own` are found by their ids before any that the configuration defines: a program that embeds Ion brings its own agents.
  public init(
    _ own: [any AgentProvider] = [], shipped: [ShippedProvider] = ShippedProvider.all, version: String = unknownVersion
  ) {
    self.own = own
    self.shipped = shipped
    self.version = version
  }

  /// Every provider that has a definition: the configuration's in its order, then those that it says nothing of.
  public func definitions(under configured: [ProviderDefinition]) -> [ProviderDefinition] {
    let known = configured.map { entry in shipped.first { $0.id == entry.id }?.beneath(entry) ?? entry }
    return known + shipped.filter { row in !configured.contains { $0.id == row.id } }.map(\.definition)
  }

  /// The provider of an id, among definitions as `definitions(under:)` makes them.
  /// - Throws: Why there is none, for people.
  public func provider(
    _ id: String, among definitions: [ProviderDefinition]
  ) throws(ProviderFault) -> any AgentProvider {
    if let provider = own.first(where: { $0.id == id }) { return provider }
    guard let definition = definitions.first(where: { $0.id == id }) else {
      throw .unknown(id, hint: Spelling.hint(for: id, among: definitions.map(\.id) + own.map(\.id)))
    }
    switch definition.effectiveKind {
    case .command?:
      guard let command = definition.command else { throw .incomplete(id) }
      return CommandProvider(definition, command: command)
    case .acp?:
      guard let provider = ACPProvider(definition, clientVersion: version) else { throw .incomplete(id) }
      return provider
    case .claude?: return ClaudeProvider(definition)
    case .codex?: return CodexProvider(definition)
    case nil: throw .incomplete(id)
    }
  }

  /// The ids of those that are there: all that were handed in, and those whose program is found, in the order of their
  /// definitions. Nothing is started.
  public func present(
    among definitions: [ProviderDefinition], path: String?, from folder: AbsolutePath
  ) -> [String] {
    let others = definitions.filter { definition in
      guard !own.contains(where: { $0.id == definition.id }) else { return false }
      if case .found = Self.program(of: definition, path: path, from: folder) { return true }
      return false
    }
    return own.map(\.id) + others.map(\.id)
  }

  /// The ids of those that were handed in.
  public var embedded: [String] { own.map(\.id) }

  /// What comes of looking for a provider's program.
  public enum ProgramPlace: Hashable, Sendable {
    /// Its absolute path.
    case found(String)
    case absent(ProcessFailure)
    /// Nothing says which program it is.
    case unsaid
  }

  /// Looks for the program of a definition as a step with this `PATH` would, unless the definition sets one of its own.
  public static func program(
    of definition: ProviderDefinition, path: String?, from folder: AbsolutePath
  ) -> ProgramPlace {
    guard let program = definition.program else { return .unsaid }
    let own = definition.environment.last { $0.name == "PATH" }?.value
    do throws(ProcessFailure) {
      return .found(try ProgramSearch.locate(program, path: own ?? path, from: folder))
    } catch {
      return .absent(error)
    }
  }
}

/// Why there is no such provider.
public enum ProviderFault: Error, Hashable, Sendable, CustomStringConvertible {
  case unknown(String, hint: String?)
  /// Nothing says which program it is.
  case incomplete(String)

  /// What is wrong and what to do, without a full stop.
  public var description: String {
    switch self {
    case .unknown(let id, let hint):
      "no provider `\(id)` is configured (\(hint.map { $0 + "; " } ?? "")define it in `providers` of .ion/config.yaml)"
    case .incomplete(let id):
      "the provider `\(id)` has no `command`; say in `providers` of .ion/config.yaml which program it is"
    }
  }
}
