public import IonWorkflow

/// An agent that Ion knows without being told of it: a row of data, over which the configuration is laid.
public struct ShippedProvider: Hashable, Sendable {
  public var definition: ProviderDefinition
  /// What people call it.
  public var title: String
  /// Where people learn how it is installed.
  public var page: String
  /// How they sign in to it: an imperative without its full stop.
  public var signIn: String

  public init(
    _ id: String, _ kind: ProviderDefinition.Kind, _ command: String, _ arguments: [String] = [], title: String,
    page: String, signIn: String
  ) {
    definition = ProviderDefinition(id: id)
    definition.kind = kind
    definition.command = command
    definition.arguments = arguments.isEmpty ? nil : arguments.map { ProviderDefinition.Argument([$0]) }
    self.title = title
    self.page = page
    self.signIn = signIn
  }

  public var id: String { definition.id }

  /// Every one of them, in the order in which they are listed.
  public static let all = [
    ShippedProvider(
      "claude", .claude, "claude", title: "Claude Code", page: "https://code.claude.com/docs",
      signIn: "start `claude` once and sign in there"),
    ShippedProvider(
      "codex", .codex, "codex", title: "Codex", page: "https://github.com/openai/codex", signIn: "run `codex login`"),
    ShippedProvider(
      "gemini", .acp, "gemini", ["--acp"], title: "Gemini CLI", page: "https://github.com/google-gemini/gemini-cli",
      signIn: "start `gemini` once and sign in there"),
    ShippedProvider(
      "goose", .acp, "goose", ["acp"], title: "Goose", page: "https://github.com/block/goose",
      signIn: "run `goose configure`"),
    ShippedProvider(
      "opencode", .acp, "opencode", ["acp"], title: "OpenCode", page: "https://opencode.ai",
      signIn: "run `opencode auth login`"),
    ShippedProvider(
      "copilot", .acp, "copilot", ["--acp", "--stdio"], title: "GitHub Copilot CLI",
      page: "https://github.com/github/copilot-cli", signIn: "start `copilot` once and use `/login` there"),
    ShippedProvider(
      "cursor", .acp, "cursor-agent", ["acp"], title: "Cursor", page: "https://cursor.com/cli",
      signIn: "run `cursor-agent login`"),
    ShippedProvider(
      "vibe", .acp, "vibe-acp", title: "Mistral Vibe", page: "https://github.com/mistralai/mistral-vibe",
      signIn: "run `vibe --setup`"),
  ]

  /// What the configuration says over what is shipped. Where it says another kind, nothing of what is shipped belongs to
  /// it: the arguments are another protocol's.
  func beneath(_ configured: ProviderDefinition) -> ProviderDefinition {
    guard configured.kind == nil || configured.kind == definition.kind else { return configured }
    return configured.over(definition)
  }
}
