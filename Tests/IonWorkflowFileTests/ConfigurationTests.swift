import IonWorkflow
import IonWorkflowFile
import Testing

@Suite struct ConfigurationTests {
  @Test func theNearerConfigurationWinsKeyByKey() {
    var user = Configuration()
    user.provider = "codex"
    var old = ProviderDefinition(id: "claude")
    (old.model, old.arguments, old.command) = ("old", [.init(["-v"])], "old-claude")
    old.environment = [.init(name: "A", value: "1"), .init(name: "B", value: "1")]
    user.providers = [old]
    user.environment = [EnvironmentValue(name: "A", value: "1"), EnvironmentValue(name: "B", value: "1")]
    user.workflowPaths = ["/more", "x"]
    user.slots.agents = 2
    var own = Configuration()
    var new = ProviderDefinition(id: "claude")
    (new.model, new.kind) = ("new", .command)
    new.environment = [.init(name: "B", value: "2")]
    own.providers = [new, ProviderDefinition(id: "goose")]
    own.environment = [EnvironmentValue(name: "B", value: "2")]
    own.workflowPaths = ["x"]
    own.slots.shells = 4
    let both = own.over(user)
    #expect(both.provider == "codex")
    #expect(both.providers.map(\.id) == ["claude", "goose"])
    old.model = "new"
    old.kind = .command
    old.environment = [.init(name: "A", value: "1"), .init(name: "B", value: "2")]
    #expect(both.providers[0] == old)
    #expect(both.environment == [EnvironmentValue(name: "A", value: "1"), EnvironmentValue(name: "B", value: "2")])
    #expect(both.workflowPaths == ["x", "/more"])
    #expect(both.slots.agents == 2 && both.slots.shells == 4)
  }
}
