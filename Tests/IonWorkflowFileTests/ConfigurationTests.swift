import IonJSON
import IonWorkflowFile
import Testing

@Suite struct ConfigurationTests {
  @Test func theNearerConfigurationWinsKeyByKey() {
    var user = Configuration()
    user.provider = "codex"
    user.providers = [ProviderConfiguration(id: "claude", model: "old", other: ["args": ["-v"]])]
    user.environment = [EnvironmentValue(name: "A", value: "1"), EnvironmentValue(name: "B", value: "1")]
    user.workflowPaths = ["/more", "x"]
    user.slots.agents = 2
    var own = Configuration()
    own.providers = [ProviderConfiguration(id: "claude", model: "new"), ProviderConfiguration(id: "goose")]
    own.environment = [EnvironmentValue(name: "B", value: "2")]
    own.workflowPaths = ["x"]
    own.slots.shells = 4
    let both = own.over(user)
    #expect(both.provider == "codex")
    #expect(both.providers.map(\.id) == ["claude", "goose"])
    #expect(both.providers[0] == ProviderConfiguration(id: "claude", model: "new", other: ["args": ["-v"]]))
    #expect(both.environment == [EnvironmentValue(name: "A", value: "1"), EnvironmentValue(name: "B", value: "2")])
    #expect(both.workflowPaths == ["x", "/more"])
    #expect(both.slots.agents == 2 && both.slots.shells == 4)
  }
}
