import Foundation
import IonAgents
import IonWorkflow
import Testing

/// The agents that Ion knows without being told, and what the configuration makes of them.
@Suite struct ShippedProviderTests {
  @Test func eachSaysHowItIsStarted() {
    let lines = ShippedProvider.all.map { row in
      let words = [row.definition.command ?? ""] + (row.definition.arguments ?? []).flatMap(\.words)
      return "\(row.id): \(row.definition.effectiveKind?.rawValue ?? "-") \(words.joined(separator: " "))"
    }
    #expect(
      lines == [
        "claude: claude claude", "codex: codex codex", "gemini: acp gemini --acp", "goose: acp goose acp",
        "opencode: acp opencode acp", "copilot: acp copilot --acp --stdio", "cursor: acp cursor-agent acp",
        "vibe: acp vibe-acp",
      ])
    for row in ShippedProvider.all {
      #expect(!row.title.isEmpty && row.page.hasPrefix("https://") && !row.signIn.hasSuffix("."))
    }
  }

  @Test func eachStandsOnThePage() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../protocol-spec/providers.md")
    let lines = try String(contentsOf: page.standardizedFileURL, encoding: .utf8).split(separator: "\n")
    for row in ShippedProvider.all {
      let words = [row.definition.command ?? ""] + (row.definition.arguments ?? []).flatMap(\.words)
      let kind = row.definition.kind?.rawValue ?? ""
      #expect(lines.contains("| `\(row.id)` | \(row.title) | `\(kind)` | `\(words.joined(separator: " "))` |"))
    }
  }

  @Test func theConfigurationIsLaidOverThemById() throws {
    var gemini = ProviderDefinition(id: "gemini")
    gemini.command = "/opt/gemini"
    gemini.model = "flash"
    var goose = ProviderDefinition(id: "goose")
    goose.kind = .command
    goose.command = "my-goose"
    var own = ProviderDefinition(id: "own")
    own.command = "cat"
    let definitions = AgentProviders().definitions(under: [own, goose, gemini])
    #expect(
      definitions.map(\.id) == ["own", "goose", "gemini", "claude", "codex", "opencode", "copilot", "cursor", "vibe"])
    #expect(definitions[2].command == "/opt/gemini" && definitions[2].kind == .acp && definitions[2].model == "flash")
    #expect(definitions[2].arguments == [.init(["--acp"])])
    #expect(definitions[1] == goose, "what is shipped is for another way of talking")
  }
}
