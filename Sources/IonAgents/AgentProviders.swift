public import IonWorkflow

/// Where providers come from: those that were handed in, then those that the configuration defines.
public struct AgentProviders: Sendable {
  private let own: [String: any AgentProvider]

  /// `own` are found by their ids before any that the configuration defines: a program that embeds Ion brings its own agents.
  public init(_ own: [any AgentProvider] = []) {
    self.own = Dictionary(own.map { ($0.id, $0) }) { first, _ in first }
  }

  /// The provider of an id.
  /// - Throws: Why there is none, for people.
  public func provider(
    _ id: String, among definitions: [ProviderDefinition]
  ) throws(ProviderFault) -> any AgentProvider {
    if let provider = own[id] { return provider }
    guard let definition = definitions.first(where: { $0.id == id }) else {
      throw .unknown(id, hint: Spelling.hint(for: id, among: definitions.map(\.id) + own.keys))
    }
    switch definition.effectiveKind {
    case .command?:
      guard let command = definition.command else { throw .incomplete(id) }
      return CommandProvider(definition, command: command)
    case .acp?, .claude?, .codex?: throw .notRunnable(id, definition.effectiveKind?.rawValue ?? "")
    case nil: throw .incomplete(id)
    }
  }
}

/// Why there is no such provider.
public enum ProviderFault: Error, Hashable, Sendable, CustomStringConvertible {
  case unknown(String, hint: String?)
  /// It is of a kind that this version doesn't talk with.
  case notRunnable(String, String)
  /// Nothing says which program it is.
  case incomplete(String)

  /// What is wrong and what to do, without a full stop.
  public var description: String {
    switch self {
    case .unknown(let id, let hint):
      "no provider `\(id)` is configured (\(hint.map { $0 + "; " } ?? "")define it in `providers` of .ion/config.yaml)"
    case .notRunnable(let id, let kind):
      "the provider `\(id)` is of the kind `\(kind)`, which this version of Ion doesn't run yet; `kind: command` is"
    case .incomplete(let id):
      "the provider `\(id)` has no `command`; say in `providers` of .ion/config.yaml which program it is"
    }
  }
}
