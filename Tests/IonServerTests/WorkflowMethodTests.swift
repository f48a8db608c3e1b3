import IonDigest
import IonJSON
import IonRPC
import IonTestSupport
import IonWorkflow
import IonWorkflowFile
import Testing

@testable import IonServer

@Suite struct WorkflowMethodTests {
  private static let good = """
    name: good
    description: Does good.
    tags: [a, b]
    inputs:
      n: {type: number, default: 3}
      pick: {type: enum, values: [x, y], required: true, description: Which.}
    nodes:
      - id: first
        bash: echo é
      - id: second
        depends_on: [first]
        when: $first.output=='x'
        trigger_rule: all_done
        prompt: hello

    """
  private static let files = [
    ".ion/workflows/good.yaml": good, ".ion/workflows/bad.yaml": "name: bad\nnodes:\n  - {id: a, bsh: x}\n",
    ".ion/workflows/third.yaml": "name: third\nnodes: [{id: a, bash: 'true'}]\n",
  ]

  @Test func filesWithErrorsAreListedBesideTheOthers() async throws {
    let desk = try await MethodDesk(files: Self.files)
    let list = try await desk.call(ListWorkflows.self)
    #expect(list.workflows.map(\.name) == ["bad", "good", "third"])
    #expect(list.workflows.map(\.valid) == [false, true, true])
    #expect(list.nextCursor == nil)
    let good = try #require(list.workflows.first { $0.name == "good" })
    #expect(good.uri.path == desk.root.appending(".ion/workflows/good.yaml"))
    #expect(good.scope == .workspace)
    #expect(good.description == "Does good.")
    #expect(good.tags == ["a", "b"])
    #expect(good.sha256 == SHA256.hex(of: Self.good))
    #expect(good.inputs.map(\.name) == ["n", "pick"])
    #expect(good.inputs[0].default == 3)
    #expect(good.inputs[1].values == ["x", "y"])
    #expect(good.inputs[1].required)
  }

  @Test func faultsOfAnIncludedFileAreToldAtTheInclude() async throws {
    let leaf = "name: leaf\nnodes:\n  - {id: a, description: 🎉, bash: x, depends_on: [ghost]}\n"
    let main = "name: main\nnodes: [{id: a, include: leaf}]\n"
    let desk = try await MethodDesk(files: [".ion/workflows/leaf.yaml": leaf, ".ion/workflows/main.yaml": main])
    let uri = JSONValue.string(FileURI(desk.root.appending(".ion/workflows/main.yaml")).description)
    for params in [["uri": uri], ["text": .string(main)]] as [JSONValue] {
      let answer = try await desk.call(ValidateWorkflow.self, params)
      #expect(!answer.valid)
      let diagnostic = try #require(answer.diagnostics.first)
      #expect(diagnostic.code == "includedFile")
      #expect(diagnostic.range.start == PositionShape(line: 1, character: 25))
      let related = try #require(diagnostic.relatedInformation?.first)
      #expect(related.location.uri.path == desk.root.appending(".ion/workflows/leaf.yaml"))
      // The columns are UTF-16's.
      #expect(related.location.range.start == PositionShape(line: 2, character: 51))
      #expect(related.message == "error: no node has the id `ghost`")
    }
  }

  @Test func includedNodesAreShownWhereTheirIncludeStands() async throws {
    let desk = try await MethodDesk(files: [
      ".ion/workflows/leaf.yaml": "name: leaf\nnodes: [{id: x, bash: ':'}]\n",
      ".ion/workflows/main.yaml": "name: main\nnodes: [{id: a, include: leaf}, {id: b, bash: ':', depends_on: a}]\n",
    ])
    let workflow = try await desk.call(GetWorkflow.self, ["workflow": "main"])
    #expect(workflow.second.nodes.map(\.nodeId) == ["a__x", "a", "b"])
    #expect(workflow.second.nodes.map(\.include) == ["a", nil, nil])
    #expect(workflow.second.nodes.map(\.runnable) == [true, true, true])
    #expect(workflow.second.nodes[0].range == workflow.second.nodes[1].range)
  }

  @Test func listsComeInPages() async throws {
    let desk = try await MethodDesk(files: Self.files)
    let first = try await desk.call(ListWorkflows.self, ["limit": 2])
    #expect(first.workflows.map(\.name) == ["bad", "good"])
    let cursor = try #require(first.nextCursor)
    let second = try await desk.call(ListWorkflows.self, ["limit": 2, "cursor": .string(cursor)])
    #expect(second.workflows.map(\.name) == ["third"])
    #expect(second.nextCursor == nil)
    let error = await desk.refusal(ListWorkflows.self, ["cursor": "what"])
    #expect(error?.kind == "inputInvalid")
    #expect(error?.path == "/params/cursor")
  }

  @Test func scopesAreListedAlone() async throws {
    let folder = TemporaryFolder("ion-methods")
    folder.write("name: mine\nnodes: [{id: a, bash: 'true'}]\n", to: "user/ion/workflows/mine.yaml")
    let desk = try await MethodDesk(files: Self.files, folder: folder)
    #expect(try await desk.call(ListWorkflows.self, ["scope": "user"]).workflows.map(\.name) == ["mine"])
    #expect(try await desk.call(ListWorkflows.self, ["scope": "workspace"]).workflows.count == 3)
    #expect(await desk.refusal(ListWorkflows.self, ["scope": "somewhere"])?.path == "/params/scope")
  }

