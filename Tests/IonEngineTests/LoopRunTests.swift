import IonEngine
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// `loop_group` nodes with real steps.
@Suite struct LoopRunTests {
  private static func fixture(_ yaml: String) async throws -> EngineFixture {
    try await EngineFixture(files: [".ion/workflows/w.yaml": yaml])
  }

  @Test func aBodyIsRepeatedUntilItsTestComesOutWell() async throws {
    let fixture = try await Self.fixture(
      """
      name: w
      nodes:
        - {id: start, bash: echo 10}
        - id: count
          depends_on: [start]
          loop_group:
            max_iterations: 5
            until_bash: test "$add.output" -ge 13
            nodes:
              - id: add
                bash: |
                  last=$LOOP_PREV_OUTPUT
                  echo $(( ${last:-$start.output} + 1 ))
              - {id: note, depends_on: [add], bash: 'echo "$ION_NODE_ID: $add.output after $LOOP_PREV.add.output" >> notes; echo $add.output'}
        - {id: tell, depends_on: [count], bash: 'echo "counted to $count.output"'}
      """)
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["tell"]?.output?.text == "counted to 13")
    #expect(nodes["count"]?.summary == "3 iterations")
    #expect(
      fixture.folder.read("workspace/notes")
        == "count#1/note: 11 after \ncount#2/note: 12 after 11\ncount#3/note: 13 after 12\n")
    #expect(run.counts == [.succeeded: 3], "what is in a body doesn't count among the workflow's nodes")
    #expect(nodes["count#2/until_bash"]?.status == .failed)
    #expect(nodes["count#3/until_bash"]?.status == .succeeded)
    let order = try await fixture.workspace.nodes(of: run.id).map(\.node.rawValue)
    #expect(order.prefix(3) == ["start", "count", "tell"] && order.dropFirst(3).first == "count#1/add")
    let history = try await fixture.workspace.history(of: "count#2/note", in: run.id)
    #expect(history.dependencies.map(\.node) == ["count#2/add"])
    #expect(history.executions.map(\.status) == [.succeeded])
  }

  @Test func aWordInTheOutputEndsIt() async throws {
    let fixture = try await Self.fixture(
      """
      name: w
      nodes:
        - id: ask
          loop_group:
            max_iterations: 9
            until: DONE
            nodes:
              - {id: say, bash: 'echo x >> said; test "$(wc -l < said)" -lt 4 && echo "not yet DONE" || echo "<promise>DONE</promise>"'}
      """)
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded)
    #expect(nodes["ask"]?.output?.text == "<promise>DONE</promise>")
    #expect(nodes["ask"]?.summary == "4 iterations")
  }

  @Test func aBodyMayHaveAMatrix() async throws {
    let fixture = try await Self.fixture(
      """
      name: w
      nodes:
        - id: l
          loop_group:
            max_iterations: 3
            until_bash: test -e go
            nodes:
              - {id: each, matrix: {n: [1, 2]}, bash: echo $MATRIX.n}
              - {id: sum, depends_on: [each], bash: 'echo $each.output | tee -a sums; touch go'}
      """)
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(fixture.folder.read("workspace/sums") == "[1,2]\n")
    #expect(nodes["l#1/each[2]"]?.output?.text == "2")
  }

  @Test func aTestThatCantRunFailsTheLoop() async throws {
    let fixture = try await Self.fixture(
      """
      name: w
      nodes:
        - id: l
          loop_group:
            max_iterations: 3
            until_bash: test $(( $a.output )) -gt 3
            nodes: [{id: a, bash: echo no number}]
      """)
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .failed)
    #expect(run.error?.hasPrefix("l failed: until_bash:") == true, "\(run.error ?? "")")
  }

  @Test func anInterruptedLoopGoesOnWithItsIterationInAnotherProcess() async throws {
    let fixture = try await Self.fixture(
      """
      name: w
      nodes:
        - id: l
          loop_group:
            max_iterations: 3
            until_bash: test -e stop
            nodes:
              - {id: a, bash: echo a >> order}
              - id: b
                depends_on: [a]
                bash: test "$ION_NODE_ID" != "l#2/b" || test -e go || sleep 1000; echo b >> order
              - {id: c, depends_on: [b], bash: 'echo c >> order; test "$ION_NODE_ID" != "l#2/c" || touch stop'}
      """)
    let started = try await fixture.start("w")
    await fixture.platform.until("l#2/b", is: .running)
    await fixture.engine.close(reason: "the editor closed", grace: .milliseconds(100))
    let second = try await EngineFixture(folder: fixture.folder)
    #expect(try await second.workspace.record(of: started.id).status == .interrupted)
    fixture.folder.write("", to: "workspace/go")
    _ = try await second.workspace.resume(started.id, secrets: [:])
    let (run, nodes) = try await second.end(of: started.id)
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(fixture.folder.read("workspace/order") == "a\nb\nc\na\nb\nc\n")
    #expect(nodes["l#2/a"]?.attempt == 1 && nodes["l#2/b"]?.attempt == 2)
  }

  @Test func oneLoopCanBeCancelledByName() async throws {
    let fixture = try await Self.fixture(
      """
      name: w
      nodes:
        - id: l
          loop_group: {max_iterations: 3, until: DONE, nodes: [{id: a, bash: sleep 1000}]}
        - {id: z, bash: echo z}
      """)
    let started = try await fixture.start("w")
    await fixture.platform.until("l#1/a", is: .running)
    _ = try await fixture.workspace.cancel(started.id, node: "l", reason: "enough", force: true)
    let (run, nodes) = try await fixture.end(of: started.id)
    #expect(run.error == "l was cancelled: enough")
    #expect(nodes["l"]?.status == .cancelled && nodes["z"]?.status == .succeeded)
  }

  @Test func aMendedBodyRunsAnew() async throws {
    func workflow(_ body: String) -> String {
      """
      name: w
      nodes:
        - {id: first, bash: echo x >> firsts}
        - id: l
          depends_on: [first]
          loop_group: {max_iterations: 2, until: DONE, nodes: [{id: a, bash: '\(body)'}]}
      """
    }
    let fixture = try await Self.fixture(workflow("exit 3"))
    let (failed, _) = try await fixture.run("w")
    #expect(failed.error == "l failed: iteration 1: l#1/a failed: exited with code 3" || failed.status == .failed)
    fixture.folder.write(workflow("echo DONE"), to: "workspace/.ion/workflows/w.yaml")
    _ = try await fixture.workspace.resume(failed.id, secrets: [:], withCurrent: true)
    let (run, nodes) = try await fixture.end(of: failed.id)
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["l#1/a"]?.attempt == 2)
    #expect(fixture.folder.read("workspace/firsts") == "x\n")
  }
}
