import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

/// `ion doctor`, which starts what is here of agents.
@Suite(.timeLimit(.minutes(10))) struct DoctorTests {
  private static let variables = ["PATH": "/usr/bin:/bin"]

  @Test func allThatIonNeedsAndTheAgentsAreLookedAt() async throws {
    let ion = BuiltIon(
      files: [".ion/config.yaml": "provider: pipe\nproviders: {pipe: {command: /bin/cat}}"], variables: Self.variables)
    let outcome = try await ion.run("doctor")
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(
      outcome.output.contains("/bin/cat, not tried: it answers nothing but prompts (taken where"), "\(outcome.output)")
    for words in ["✓ ion ", "✓ bash ", "✓ store ", "✓ workflows ", "✓ pipe ", "– not here "] {
      #expect(outcome.output.contains(words), "\(words): \(outcome.output)")
    }
    let absent = outcome.output.split(separator: "\n").first { $0.hasPrefix("– not here") }
    #expect(absent?.contains("claude, codex, gemini, goose") == true)
    let json = try JSONParser().parse(try await ion.run("doctor", "--json").output)
    let agents = json.arrayValue?.compactMap { $0["provider"] } ?? []
    #expect(agents.first?["condition"] == "untried" && agents.first?["default"] == true)
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
    #expect(outcome.output.contains("config.yaml is broken") && outcome.output.contains("✗ config "))
    let unknown = try await ion.run("doctor", "nobody")
    #expect(unknown.status == 1 && unknown.errors.contains("config.yaml is broken"), "\(unknown.errors)")
  }

  @Test func whatCountsForNothingOfAConfigurationIsShown() async throws {
    let ion = BuiltIon(
      files: [
        ".ion/config.yaml":
          "provider: pipe\nproviders:\n  pipe: {command: /bin/cat, mode: x}\n  goose: {agrs: [y]}\n",
        ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: echo hello}]\n",
      ], variables: Self.variables)
    ion.folder.write("slotz: {shells: 1}\n", to: "home/.config/ion/config.yaml")
    let own = ion.folder.path.appending("home/.config/ion/config.yaml")
    let all = try await ion.run("check")
    #expect(
      all.output == """
        \(own):1:1: warning: `slotz` is no key of a configuration, and counts for nothing
            did you mean `slots`?
        .ion/config.yaml:3:29: warning: `mode` means nothing to a provider of the kind `command`
            it is for the kind `acp`
        .ion/config.yaml:4:11: warning: `agrs` is no key of a provider, and counts for nothing
            did you mean `args`?
        3 checked, no errors

        """)
    let one = try await ion.run("check", ".ion/config.yaml")
    #expect(one.status == 0 && one.output.hasSuffix("1 checked, no errors\n") && !one.output.contains("slotz"))
    let doctor = try await ion.run("doctor")
    let lines = doctor.output.split(separator: "\n").filter { $0.hasPrefix("– config ") }
    #expect(lines.count == 3 && lines.first?.contains("config.yaml, line 1: `slotz` is no key") == true, "\(lines)")
    let run = try await ion.run("run", "w")
    #expect(run.status == 0 && run.output.components(separatedBy: "! the configuration ").count == 3, "\(run.output)")
    ion.folder.write("slots: {shells: 0, agents: none}\n", to: "workspace/.ion/config.yaml")
    let broken = try await ion.run("check", ".ion/config.yaml")
    #expect(broken.status == 1 && broken.output.components(separatedBy: ": error: ").count == 3, "\(broken.output)")
  }

  /// The scripted agent of IonAgentsTests, well-behaved and not.
  @Test func agentsAreStartedAndSayHowTheyAre() async throws {
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../IonAgentsTests/Agents/acp_agent.py").standardizedFileURL.path
    let ion = BuiltIon(
      files: [
        ".ion/config.yaml": """
        provider: good
        providers:
          good: {kind: acp, command: python3, args: [\(script), closes_sessions]}
          gemini: {command: python3, args: [\(script), wants_sign_in]}
          broken: {kind: acp, command: python3, args: [\(script), exits, start, "3"]}
          gone: {kind: claude, command: /no/such}
          odd: {kind: codex, command: "false"}
        """
      ])
    let outcome = try await ion.run("doctor")
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    func line(_ start: String) -> Substring { lines.first { $0.hasPrefix(start) } ?? "" }
    #expect(line("✓ good ").contains("1.2.3, /") && line("✓ good ").contains(" ms (taken where nobody says one)"))
    #expect(line("– gemini ").hasSuffix("; start `gemini` once and sign in there"))
    #expect(line("– gemini ").contains("wants its user to sign in (With a browser, With a key); "))
    #expect(line("– broken ").contains("exit code 3") && line("– broken ").contains("; start `python3 "))
    #expect(line("– gone ").contains("there is no program /no/such; install it, or say"))
    #expect(!line("– not here ").contains("gone"))
    let odd = try await ion.run("doctor", "odd")
    #expect(odd.status == 1 && !odd.output.contains("version"), "\(odd.output)")
    let gemini = try await ion.run("doctor", "gemini", "--json")
    let check = try #require(try JSONParser().parse(gemini.output)["checks"]?.arrayValue?.first)
    #expect(gemini.status == 1 && check["condition"] == "signInNeeded" && check["authentication"] == "needed")
    #expect(check["version"] == "1.2.3" && check["protocolVersion"] == "ACP 1")
    #expect(check["signIns"]?.arrayValue?.count == 2)
    let broken = try await ion.run("doctor", "broken")
    #expect(broken.status == 1 && broken.output.contains("stderr      it can't go on"), "\(broken.output)")
    #expect(ion.processesOfSteps().isEmpty && ion.folder.names(in: "run/ion").allSatisfy { !$0.hasPrefix("checkup-") })
  }

  @Test(arguments: [true, false])
  func nothingIsLeftOfAnAgentWhereNobodyWaitsForItsTrial(isCancelled: Bool) async throws {
    let ion = BuiltIon()
    let ready = Rendezvous(ion, "ready")
    let script = "trap '' TERM; (trap '' TERM; sleep 1000) & echo up > \(ready.path); sleep 1000; sleep 1000"
    ion.folder.write(
      "providers: {stubborn: {kind: acp, command: bash, args: [-c, \"\(script)\"]}}",
      to: "workspace/.ion/config.yaml")
    let editor = try Editor(ion)
    try await editor.initialize(ion)
    let trial = Task { try await editor.call("provider/doctor", ["providerId": "stubborn"]) }
    #expect(await ready.line() == "up")
    if isCancelled {
      trial.cancel()
      await #expect(throws: (any Error).self) { try await trial.value }
    }
    #expect(try await editor.quit() == 0)
    #expect(ion.processesOfSteps().isEmpty)
  }

  @Test func anAgentThatIsUnknownIsSaid() async throws {
    let ion = BuiltIon(variables: Self.variables)
    let outcome = try await ion.run("doctor", "gose")
    #expect(outcome.status == 1 && outcome.errors.contains("There is no provider `gose` here. Did you mean `goose`?"))
  }
}
