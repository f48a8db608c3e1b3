import Foundation
import IonAgents
import IonEngine
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// Who takes the turns of agents for whom nobody says a provider.
@Suite struct ProviderChoiceTests {
  /// Agents that are programs, so that a shell script may stand in for one.
  private static let shipped = ["ant", "bee"].map { id in
    ShippedProvider(id, .command, id, title: id, page: "https://example.org", signIn: "sign in")
  }

  /// A workspace whose steps find these programs, each of which answers with its own name.
  private static func fixture(
    _ programs: [String], _ yaml: String = "name: w\nnodes: [{id: a, prompt: x}]\n", config: String = ""
  ) async throws -> EngineFixture {
    let folder = TemporaryFolder("ion-engine")
    for name in programs { try place(name, in: folder) }
    folder.write("no program", to: "bin/cow")
    return try await EngineFixture(
      files: [".ion/workflows/w.yaml": yaml, ".ion/config.yaml": config], shipped: shipped,
      environment: ["PATH": "\(folder.path)/bin:/usr/bin:/bin", "HOME": folder.path.text], folder: folder)
  }

  private static func place(_ program: String, in folder: TemporaryFolder) throws {
    let file = folder.write("#!/bin/sh\ncat >/dev/null; echo \(program)\n", to: "bin/\(program)")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.text)
  }

  @Test func theOnlyOneThatIsThereIsTakenAndNamed() async throws {
    let fixture = try await Self.fixture(["bee"])
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded && nodes["a"]?.output?.text == "bee", "\(run.error ?? "")")
    #expect(run.request.provider == "bee" && nodes["a"]?.provider == "bee")
    #expect(
      fixture.platform.messages.contains {
        $0.contains("no provider is said: `bee` is used") && $0.contains("`provider: bee` in .ion/config.yaml")
      }, "\(fixture.platform.messages)")
  }

  @Test func aResumeKeepsTheOneThatTheRunBeganWith() async throws {
    let fixture = try await Self.fixture(
      ["bee"],
      "name: w\nnodes: [{id: a, prompt: x}, {id: b, depends_on: [a], bash: test -e go}, {id: c, depends_on: [b], prompt: x}]\n"
    )
    let (failed, _) = try await fixture.run("w")
    #expect(failed.status == .failed)
    try Self.place("ant", in: fixture.folder)
    fixture.folder.write("", to: "workspace/go")
    _ = try await fixture.workspace.resume(failed.id, secrets: [:])
    let (run, nodes) = try await fixture.end(of: failed.id)
    #expect(run.status == .succeeded && nodes["c"]?.output?.text == "bee", "\(run.error ?? "")")
  }

  @Test(arguments: [
    (["ant", "bee"], "", "no provider is said, and several are here (`ant`, `bee`); say one with `provider`"),
    ([], "", "no provider is said, and no agent that Ion knows is on PATH (`ant`, `bee`); install one, or say one"),
    (["ant"], "providers: {own: {command: cat}}", "several are here (`own`, `ant`)"),
    (["ant"], "env: {PATH: /usr/bin}", "no agent that Ion knows is on PATH"),
    ([], "provider: bea", "no provider `bea` is configured (did you mean `bee`?;"),
  ])
  func whereThereIsNotOneTheRunAsksForIt(_ programs: [String], _ config: String, _ words: String) async throws {
    let fixture = try await Self.fixture(programs, config: config)
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .failed && run.error?.contains(words) == true, "\(run.error ?? "")")
  }

  @Test func aRunIsNotMadeOfAProviderThatThereIsNot() async throws {
    let fixture = try await Self.fixture(["ant"])
    var options = WorkflowExecutionOptions()
    options.provider = "bea"
    await #expect(throws: EngineFailure.providerNotFound("bea", suggestions: ["bee"])) {
      try await fixture.start("w", options: options)
    }
    #expect(try await fixture.workspace.runs(RunFilter()).items.isEmpty)
    options.provider = "ant"
    #expect(try await fixture.run("w", options: options).run.status == .succeeded)
  }

  @Test func theConfigurationChangesAShippedOneWithoutRepeatingIt() async throws {
    let fixture = try await Self.fixture(
      [],
      config:
        "provider: ant\nproviders: {ant: {command: bash, args: [-c, 'echo $WHO {model}'], env: {WHO: me}, model: m}}")
    let (_, nodes) = try await fixture.run("w")
    #expect(nodes["a"]?.output?.text == "me m" && nodes["a"]?.model == "m")
  }
}
