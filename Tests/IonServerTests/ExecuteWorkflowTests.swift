import IonEngine
import IonJSON
import IonRPC
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

@Suite struct ExecuteWorkflowTests {
  private static let printing = """
    name: w
    inputs:
      who: {type: string, default: you}
      count: {type: number}
      token: {type: secret}
    nodes:
      - id: say
        bash: |
          echo "$INPUTS.who|$INPUTS.count|$ARGUMENTS|$CONTEXT"
          echo "$EDITOR_FILE|$EDITOR_LINE|$EDITOR_SELECTION|$EDITOR_LANGUAGE|$EDITOR_DIAGNOSTICS"
          pwd

    """
  private static let files = [".ion/workflows/w.yaml": printing]

  private func output(of run: RunID, _ desk: MethodDesk) async throws -> String {
    try await desk.call(ReadLog.self, ["runId": run.json, "nodeId": "say", "stream": "stdout"]).text
  }

  @Test func answerComesBeforeTheFirstNodeAndNamesTheFolders() async throws {
    let desk = try await MethodDesk(files: Self.files)
    let started = try await desk.call(ExecuteWorkflow.self, ["workflow": "w"])
    #expect(started.status == .queued)
    #expect(started.created)
    #expect(started.seq > 0)
    #expect(started.error == nil)
    #expect(started.codebaseId == desk.codebase.id)
    #expect(started.artifactsUri.description == "ion://\(desk.codebase.id)/\(started.runId)/artifacts/")
    #expect(started.logFileUri.path.isWithin(desk.root))
    #expect(try await desk.end(of: started.runId).status == .succeeded)
  }

