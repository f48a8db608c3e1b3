import IonEngine
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@Suite struct ExecutionTests {
  @Test func chainRunsInOrderAndPassesItsOutputs() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/chain.yaml": """
      name: chain
      nodes:
        - id: first
          bash: echo "it's \\"here\\"; $(echo no)"
        - id: second
          depends_on: [first]
          bash: printf '%s|' $first.output '$first.output' "$first.output"
      """
    ])
    let (run, nodes) = try await fixture.run("chain")
    #expect(run.status == .succeeded)
    #expect(run.error == nil)
    #expect(nodes["second"]?.output?.text == "it's \"here\"; no|it's \"here\"; no|it's \"here\"; no|")
    #expect(run.counts == [.succeeded: 2])
  }

  @Test func failureSkipsWhatDependsOnItAndSaysWhy() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: bad
          bash: echo "no such thing" >&2; exit 3
        - id: after
          depends_on: [bad]
          bash: echo never
        - id: beside
          bash: echo fine
      """
    ])
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .failed)
    #expect(nodes["bad"]?.status == .failed)
    #expect(nodes["bad"]?.exitCode == 3)
    #expect(nodes["bad"]?.error?.contains("no such thing") == true)
    #expect(nodes["after"]?.status == .skipped)
    #expect(nodes["beside"]?.status == .succeeded)
    #expect(run.error?.contains("bad failed") == true)
    #expect(fixture.platform.messages.contains { $0.hasPrefix("Started w") })
  }

  @Test func failedRunResumesAtWhatFailed() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: once
          bash: echo x >> count; wc -l < count
        - id: flaky
          depends_on: [once]
          bash: test -e fixed && echo "$once.output"
      """
    ])
    let (failed, _) = try await fixture.run("w")
    #expect(failed.status == .failed)
    fixture.folder.write("", to: "workspace/fixed")
    let resumed = try await fixture.workspace.resume(failed.id, secrets: [:])
    #expect(resumed.id == failed.id)
    let (run, nodes) = try await fixture.end(of: failed.id)
    #expect(run.status == .succeeded)
    #expect(run.attempt == 2)
    #expect(nodes["flaky"]?.output?.text == "1")
    #expect(nodes["once"]?.attempt == 1)
    #expect(nodes["flaky"]?.attempt == 2)
  }

  @Test func runThatNeverBeganIsTakenUp() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: echo a >> order}]\n", ".ion/config.yaml": "provider: [",
    ])
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .failed && run.attempt == 1)
    fixture.folder.write("", to: "workspace/.ion/config.yaml")
    let resumed = try await fixture.workspace.resume(run.id, secrets: [:])
    try #require(resumed.attempt == 2)
    #expect(try await fixture.end(of: run.id).run.status == .succeeded)
    #expect(fixture.folder.read("workspace/order") == "a\n")
  }

  @Test func succeededRunIsNotResumed() async throws {
    let fixture = try await EngineFixture(files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: ':'}]\n"])
    let (run, _) = try await fixture.run("w")
    await #expect(throws: EngineFailure.self) { try await fixture.workspace.resume(run.id, secrets: [:]) }
  }

  @Test func cancelStopsWhatRuns() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: long
          bash: touch began; sleep 1000
        - id: after
          depends_on: [long]
          bash: echo never
      """
    ])
    let started = try await fixture.start("w")
    await fixture.platform.until("long", is: .running)
    _ = try await fixture.workspace.cancel(started.id, node: nil, reason: "enough", force: false)
    let (run, nodes) = try await fixture.end(of: started.id)
    #expect(run.status == .cancelled)
    #expect(run.error?.contains("enough") == true)
    #expect(nodes["long"]?.status == .cancelled)
    #expect(nodes["after"]?.status == .cancelled)
    let again = try await fixture.workspace.cancel(started.id, node: nil, reason: nil, force: true)
    #expect(again.status == .cancelled)
  }

  @Test func brokenConfigFailsTheRunWithTheReason() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: ':'}]\n",
      ".ion/config.yaml": "provider: [",
    ])
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .failed)
    #expect(run.error?.contains("config.yaml") == true)
  }

  @Test func whoHearsOfARunsEndCanStartTheNext() async throws {
    let fixture = try await EngineFixture(files: [".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: ':'}]\n"])
    let taker = LockTaker(path: fixture.root, folder: fixture.folder.path.appending("locks"))
    _ = try await fixture.workspace.subscribe(taker, run: nil, after: nil, output: false)
    _ = try await fixture.run("w")
    _ = try await fixture.run("w")
    for await isTaken in taker.attempts.prefix(2) { #expect(isTaken) }
  }

  @Test func twoRunsDoNotShareAWorkingPath() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, bash: sleep 1000}]\n",
      ".ion/workflows/free.yaml": "name: free\nmutates_checkout: false\nnodes: [{id: a, bash: echo hi}]\n",
    ])
    let first = try await fixture.start("w")
    await fixture.platform.until("a", is: .running)
    do {
      _ = try await fixture.start("w")
      Issue.record("the second run started")
    } catch EngineFailure.pathLocked(let holder, _, let run) {
      #expect(holder.run == first.id)
      let left = try #require(run)
      #expect(try await fixture.workspace.record(of: left).status == .failed)
    }
    let (beside, _) = try await fixture.run("free")
    #expect(beside.status == .succeeded)
    _ = try await fixture.workspace.cancel(first.id, node: nil, reason: nil, force: true)
    _ = try await fixture.end(of: first.id)
    let third = try await fixture.start("w")
    _ = try await fixture.workspace.cancel(third.id, node: nil, reason: nil, force: true)
    #expect(try await fixture.end(of: third.id).run.status == .cancelled)
  }

  @Test func filesInTheArtifactFolderBecomeArtifacts() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: make
          bash: |
            mkdir -p "$ARTIFACTS_DIR/sub"; echo '# hi' > "$ARTIFACTS_DIR/report.md"; echo 1 > "$ARTIFACTS_DIR/sub/a.json"
            mkdir -p out; echo built > out/app.bin
          artifacts: ["out/**"]
          output_type: report
      """
    ])
    let (run, _) = try await fixture.run("w")
    let artifacts = try await fixture.workspace.artifacts(of: run.id, prefix: nil)
    #expect(artifacts.map(\.name).sorted() == ["out/app.bin", "report.md", "sub/a.json"])
    #expect(artifacts.first { $0.name == "report.md" }?.mediaType == "text/markdown")
    #expect(artifacts.allSatisfy { $0.node == "make" && $0.type == "report" })
  }
}

/// Takes a path's lock the moment it hears that a run has ended, and gives it back.
private struct LockTaker: WorkflowPlatform {
  let path: AbsolutePath
  let folder: AbsolutePath
  /// Whether each attempt gave the lock.
  let attempts: AsyncStream<Bool>
  private let made: AsyncStream<Bool>.Continuation

  init(path: AbsolutePath, folder: AbsolutePath) {
    self.path = path
    self.folder = folder
    (attempts, made) = AsyncStream.makeStream()
  }

  func deliver(_ notices: [StoredNotice], of codebase: CodebaseID?) {
    for case .progress(let progress) in notices.map(\.notice) where !progress.status.isLive {
      let me = PathLockHolder(pid: 1, run: "next", workflow: "next", codebase: nil)
      do throws(EngineFailure) {
        try PathLock.take(path, for: me, in: folder).release()
        made.yield(true)
      } catch {
        made.yield(false)
      }
    }
  }

  func outputArrived(_ arrival: OutputArrival) {}
}
