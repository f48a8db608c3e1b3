public import IonJSON

/// One entry of `providers` in the configuration: which program an agent is, and how it is started.
public struct ProviderDefinition: Hashable, Sendable {
  /// How Ion talks with the agent.
  public enum Kind: String, CaseIterable, Sendable {
    /// Any program: the prompt on its stdin, the answer on its stdout.
    case command
    /// An agent that speaks the Agent Client Protocol.
    case acp
    /// Claude Code, without an adapter.
    case claude
    /// Codex, without an adapter.
    case codex
  }

  /// What a `command` provider prints to its stdout.
  public enum ResultForm: String, CaseIterable, Sendable {
    /// The answer.
    case text
    /// One JSON document that has the answer in it.
    case json
  }

  /// One part of the command line. It is left out where it has a placeholder for something that a turn doesn't have.
  public struct Argument: Hashable, Sendable {
    public var words: [String]

    public init(_ words: [String]) { self.words = words }
  }

  /// A variable that the program gets beside those of the step.
  public struct Variable: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  public var id: String
  /// Nil where the configuration leaves it to the rest: see `effectiveKind`.
  public var kind: Kind?
  /// The program; nil where the kind has one of its own.
  public var command: String?
  /// What follows the program; nil where nothing is said.
  public var arguments: [Argument]?
  /// In the file's order; names are unique.
  public var environment: [Variable]
  /// The model where neither the run nor the workflow says one.
  public var model: String?
  /// The mode that an `acp` agent's sessions are put into, by its id; nil for the agent's own choice.
  public var mode: String?
  /// Nil where nothing is said, which is `text`.
  public var result: ResultForm?
  /// `settingSources`, and keys that are read but not acted on by this version: key and value, in the file's order.
  public var other: JSONObject

  public init(id: String) {
    self.id = id
    kind = nil
    command = nil
    arguments = nil
    environment = []
    model = nil
    mode = nil
    result = nil
    other = [:]
  }

  /// The kind that is said, else the one that the provider is called after, else `command` where there is one; nil where
  /// none of that holds.
  public var effectiveKind: Kind? {
    kind ?? Kind(rawValue: id).flatMap { $0 == .command ? nil : $0 } ?? (command == nil ? nil : .command)
  }

  /// The program that is started: what is said, else what the kind's own program is called; nil where neither is.
  public var program: String? {
    switch effectiveKind {
    case .claude?, .codex?: command ?? effectiveKind?.rawValue
    case .acp?, .command?, nil: command
    }
  }

  /// This definition where it says something, and the other one where it doesn't; variables go by name.
  public func over(_ base: ProviderDefinition) -> ProviderDefinition {
    var result = base
    result.kind = kind ?? base.kind
    result.command = command ?? base.command
    result.arguments = arguments ?? base.arguments
    result.model = model ?? base.model
    result.mode = mode ?? base.mode
    result.result = self.result ?? base.result
    result.environment =
      base.environment.filter { entry in !environment.contains { $0.name == entry.name } } + environment
    for member in other.members { result.other[member.key] = member.value }
    return result
  }
}
