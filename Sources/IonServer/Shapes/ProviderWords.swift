internal import IonAgents
public import IonEngine
public import IonWorkflow

extension ProviderDefinition.Kind: WireWord {
  public static let schemaName = "ProviderKind"

  public var meaning: String {
    switch self {
    case .command: "Any program: the prompt on its stdin, the answer on its stdout."
    case .acp: "An agent that speaks the Agent Client Protocol."
    case .claude: "Claude Code, without an adapter."
    case .codex: "Codex, without an adapter."
    }
  }
}

extension ProviderListing.Source: WireWord {
  public static let schemaName = "ProviderSource"

  public var meaning: String {
    switch self {
    case .shipped: "Ion knows it without being told."
    case .configured: "The configuration defines it, or changes what is shipped."
    case .embedded: "The program that Ion is a part of brought it."
    }
  }
}

extension ProviderCheck.Condition: WireWord {
  public static let schemaName = "ProviderCondition"

  public var meaning: String {
    switch self {
    case .ready: "It answers, as far as can be known without a prompt."
    case .untried: "Its program is here. It is a `command`, which answers nothing but prompts: it wasn't started."
    case .signInNeeded: "It is there, and wants its user to sign in."
    case .missing: "Its program isn't here; nothing was started."
    case .failing: "It is there and can't be used; `error` says why."
    }
  }
}

/// Whether an agent takes who asks for somebody it serves.
public enum AuthenticationState: String, WireWord, Hashable {
  case unknown, done, needed

  public static let schemaName = "AuthenticationState"

  public var meaning: String {
    switch self {
    case .unknown: "It can't be known without a prompt."
    case .done: "It does."
    case .needed: "Its user has to sign in first."
    }
  }

  init(_ authentication: AgentCheckup.Authentication) {
    switch authentication {
    case .unknown: self = .unknown
    case .done: self = .done
    case .needed: self = .needed
    }
  }
}
