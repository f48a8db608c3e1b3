import IonEngine
import IonJSON
import IonRPC
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

@Suite struct RunMethodTests {
  private static let chain = """
      - id: first
        bash: echo out; echo err >&2
      - id: second
        depends_on: [first]
        bash: test -e mended || exit 3
      - id: third
        depends_on: [second]
        bash: echo third
    """

  // MARK: Status and wait

  @Test func statusCountsNodesAndListsThemWhereAsked() async throws {
    let desk = try await MethodDesk(nodes: Self.chain)
    let run = try await desk.run()
    #expect(run.status == .failed)
    #expect(run.resumable)
    #expect(run.counts == ["succeeded": 1, "failed": 1, "skipped": 1])
    #expect(run.nodes == nil)
    let whole = try await desk.call(GetStatus.self, ["runId": run.runId.json, "nodes": true])
    #expect(whole.nodes?.map(\.nodeId) == ["first", "second", "third"])
    #expect(whole.nodes?.map(\.status) == [.succeeded, .failed, .skipped])
    #expect(whole.nodes?[1].exitCode == 3)
    #expect(whole.nodes?[0].outputBytes == 3)
    #expect(whole.endedAt != nil)
  }

  @Test func nodesSinceAnEventAreThoseThatChanged() async throws {
    let desk = try await MethodDesk(nodes: Self.chain)
    let run = try await desk.run()
    let id = run.runId.json
    let early = try await desk.call(GetStatus.self, ["runId": id, "nodes": true, "sinceSeq": 0])
    #expect(early.nodes?.count == 3)
    let late = try await desk.call(GetStatus.self, ["runId": id, "nodes": true, "sinceSeq": .integer(run.seq)])
    #expect(late.nodes == [])
    let events = try await desk.call(ReplayEvents.self, ["runId": id, "afterSeq": 0]).events
    let settled = try #require(
      events.first { event in
        event.params["nodes"]?.arrayValue?.contains { $0["nodeId"] == "first" && $0["status"] == "succeeded" } ?? false
      })
    let between = try await desk.call(
      GetStatus.self, ["runId": id, "nodes": true, "sinceSeq": .integer(settled.seq)])
    #expect(between.nodes?.contains { $0.nodeId == "second" } == true)
    #expect(between.nodes?.contains { $0.nodeId == "first" } == false)
  }

  @Test func unknownRunsAreNamed() async throws {
    let desk = try await MethodDesk(nodes: Self.chain)
    for error in [
      await desk.refusal(GetStatus.self, ["runId": "r-none"]),
      await desk.refusal(WaitForWorkflow.self, ["runId": "r-none"]),
      await desk.refusal(CancelWorkflow.self, ["runId": "r-none"]),
      await desk.refusal(ResumeWorkflow.self, ["runId": "r-none"]),
      await desk.refusal(RerunWorkflow.self, ["runId": "r-none"]),
      await desk.refusal(ReadLog.self, ["runId": "r-none"]),
      await desk.refusal(DeleteRun.self, ["runId": "r-none"]),
      await desk.refusal(ListArtifacts.self, ["runId": "r-none"]),
      await desk.refusal(ExplainNode.self, ["runId": "r-none", "nodeId": "a"]),
      await desk.refusal(ReplayEvents.self, ["runId": "r-none", "afterSeq": 0]),
    ] {
      #expect(error?.kind == "runNotFound")
      #expect(error?.data?["runId"] == "r-none")
    }
  }

  @Test func waitEndsWithItsTimeAndTheRunGoesOn() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: '\(MethodDesk.waiting)'}")
    let run = try await desk.start()
    let waited = try await desk.call(WaitForWorkflow.self, ["runId": run.json, "timeoutMs": 0])
    #expect(waited.timedOut)
    #expect(waited.status.isLive)
    desk.letGo()
    let ended = try await desk.call(WaitForWorkflow.self, ["runId": run.json, "until": "finished"])
    #expect(!ended.timedOut)
    #expect(ended.status == .succeeded)
  }

  @Test func cancelledWaitLeavesTheRunAlone() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: '\(MethodDesk.waiting)'}")
    let run = try await desk.start()
    let wait = Task { await desk.refusal(WaitForWorkflow.self, ["runId": run.json]) }
    wait.cancel()
    // The wait ends; that its answer is -32800 is the dispatch's doing, which the framing tests hold over the wire.
    #expect(await wait.value == nil)
    #expect(try await desk.call(GetStatus.self, ["runId": run.json]).status.isLive)
    desk.letGo()
    #expect(try await desk.end(of: run).status == .succeeded)
  }

  // MARK: Cancel, resume, rerun

  @Test func secondCancelChangesNothing() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: sleep 1000}")
    let run = try await desk.start()
    await desk.fixture.platform.until("a", is: .running)
    _ = try await desk.call(CancelWorkflow.self, ["runId": run.json, "reason": "enough", "force": true])
    _ = try await desk.call(CancelWorkflow.self, ["runId": run.json, "reason": "again"])
    let ended = try await desk.end(of: run)
    #expect(ended.status == .cancelled)
    #expect(ended.error == "enough")
    #expect(try await desk.call(CancelWorkflow.self, ["runId": run.json]) == ended)
  }

  @Test func nodeThatIsNotThereIsToldWithThoseThatMayBeMeant() async throws {
    let desk = try await MethodDesk(
      nodes: "  - {id: build, bash: '\(MethodDesk.waiting)'}\n  - {id: test, bash: echo}")
    let run = try await desk.start()
    let params: JSONValue = ["runId": run.json, "nodeId": "biuld"]
    let live = await desk.refusal(CancelWorkflow.self, params)
    desk.letGo()
    #expect(try await desk.end(of: run).status == .succeeded)
    let refusals = [
      live, await desk.refusal(CancelWorkflow.self, params), await desk.refusal(ReadLog.self, params),
      await desk.refusal(ExplainNode.self, params),
      await desk.refusal(RerunWorkflow.self, ["runId": run.json, "fromNodeId": "biuld"]),
    ]
    for refusal in refusals {
      #expect(refusal?.kind == "nodeNotFound")
      #expect(refusal?.data?["suggestions"] == ["build"])
      #expect(refusal?.message.hasSuffix("has no node `biuld`. Did you mean `build`?") == true)
    }
  }

  @Test func oneNodeIsCancelledAlone() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: sleep 1000}\n  - {id: b, bash: echo b}")
    let run = try await desk.start()
    await desk.fixture.platform.until("a", is: .running)
    #expect(await desk.refusal(CancelWorkflow.self, ["runId": run.json, "nodeId": "none"])?.kind == "nodeNotFound")
    _ = try await desk.call(CancelWorkflow.self, ["runId": run.json, "nodeId": "a", "force": true])
    let ended = try await desk.end(of: run)
    #expect(ended.status == .failed)
    #expect(ended.counts == ["cancelled": 1, "succeeded": 1])
  }

  @Test func resumedRunIsTheSameWithOneMoreAttempt() async throws {
    let desk = try await MethodDesk(nodes: Self.chain)
    let failed = try await desk.run()
    desk.folder.write("", to: "workspace/mended")
    let resumed = try await desk.call(ResumeWorkflow.self, ["runId": failed.runId.json])
    #expect(resumed.runId == failed.runId)
    #expect(resumed.attempt == 2)
    #expect(resumed.seq > failed.seq)
    #expect(resumed.error == nil)
    let ended = try await desk.end(of: failed.runId)
    #expect(ended.status == .succeeded)
    #expect(ended.attempt == 2)
    let error = await desk.refusal(ResumeWorkflow.self, ["runId": failed.runId.json])
    #expect(error?.kind == "invalidState")
    #expect(error?.data?["runId"] == failed.runId.json)
  }

  @Test func resumeTakesTodaysDefinitionWhereThatIsAsked() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: echo a >> order}\n  - {id: b, bash: exit 1}")
    let failed = try await desk.run()
    let params: JSONValue = ["runId": failed.runId.json, "withCurrent": true]
    desk.folder.write("name: w\nnodes: [{id: a}]\n", to: "workspace/.ion/workflows/w.yaml")
    let error = await desk.refusal(ResumeWorkflow.self, params)
    #expect(error?.kind == "workflowInvalid")
    #expect(error?.data?["diagnostics"]?.arrayValue?.isEmpty == false)
    try desk.folder.move("workspace/.ion/workflows/w.yaml", to: "gone")
    #expect(await desk.refusal(ResumeWorkflow.self, params)?.kind == "workflowNotFound")

    for (path, text) in MethodDesk.files("  - {id: a, bash: echo a >> order}\n  - {id: c, bash: 'true'}") {
      desk.folder.write(text, to: "workspace/" + path)
    }
    #expect(try await desk.call(ResumeWorkflow.self, params).attempt == 2)
    let ended = try await desk.end(of: failed.runId)
    #expect(ended.status == .succeeded)
    let nodes = try await desk.call(GetStatus.self, ["runId": failed.runId.json, "nodes": true]).nodes
    #expect(nodes?.map(\.nodeId) == ["a", "c"])
    #expect(desk.folder.read("workspace/order") == "a\n")
  }

  @Test func secretsAreAskedForAgain() async throws {
    let desk = try await MethodDesk(files: [
      ".ion/workflows/w.yaml": """
      name: w
      inputs: {key: {type: secret, required: true}}
      nodes:
        - {id: a, bash: 'test -e mended && echo "$INPUTS_KEY"'}
      """
    ])
    #expect(await desk.refusal(ExecuteWorkflow.self, ["workflow": "w"])?.path == "/params/inputs/key")
    let run = try await desk.run(["inputs": ["key": "one"]])
    desk.folder.write("", to: "workspace/mended")
    let error = await desk.refusal(ResumeWorkflow.self, ["runId": run.runId.json])
    #expect(error?.kind == "inputInvalid")
    #expect(error?.path == "/params/secrets/key")
    _ = try await desk.call(ResumeWorkflow.self, ["runId": run.runId.json, "secrets": ["key": "two"]])
    #expect(try await desk.end(of: run.runId).status == .succeeded)
    #expect(try await desk.call(ReadLog.self, ["runId": run.runId.json, "nodeId": "a"]).text == "two\n")
  }

  @Test(arguments: [("idempotencyKey", JSONValue.string("k"))])
  func whatThisVersionDoesNotDoIsRefused(name: String, value: JSONValue) async throws {
    let desk = try await MethodDesk(nodes: Self.chain)
    let run = try await desk.run()
    let error = await desk.refusal(ResumeWorkflow.self, ["runId": run.runId.json, name: value])
    #expect(error?.kind == "inputInvalid")
    #expect(error?.path == "/params/\(name)")
  }

  @Test func rerunIsANewRunThatTakesOverWhatIsUpstream() async throws {
    let desk = try await MethodDesk(nodes: Self.chain)
    let failed = try await desk.run()
    desk.folder.write("", to: "workspace/mended")
    let id = failed.runId.json
    #expect(await desk.refusal(RerunWorkflow.self, ["runId": id, "fromNodeId": "none"])?.kind == "nodeNotFound")
    let started = try await desk.call(RerunWorkflow.self, ["runId": id, "fromNodeId": "second"])
    #expect(started.runId != failed.runId)
    let ended = try await desk.end(of: started.runId)
    #expect(ended.status == .succeeded)
    #expect(ended.parentRunId == failed.runId)
    let nodes = try await desk.call(GetStatus.self, ["runId": started.runId.json, "nodes": true]).nodes
    #expect(nodes?.map(\.attempt) == [0, 1, 1])
    // What was taken over can be read as if it had been printed here.
    let log = try await desk.call(ReadLog.self, ["runId": started.runId.json, "nodeId": "first"])
    #expect(log.text == "out")
    #expect(log.eof)
  }

  // MARK: List and delete

  @Test func runsAreListedNewestFirstInPages() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: 'true'}")
    var runs: [RunID] = []
    for _ in 0..<3 { runs.append(try await desk.run().runId) }
    let first = try await desk.call(ListRuns.self, ["limit": 2])
    #expect(first.runs.map(\.runId) == [runs[2], runs[1]])
    let cursor = try #require(first.nextCursor)
    let second = try await desk.call(ListRuns.self, ["limit": 2, "cursor": .string(cursor)])
    #expect(second.runs.map(\.runId) == [runs[0]])
    #expect(second.nextCursor == nil)
    #expect(await desk.refusal(ListRuns.self, ["cursor": "x"])?.path == "/params/cursor")
  }

  @Test func runsAreListedByWhatIsAskedFor() async throws {
    let desk = try await MethodDesk(nodes: Self.chain)
    let run = try await desk.run()
    let made = run.createdAt.wallTime
    for (filter, count) in [
      (["status": ["failed"]], 1), (["status": ["succeeded", "cancelled"]], 0), (["status": []], 1),
      (["workflow": "w"], 1), (["workflow": "W"], 0), (["since": .string(Timestamp(made).description)], 1),
      (["until": .string(Timestamp(made).description)], 0), (["since": .string(Timestamp(made + 1).description)], 0),
    ] as [(JSONObject, Int)] {
      #expect(try await desk.call(ListRuns.self, .object(filter)).runs.count == count, "\(filter)")
    }
    #expect(await desk.refusal(ListRuns.self, ["status": ["done"]])?.path == "/params/status/0")
    #expect(await desk.refusal(ListRuns.self, ["since": "yesterday"])?.path == "/params/since")
  }

  @Test func emptyCodebaseHasNoRunsAndGetsNoStore() async throws {
    let desk = try await MethodDesk()
    #expect(try await desk.call(ListRuns.self).runs.isEmpty)
    #expect(try await desk.call(ListArtifacts.self).artifacts.isEmpty)
    #expect(!desk.fixture.workspace.hasStore)
  }

  @Test func deletedRunLeavesNothingButANotice() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: 'echo x > $ARTIFACTS_DIR/x'}")
    let run = try await desk.run()
    let id = run.runId.json
    #expect(try await desk.call(DeleteRun.self, ["runId": id]).deleted)
    #expect(await desk.refusal(GetStatus.self, ["runId": id])?.kind == "runNotFound")
    #expect(!desk.folder.exists("workspace/.ion/codebases/\(desk.codebase.id)/artifacts/\(run.runId)"))
    let replay = try await desk.call(ReplayEvents.self, ["afterSeq": .integer(run.seq)])
    #expect(replay.events.map(\.method) == ["run/didDelete"])
    #expect(replay.events.first?.params["runId"] == id)
  }

  @Test func liveRunIsNotDeleted() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: '\(MethodDesk.waiting)'}")
    let run = try await desk.start()
    #expect(await desk.refusal(DeleteRun.self, ["runId": run.json])?.kind == "invalidState")
    desk.letGo()
    _ = try await desk.end(of: run)
  }
}