  @Test func everythingThatIsGivenReachesTheSteps() async throws {
    let desk = try await MethodDesk(files: Self.files)
    desk.folder.write("", to: "workspace/sub/x")
    let run = try await desk.run([
      "cwdUri": desk.uri("sub"), "message": "the message", "inputs": ["who": "a b", "count": 4, "token": "s3cret"],
      "context": [
        "text": "the context",
        "editor": [
          "uri": desk.uri("c d.txt"), "line": 41, "selection": "sel", "languageId": "c", "diagnostics": [["line": 1]],
        ],
      ],
    ])
    let lines = try await output(of: run.runId, desk).split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "a b|4|the message|the context", "\(desk.root)/c d.txt|42|sel|c|[{\"line\":1}]", "\(desk.root)/sub",
      ])
    #expect(run.cwdUri.path == desk.root.appending("sub"))
    #expect(run.inputs == ["who": "a b", "count": 4])
    #expect(run.message == "the message")
  }

  @Test func documentsThatAreNoFilesKeepTheirURI() async throws {
    let desk = try await MethodDesk(files: Self.files)
    let run = try await desk.run([
      "context": ["editor": ["uri": "untitled:Untitled-1", "diagnostics": "two warnings"]]
    ])
    #expect(try await output(of: run.runId, desk).contains("untitled:Untitled-1||||two warnings"))
  }

  @Test(
    arguments: [
      (["inputs": ["count": "many"]], "inputInvalid", "/params/inputs/count"),
      (["inputs": ["whom": "x"]], "inputInvalid", "/params/inputs/whom"),
      (["codebaseId": "none"], "codebaseNotRegistered", nil), (["workflow": "none"], "workflowNotFound", nil),
      (["workflow": "broken"], "workflowInvalid", nil), (["cwdUri": "file:///"], "outsideWorkspace", nil),
      (["cwdUri": "file:///no/such/folder"], "unusable", nil),
    ] as [(JSONObject, String, String?)])
  func whatCannotBeDoneIsSaidWithItsPlace(change: JSONObject, kind: String, path: String?) async throws {
    var files = Self.files
    files[".ion/workflows/broken.yaml"] = "name: broken\nnodes: [{id: é, bash: x}]\n"
    let desk = try await MethodDesk(files: files)
    var params: JSONObject = ["workflow": "w"]
    for member in change.members { params[member.key] = member.value }
    let error = await desk.refusal(ExecuteWorkflow.self, .object(params))
    #expect(error?.kind == kind)
    #expect(error?.path == path)
    #expect(try await desk.call(ListRuns.self).runs.isEmpty)
  }

  @Test(arguments: [
    (#"{}"#, "/params/workflow"), (#"{"workflow": "a", "uri": "file:///a"}"#, "/params/uri"),
    (#"{"workflow": "w", "idempotencyKey": ""}"#, "/params/idempotencyKey"),
    (#"{"workflow": "w", "inputs": []}"#, "/params/inputs"),
    (#"{"workflow": "w", "isolation": "vm"}"#, "/params/isolation"),
    (#"{"workflow": "w", "context": {"editor": {"line": -1}}}"#, "/params/context/editor/line"),
    (#"{"workflow": "w", "workDoneToken": true}"#, "/params/workDoneToken"), (#"[]"#, "/params"),
  ])
  func wrongShapesAreRefusedWithTheirPlace(params: String, path: String) async throws {
    let desk = try await MethodDesk(files: Self.files)
    let error = await desk.refusal(ExecuteWorkflow.self, try JSONParser().parse(Array(params.utf8)))
    #expect(error?.code == -32602)
    #expect(error?.path == path)
  }

  @Test func isolationThatChangesNothingIsTaken() async throws {
    let desk = try await MethodDesk(files: Self.files)
    #expect(try await desk.run(["isolation": "inherit", "queue": false]).status == .succeeded)
  }

  @Test func diagnosticsOfABrokenFileComeAlong() async throws {
    let desk = try await MethodDesk(files: [".ion/workflows/w.yaml": "nodes: [{id: 𝄞𝄞, bash: x}]\n"])
    let error = await desk.refusal(ExecuteWorkflow.self, ["workflow": "w"])
    let diagnostic = error?.data?["diagnostics"]?.arrayValue?.first { $0["severity"] == 1 }
    #expect(diagnostic?["range"]?["start"] == ["line": 0, "character": 13])
    #expect(diagnostic?["range"]?["end"] == ["line": 0, "character": 17])
  }

  @Test func sameKeyGivesTheSameRunAndOtherParamsAConflict() async throws {
    let desk = try await MethodDesk(files: Self.files)
    let params: JSONObject = ["workflow": "w", "message": "m", "idempotencyKey": "k"]
    let first = try await desk.call(ExecuteWorkflow.self, .object(params))
    let second = try await desk.call(ExecuteWorkflow.self, .object(params))
    #expect(second.runId == first.runId)
    #expect(!second.created)
    var others = params
    others["message"] = "other"
    #expect(await desk.refusal(ExecuteWorkflow.self, .object(others))?.kind == "idempotencyConflict")
    #expect(try await desk.call(ListRuns.self).runs.count == 1)
    _ = try await desk.end(of: first.runId)
  }

  @Test func workflowsAreTakenFromFilesOfTheWorkspaceOrTheUser() async throws {
    let folder = TemporaryFolder("ion-methods")
    let mine = folder.write("nodes: [{id: a, bash: 'true'}]\n", to: "user/ion/workflows/mine.yaml")
    let desk = try await MethodDesk(files: ["deep/flow.yaml": "nodes: [{id: a, bash: 'true'}]\n"], folder: folder)
    let run = try await desk.run(["uri": desk.uri("deep/flow.yaml")])
    #expect(run.workflow == "flow")
    #expect(run.workflowUri?.path == desk.root.appending("deep/flow.yaml"))
    #expect(try await desk.run(["uri": .string(FileURI(mine).description)]).status == .succeeded)
    let outside = folder.write("nodes: []\n", to: "outside.yaml")
    let error = await desk.refusal(ExecuteWorkflow.self, ["uri": .string(FileURI(outside).description)])
    #expect(error?.kind == "outsideWorkspace")
  }

  @Test func stepsMayWorkInAGitWorktreeOfTheCodebase() async throws {
    let desk = try await MethodDesk(files: [
      ".ion/workflows/w.yaml": Self.printing, ".git/HEAD": "ref: refs/heads/main\n",
    ])
    let tree = desk.folder.path.appending("tree")
    desk.folder.write("gitdir: \(desk.root)/.git/worktrees/tree\n", to: "tree/.git")
    desk.folder.write("\(tree)/.git\n", to: "workspace/.git/worktrees/tree/gitdir")
    let run = try await desk.run(["cwdUri": .string(FileURI(tree).description)])
    #expect(try await output(of: run.runId, desk).contains("\n\(tree)\n"))
    desk.folder.write("", to: "stranger/file")
    let stranger = FileURI(desk.folder.path.appending("stranger")).description
    #expect(
      await desk.refusal(ExecuteWorkflow.self, ["workflow": "w", "cwdUri": .string(stranger)])?.kind
        == "outsideWorkspace")
  }

  @Test func pathInUseNamesItsHolderAndLeavesAFailedRun() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: '\(MethodDesk.waiting)'}")
    let holder = try await desk.start()
    let error = await desk.refusal(ExecuteWorkflow.self, ["workflow": "w"])
    #expect(error?.kind == "pathLocked")
    #expect(error?.data?["retryable"] == true)
    #expect(error?.data?["holder"]?["runId"] == holder.json)
    let left = try #require(error?.data?["runId"])
    #expect(try await desk.call(GetStatus.self, ["runId": left]).status == .failed)
    desk.letGo()
    #expect(try await desk.end(of: holder).status == .succeeded)
    // The end of a run is the end of its lock.
    #expect(try await desk.run().status == .succeeded)
  }

  @Test func runThatCannotStartSaysWhyInItsAnswer() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, prompt: hello}")
    let started = try await desk.call(ExecuteWorkflow.self, ["workflow": "w"])
    #expect(started.status == .failed)
    #expect(started.error?.contains("`a` needs an agent") == true)
  }
}
