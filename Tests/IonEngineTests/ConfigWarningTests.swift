import IonAgents
import IonEngine
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// What runs and editors are told of configurations.
@Suite struct ConfigWarningTests {
  private static func fixture(_ config: String, own: String? = nil) async throws -> EngineFixture {
    let folder = TemporaryFolder("ion-engine")
    if let own { folder.write(own, to: "user/ion/config.yaml") }
    return try await EngineFixture(
      files: [".ion/config.yaml": config, ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: echo}]\n"],
      shipped: ShippedProvider.all, folder: folder)
  }

  @Test func aRunWarnsOnceOfWhatCountsForNothing() async throws {
    let fixture = try await Self.fixture(
      "slotz: {}\nproviders:\n  claude: {agrs: [x], mode: plan}\n", own: "provder: x\n")
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .succeeded)
    let told = fixture.platform.messages.filter { $0.contains("the configuration ") }
    #expect(told.count == 2, "\(told)")
    let own = fixture.folder.path.appending("user/ion/config.yaml")
    #expect(
      told.first
        == "the configuration \(own), line 1, column 1: `provder` is no key of a configuration, and counts for "
        + "nothing; did you mean `provider` or `providers`?")
    #expect(
      told.last?.hasPrefix("the configuration \(fixture.root)/.ion/config.yaml, line 1, column 1: `slotz` is no key")
        == true)
    #expect(told.last?.hasSuffix("did you mean `slots`?, and 2 more, which `ion check` lists") == true, "\(told)")
  }

  @Test func aRunThatCanNotStartSaysHowManyFaultsThereAre() async throws {
    let fixture = try await Self.fixture("slots: {shells: 0}\nproviders: {a: b}\n")
    let (run, _) = try await fixture.run("w")
    #expect(
      run.error?.hasSuffix("(line 1, column 17), and 1 more, which `ion check` lists.") == true, "\(run.error ?? "")")
  }

  @Test func whatIsSaidOfAFileGoesByWhatItIsLaidOver() async throws {
    let fixture = try await Self.fixture("providers: {mine: {mode: x}}\n", own: "providers: {mine: {command: x}}\n")
    let file = fixture.root.appending(".ion/config.yaml")
    let found = try await fixture.engine.configuration(at: file, text: nil)
    #expect(found?.diagnostics.map(\.message) == ["`mode` means nothing to a provider of the kind `command`"])
    let changed = try await fixture.engine.configuration(at: file, text: Array("provder: a\nslotz: 1\n".utf8))
    #expect(changed?.diagnostics.map(\.code) == ["unknownKey", "unknownKey"])
    #expect(try await fixture.engine.configuration(at: fixture.root.appending("config.yaml"), text: nil) == nil)
    let elsewhere = try #require(AbsolutePath("/srv/.ion/config.yaml"))
    await #expect(throws: EngineFailure.outsideWorkspace(elsewhere.text)) {
      try await fixture.engine.configuration(at: elsewhere, text: nil)
    }
    #expect(await fixture.engine.configurations.map(\.name) == ["config.yaml", "config.yaml"])
  }
}
