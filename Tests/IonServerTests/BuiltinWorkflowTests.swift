import IonEngine
import IonJSON
import IonRPC
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

/// The workflows that come with Ion, by the protocol.
@Suite struct BuiltinWorkflowTests {
  private static let uri: JSONValue = "ion:/workflows/fix-issue.yaml"

  @Test func theyAreListedLastAndByThemselves() async throws {
    let desk = try await MethodDesk(files: MethodDesk.files("  - {id: a, bash: x}"), builtins: true)
    let all = try #require(try await desk.json(ListWorkflows.self)["workflows"]?.arrayValue)
    #expect(all.map { $0["scope"] } == ["workspace", "builtin", "builtin", "builtin", "builtin"])
    #expect(all.dropFirst().allSatisfy { $0["valid"] == true && $0["description"] != nil })
    let own = try await desk.json(ListWorkflows.self, ["scope": "builtin", "limit": 2])
    #expect(
      own["workflows"]?.arrayValue?.map { $0["uri"] ?? .null } == [
        "ion:/workflows/plan-implement-review.yaml", Self.uri,
      ])
    let next = try await desk.call(ListWorkflows.self, ["scope": "builtin", "cursor": own["nextCursor"] ?? .null])
    #expect(next.workflows.map(\.name) == ["review-changes", "explain-codebase"])
  }

  @Test(arguments: [["workflow": "fix-issue"], ["uri": uri]] as [JSONValue])
  func oneIsReadByItsNameAndItsURI(_ params: JSONValue) async throws {
    let desk = try await MethodDesk(builtins: true)
    let workflow = try await desk.json(GetWorkflow.self, params)
    #expect(workflow["uri"] == Self.uri && workflow["scope"] == "builtin" && workflow["diagnostics"] == [])
    #expect(workflow["text"]?.stringValue?.contains("\nname: fix-issue\n") == true)
  }

  @Test func oneIsPlannedAndChecked() async throws {
    let desk = try await MethodDesk(builtins: true)
    #expect(try await desk.json(ValidateWorkflow.self, ["uri": Self.uri])["valid"] == true)
    let plan = try await desk.json(PlanWorkflow.self, ["uri": Self.uri, "inputs": ["issue": 1]])
    #expect(plan["nodes"]?.arrayValue?.first?["nodeId"] == "issue")
  }

  @Test func aRunSaysWhichItWas() async throws {
    let desk = try await MethodDesk(builtins: true)
    let run = try await desk.run(["workflow": "explain-codebase"])
    #expect(run.status == .failed && run.error?.contains("no provider is said") == true)
    #expect(run.workflowUri?.description == "ion:/workflows/explain-codebase.yaml")
  }

  @Test func whatDoesNotComeWithIonIsRefused() async throws {
    let desk = try await MethodDesk(builtins: true)
    let refusal = await desk.refusal(GetWorkflow.self, ["uri": "ion:/workflows/none.yaml"])
    #expect(refusal?.code == -32602 && refusal?.data?["path"] == "/params/uri")
    #expect(refusal?.message.contains("is no workflow that comes with Ion") == true)
  }

  @Test func ofSeveralCodebasesTheOneWithItsOwnIsMeant() async throws {
    let desk = try await MethodDesk(
      files: MethodDesk.files("  - {id: a, bash: x}", name: "fix-issue"), builtins: true)
    desk.folder.write("", to: "other/.keep")
    _ = try await desk.call(
      RegisterCodebase.self, ["rootUri": .string(FileURI(desk.folder.path.appending("other")).description)])
    #expect(try await desk.json(GetWorkflow.self, ["workflow": "fix-issue"])["scope"] == "workspace")
    #expect(await desk.refusal(GetWorkflow.self, ["workflow": "review-changes"])?.data?["path"] == "/params/codebaseId")
  }
}
