import IonJSON
import IonWorkflow
import IonWorkflowFile
import Testing

@Suite struct ConfigReaderTests {
  func read(_ text: String) -> ConfigurationReading { ConfigReader.read(Array(text.utf8)) }

  @Test func everyKeyIsRead() throws {
    let reading = read(
      """
      provider: claude
      providers:
        claude: {model: big, command: claude, args: [-p]}
        goose:  {}
      workflow_paths: [.archon/workflows, /more]
      env: {inherit: [PATH, HOME], CI: 1, VERSION: 1.10, EMPTY: }
      slots: {shells: 8, agents: 2}
      limits: {workflow_bytes: 1000, frame_bytes: 2000}
      """)
    #expect(reading.diagnostics == [])
    let configuration = try #require(reading.configuration)
    #expect(configuration.provider == "claude")
    #expect(
      configuration.providers == [
        ProviderConfiguration(id: "claude", model: "big", other: ["command": "claude", "args": ["-p"]]),
        ProviderConfiguration(id: "goose"),
      ])
    #expect(configuration.workflowPaths == [".archon/workflows", "/more"])
    #expect(configuration.inheritance == .names(["PATH", "HOME"]))
    #expect(
      configuration.environment == [
        EnvironmentValue(name: "CI", value: "1"), EnvironmentValue(name: "VERSION", value: "1.10"),
        EnvironmentValue(name: "EMPTY", value: ""),
      ])
    #expect(configuration.slots.shells == 8 && configuration.slots.agents == 2)
    #expect(configuration.limits == [.workflowBytes: 1000, .frameBytes: 2000])
    #expect(configuration.readingLimits.bytes == 1000 && configuration.readingLimits.nodes == 20_000)
  }

  @Test(arguments: [("all", EnvironmentInheritance.all), ("minimal", .minimal), ("[]", .names([]))])
  func theEnvironmentIsInheritedAsItSays(_ text: String, _ inheritance: EnvironmentInheritance) {
    #expect(read("env: {inherit: \(text)}").configuration?.inheritance == inheritance)
  }

  @Test(arguments: ["", "# nothing\n", "~", "{}", "provider:\n"].dropLast())
  func nothingIsAnEmptyConfiguration(_ text: String) {
    #expect(read(text) == ConfigurationReading(configuration: Configuration(), diagnostics: []))
  }

  @Test func olderNamesAreReadAndSaidToBeOld() {
    let reading = read("assistant: codex\nassistants: {codex: {model: m}}")
    #expect(reading.configuration?.provider == "codex")
    #expect(reading.configuration?.providers == [ProviderConfiguration(id: "codex", model: "m")])
    #expect(reading.diagnostics.map(\.code) == ["olderKey", "olderKey"])
    let both = read("assistant: codex\nprovider: claude")
    #expect(both.configuration?.provider == "claude" && both.diagnostics.map(\.severity) == [.warning])
  }

  static let wrong: [MarkedText] = [
    MarkedText("a list", "⟨wrongType|[a]⟩"),
    MarkedText("no YAML", "provider: ⟨syntax|'a⟩"),
    MarkedText("a provider without settings", "providers: {a: ⟨wrongType|b⟩}"),
    MarkedText("a model that is a list", "providers: {a: {model: ⟨wrongType|[b]⟩}}"),
    MarkedText("a word that is none", "env: {inherit: ⟨wrongValue|everything⟩}"),
    MarkedText("a variable that is a list", "env: {A: ⟨wrongType|[b]⟩}"),
    MarkedText("no slots", "slots: {shells: ⟨wrongValue|0⟩}"),
    MarkedText("nothing where a provider is due", "provider:⟨missingValue|⟩"),
  ]

  @Test(arguments: wrong)
  func aWrongConfigurationIsNone(_ file: MarkedText) {
    let reading = read(file.text)
    #expect(reading.configuration == nil)
    #expect(MarkedText.found(reading.diagnostics) == Set(file.expectations))
  }

  @Test func unknownKeysAreWarnings() {
    let reading = read("provder: a\nnodes: []\nkeep: {runs: 3}\nslots: {shell: 1}")
    #expect(reading.configuration != nil)
    #expect(reading.diagnostics.map(\.code) == ["unknownKey", "unknownKey", "notActedOn", "unknownKey"])
    #expect(
      reading.diagnostics.map(\.hint) == [
        "did you mean `provider` or `providers`?", "it belongs in a workflow or `loop_group`", nil,
        "did you mean `shells`?",
      ])
  }
}