  @Test func configuredFolderThatIsMissingIsAFault() async throws {
    var files = Self.files
    files[".ion/config.yaml"] = "workflow_paths: [elsewhere]\n"
    let desk = try await MethodDesk(files: files)
    let list = try await desk.call(ListWorkflows.self)
    #expect(list.workflows.count == 3)
    #expect(list.faults.map(\.uri.path) == [desk.root.appending("elsewhere")])
  }

  @Test func oneWorkflowIsShownWithItsNodesAndText() async throws {
    let desk = try await MethodDesk(files: Self.files)
    let workflow = try await desk.call(GetWorkflow.self, ["workflow": "GOOD"])
    #expect(workflow.name == "good")
    #expect(workflow.text == Self.good)
    #expect(workflow.diagnostics.allSatisfy { $0.severity != 1 })
    #expect(workflow.nodes.map(\.nodeId) == ["first", "second"])
    #expect(workflow.nodes.map(\.runnable) == [true, true])
    let second = workflow.nodes[1]
    #expect(second.kind == "prompt")
    #expect(second.dependsOn == ["first"])
    #expect(second.when == "$first.output == \"x\"")
    #expect(second.triggerRule == .allDone)
    #expect(second.range.start.line == 9)
    #expect(second.idRange.start == PositionShape(line: 9, character: 8))
  }

  @Test func brokenWorkflowIsShownWithWhatIsWrong() async throws {
    let desk = try await MethodDesk(files: Self.files)
    let workflow = try await desk.call(GetWorkflow.self, ["uri": desk.uri(".ion/workflows/bad.yaml")])
    #expect(!workflow.valid)
    #expect(workflow.nodes.isEmpty)
    #expect(workflow.diagnostics.contains { $0.severity == 1 })
  }

  @Test func unknownNamesComeWithWhatWasMeant() async throws {
    let desk = try await MethodDesk(files: Self.files)
    let error = await desk.refusal(GetWorkflow.self, ["workflow": "goood"])
    #expect(error?.kind == "workflowNotFound")
    #expect(error?.data?["suggestions"] == ["good"])
    #expect(await desk.refusal(GetWorkflow.self, ["uri": desk.uri("none.yaml")])?.kind == "workflowNotFound")
    #expect(await desk.refusal(GetWorkflow.self, ["uri": "file:///etc/none.yaml"])?.kind == "outsideWorkspace")
    #expect(await desk.refusal(GetWorkflow.self)?.path == "/params/workflow")
    #expect(await desk.refusal(GetWorkflow.self, ["workflow": "a", "uri": "file:///a"])?.path == "/params/uri")
  }

  @Test func textIsCheckedInsteadOfTheFile() async throws {
    let desk = try await MethodDesk(files: Self.files)
    let uri = desk.uri(".ion/workflows/good.yaml")
    #expect(try await desk.call(ValidateWorkflow.self, ["uri": uri]).valid)
    let text = "name: \u{1D11E}\nnodes:\n  - id: a\n    bash: x\n    timout: 5m # 𝄞\n"
    let checked = try await desk.call(ValidateWorkflow.self, ["uri": uri, "text": .string(text)])
    #expect(checked.valid)
    let warning = try #require(checked.diagnostics.first)
    #expect(warning.severity == 2)
    #expect(warning.code == "unknownKey")
    #expect(warning.source == "ion")
    #expect(warning.range.start == PositionShape(line: 4, character: 4))
    #expect(warning.range.end == PositionShape(line: 4, character: 10))
    #expect(warning.message.contains("timeout"))
    #expect(try await desk.call(ValidateWorkflow.self, ["text": "nodes: ["]).valid == false)
  }

  @Test func filesOutsideAreNotLookedAt() async throws {
    let desk = try await MethodDesk(files: Self.files)
    desk.folder.write("name: x\n", to: "outside.yaml")
    let outside = FileURI(desk.folder.path.appending("outside.yaml")).description
    #expect(await desk.refusal(ValidateWorkflow.self, ["uri": .string(outside)])?.kind == "outsideWorkspace")
    #expect(await desk.refusal(ValidateWorkflow.self)?.path == "/params/uri")
    #expect(
      await desk.refusal(ValidateWorkflow.self, ["text": "", "codebaseId": "no"])?.kind == "codebaseNotRegistered")
  }

  @Test func linkThatLeadsOutIsOutside() async throws {
    let desk = try await MethodDesk(files: Self.files)
    let target = desk.folder.write("name: x\nnodes: [{id: a, bash: 'true'}]\n", to: "outside.yaml")
    try #require(link(target, desk.root.appending("inside.yaml")))
    #expect(await desk.refusal(ExecuteWorkflow.self, ["uri": desk.uri("inside.yaml")])?.kind == "outsideWorkspace")
  }

  @Test func configurationsAreValidatedAsWhatTheyAre() async throws {
    let desk = try await MethodDesk(files: [".ion/config.yaml": "provder: x\n"])
    let uri = desk.uri(".ion/config.yaml")
    let held = try await desk.call(ValidateWorkflow.self, ["uri": uri])
    #expect(held.valid && held.diagnostics.map(\.code) == ["unknownKey"])
    #expect(held.diagnostics.first?.message.hasSuffix("did you mean `provider` or `providers`?") == true)
    let typed = try await desk.call(ValidateWorkflow.self, ["uri": uri, "text": "slots: none\nproviders: 7\n"])
    #expect(!typed.valid && typed.diagnostics.map(\.severity) == [1, 1])
    let missing = await desk.refusal(ValidateWorkflow.self, ["uri": "file:///srv/other/.ion/config.yaml"])
    #expect(missing?.kind == "outsideWorkspace")
  }
}
