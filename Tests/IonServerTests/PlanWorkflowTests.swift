import IonEngine
import IonJSON
import IonRPC
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

@Suite struct PlanWorkflowTests {
  private static let nodes = """
      - {id: list, exec: [ls, $INPUTS.folder], timeout: 90s, retry: {max_attempts: 3}}
      - {id: tell, depends_on: list, when: $list.output.n > 1, env: {WORD: hi}, bash: 'echo "$list.output.n"'}
    """

  private func desk() async throws -> MethodDesk {
    try await MethodDesk(files: [
      ".ion/workflows/w.yaml":
        "name: w\nrequires: [no-such-program]\ninputs: {folder: {required: true}}\nnodes:\n\(Self.nodes)\n",
      ".ion/workflows/bad.yaml": "name: bad\nnodes: [{id: a}]\n",
    ])
  }

  @Test func planHasVerdictsReasonsAndTexts() async throws {
    let desk = try await desk()
    let plan = try await desk.call(
      PlanWorkflow.self,
      ["workflow": "w", "inputs": ["folder": "a b"], "stubs": ["list": ["output": ["n": 2]]]])
    #expect(plan.problem == nil && plan.status == .succeeded && plan.requires == ["no-such-program"])
    let (list, tell) = (plan.nodes[0], plan.nodes[1])
    #expect(list.words == ["ls", "a b"] && list.maxAttempts == 3 && list.timeoutMs == 90_000 && list.wave == 1)
    #expect(tell.verdict == .run && tell.condition == .met && tell.wave == 2 && tell.environment == ["WORD"])
    #expect(tell.text == "echo \"$list.output.n\"")
    #expect(tell.values == [PlannedNodeShape.Value(name: "$list.output.n", text: "2")])
    #expect(!desk.folder.exists("workspace/.ion/codebases"))
  }

  @Test func whatIsNotKnownIsLeftOut() async throws {
    let plan = try await desk().json(PlanWorkflow.self, ["workflow": "w", "inputs": ["folder": "a"]])
    #expect(plan["status"] == nil)
    let tell = try #require(plan["nodes"]?.arrayValue?.last)
    #expect(tell["verdict"] == "depends" && tell["doubts"] == ["list"] && tell["condition"] == nil)
    #expect(tell["values"] == [["name": "$list.output.n"]])
  }

  @Test func whatCannotBePlannedIsRefused() async throws {
    let desk = try await desk()
    let missing = await desk.refusal(PlanWorkflow.self, ["workflow": "w"])
    #expect(missing?.kind == "inputInvalid" && missing?.path == "/params/inputs/folder")
    let stub = await desk.refusal(
      PlanWorkflow.self, ["workflow": "w", "inputs": ["folder": "a"], "stubs": ["lst": ["output": "x"]]])
    #expect(stub?.kind == "inputInvalid" && stub?.path == "/params/stubs/lst")
    #expect(stub?.message.contains("did you mean `list`") ?? false)
    let both: JSONValue = ["list": ["output": "x", "status": "failed"]]
    let twice = await desk.refusal(PlanWorkflow.self, ["workflow": "w", "inputs": ["folder": "a"], "stubs": both])
    #expect(twice?.path == "/params/stubs/list")
    #expect(await desk.refusal(PlanWorkflow.self, ["workflow": "bad"])?.kind == "workflowInvalid")
    #expect(await desk.refusal(PlanWorkflow.self, ["workflow": "none"])?.kind == "workflowNotFound")
    #expect(await desk.refusal(PlanWorkflow.self, [:])?.code == -32602)
  }
}
