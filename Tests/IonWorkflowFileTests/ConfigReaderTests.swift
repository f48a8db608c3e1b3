import IonJSON
import IonTestSupport
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
        mine: {kind: command, model: big, command: llm, args: [-p, [--model, "{model}"], 1], env: {A: 1}, result: json}
        goose:  {kind: acp, mode: code}
      workflow_paths: [.archon/workflows, /more]
      env: {inherit: [PATH, HOME], CI: 1, VERSION: 1.10, EMPTY: }
      slots: {shells: 8, agents: 2}
      limits: {workflow_bytes: 1000, frame_bytes: 2000}
      """)
    #expect(reading.diagnostics == [])
    let configuration = try #require(reading.configuration)
    #expect(configuration.provider == "claude")
    var mine = ProviderDefinition(id: "mine")
    (mine.kind, mine.model, mine.command, mine.result) = (.command, "big", "llm", .json)
    mine.arguments = [.init(["-p"]), .init(["--model", "{model}"]), .init(["1"])]
    mine.environment = [.init(name: "A", value: "1")]
    var goose = ProviderDefinition(id: "goose")
    (goose.kind, goose.mode) = (.acp, "code")
    #expect(configuration.providers == [mine, goose])
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
    var codex = ProviderDefinition(id: "codex")
    codex.model = "m"
    #expect(reading.configuration?.providers == [codex] && codex.effectiveKind == .codex)
    #expect(reading.diagnostics.map(\.code) == ["olderKey", "olderKey"])
    let both = read("assistant: codex\nprovider: claude")
    #expect(both.configuration?.provider == "claude" && both.diagnostics.map(\.severity) == [.warning])
  }

  static let wrong: [MarkedText] = [
    MarkedText("a list", "⟨wrongType|[a]⟩"),
    MarkedText("no YAML", "provider: ⟨syntax|'a⟩"),
    MarkedText("a provider without settings", "providers: {a: ⟨wrongType|b⟩}"),
    MarkedText("a model that is a list", "providers: {a: {model: ⟨wrongType|[b]⟩}}"),
    MarkedText("a kind that is none", "providers: {a: {kind: ⟨wrongValue|magic⟩}}"),
    MarkedText("arguments that are a text", "providers: {a: {args: ⟨wrongType|-p -q⟩}}"),
    MarkedText("an argument that is a mapping", "providers: {a: {args: [⟨wrongType|{b: 1}⟩]}}"),
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

  @Test func settingsOfOtherEnginesAreSaidToCountForNothing() {
    let reading = read("assistants: {claude: {model: m, settingSources: [project], webSearchMode: live, comand: x}}")
    #expect(
      reading.configuration?.providers.first?.other == ["settingSources": ["project"], "webSearchMode": "live"])
    #expect(reading.diagnostics.map(\.code).sorted() == ["notActedOn", "olderKey", "unknownKey"])
  }

  static let idle: [MarkedText] = [
    MarkedText("a mode of a claude", "providers: {claude: {⟨misplacedKey|mode⟩: plan}}"),
    MarkedText("a result of a claude", "providers: {claude: {⟨misplacedKey|result⟩: json}}"),
    MarkedText("a mode of a command", "providers: {a: {command: x, ⟨misplacedKey|mode⟩: y, result: json}}"),
    MarkedText("settings of a known agent", "providers: {goose: {⟨misplacedKey|settingSources⟩: [user], mode: y}}"),
    MarkedText("another kind than is known", "providers: {goose: {kind: command, command: x, ⟨misplacedKey|mode⟩: y}}"),
    MarkedText(
      "no program", "providers: {⟨missingKey|a⟩: {kind: acp}, ⟨missingKey|b⟩: {model: x}, claude: {model: m}}"),
    MarkedText(
      "what counts for the process",
      "{⟨misplacedKey|slots⟩: {shells: 1}, limits: {⟨misplacedKey|frame_bytes⟩: 9000, workflow_bytes: 10}}"),
  ]

  @Test(arguments: idle)
  func whatMeansNothingWhereItStandsIsSaid(_ file: MarkedText) {
    var goose = ProviderDefinition(id: "goose")
    (goose.kind, goose.command) = (.acp, "goose")
    let reading = ConfigReader.read(Array(file.text.utf8), at: .workspaces(beneath: [goose]))
    #expect(MarkedText.found(reading.diagnostics) == Set(file.expectations))
    #expect(reading.configuration != nil && reading.diagnostics.allSatisfy { $0.hint != nil })
    let users = ConfigReader.read(Array(file.text.utf8), at: .users(beneath: [goose]))
    #expect(users.diagnostics.allSatisfy { !$0.message.contains("process") })
    #expect(read(file.text).diagnostics == [])
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
