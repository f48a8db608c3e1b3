import IonJSON
import IonTestSupport
import Testing

/// `ion doctor`, which starts what is here of agents.
@Suite(.timeLimit(.minutes(10))) struct DoctorTests {
  private static let variables = ["PATH": "/usr/bin:/bin"]

  @Test func allThatIonNeedsAndTheAgentsAreLookedAt() async throws {
    let ion = BuiltIon(
      files: [".ion/config.yaml": "provider: pipe\nproviders: {pipe: {command: /bin/cat}}"], variables: Self.variables)
    let outcome = try await ion.run("doctor")
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    for words in ["✓ ion ", "✓ bash ", "✓ store ", "✓ workflows ", "✓ pipe ", "– not here "] {
      #expect(outcome.output.contains(words), "\(words): \(outcome.output)")
    }
    let absent = outcome.output.split(separator: "\n").first { $0.hasPrefix("– not here") }
    #expect(absent?.contains("claude, codex, gemini, goose") == true)
    let json = try JSONParser().parse(try await ion.run("doctor", "--json").output)
    let agents = json.arrayValue?.compactMap { $0["provider"] } ?? []
    #expect(agents.first?["condition"] == "ready" && agents.first?["default"] == true)
    #expect(agents.contains { $0["providerId"] == "goose" && $0["condition"] == "missing" })
  }

  @Test func theUsualAgentMustBeThere() async throws {
    let ion = BuiltIon(files: [".ion/config.yaml": "provider: goose"], variables: Self.variables)
    let outcome = try await ion.run("doctor")
    #expect(outcome.status == 1 && outcome.output.contains("✗ goose "), "\(outcome.output)")
    let alone = try await ion.run("doctor", "goose")
    #expect(alone.status == 1)
    #expect(alone.output.hasPrefix("✗ goose: not here, taken where nobody says one\n"), "\(alone.output)")
    #expect(alone.output.contains("what to do  install it (https://github.com/block/goose)"), "\(alone.output)")
  }

  @Test func whatCannotBeLookedAtIsSaid() async throws {
    let ion = BuiltIon(files: [".ion/config.yaml": "providers: 7"], variables: Self.variables)
    let outcome = try await ion.run("doctor")
    #expect(outcome.status == 1 && outcome.output.contains("✗ agents "), "\(outcome.output)")
    #expect(outcome.output.contains("config.yaml is broken"))
    let unknown = try await ion.run("doctor", "nobody")
    #expect(unknown.status == 1 && unknown.errors.contains("config.yaml is broken"), "\(unknown.errors)")
  }

  @Test func anAgentThatIsUnknownIsSaid() async throws {
    let ion = BuiltIon(variables: Self.variables)
    let outcome = try await ion.run("doctor", "gose")
    #expect(outcome.status == 1 && outcome.errors.contains("There is no provider `gose` here. Did you mean `goose`?"))
  }
}
