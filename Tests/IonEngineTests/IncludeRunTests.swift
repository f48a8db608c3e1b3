import IonJSON
import IonScheduler
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

/// Runs of workflows that include others.
@Suite struct IncludeRunTests {
  private static let leaf = ".ion/workflows/leaf.yaml"
  private static let files = [
    leaf: """
    name: leaf
    returns: say
    env: {GREETING: "hello $INPUTS.who"}
    inputs: {who: {required: true}, n: {type: number, default: 3}}
    nodes:
      - id: say
        bash: echo "$GREETING, $INPUTS.n, $INPUTS_WHO, ${INPUTS_TOP-none}"
      - id: after
        depends_on: say
        trigger_rule: all_done
        bash: echo after >> order; exit 0
    """,
    ".ion/workflows/mid.yaml": """
    name: mid
    inputs: {x: {}}
    nodes:
      - {id: low, include: leaf, with: {who: "<$INPUTS.x>", n: 4}}
    """,
    ".ion/workflows/main.yaml": """
    name: main
    inputs: {top: {default: all}}
    nodes:
      - id: plan
        bash: cat plan || echo it
      - id: one
        include: leaf
        with: {who: $plan.output}
        depends_on: plan
      - {id: two, include: mid, with: {x: $INPUTS.top}, when: $INPUTS.top != 'none'}
      - id: last
        depends_on: [one, two]
        bash: echo "$one.output; $two.output; $two__low__after.status"
    """,
  ]

  @Test func inputsAndOutputsGoThroughIncludes() async throws {
    let fixture = try await EngineFixture(files: Self.files)
    let (run, nodes) = try await fixture.run("main")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["last"]?.output?.text == "hello it, 3, it, none; hello <all>, 4, <all>, none; succeeded")
    #expect(nodes["one"]?.output?.text == "hello it, 3, it, none")
    #expect(nodes["one"]?.attempt == 0)
    #expect(nodes.count == 9)
  }

  @Test func nothingOfAnIncludeRunsThatIsNotEntered() async throws {
    let fixture = try await EngineFixture(files: Self.files)
    var options = WorkflowExecutionOptions()
    options.input = ["top": "none"]
    let (run, nodes) = try await fixture.run("main", options: options)
    #expect(run.status == .succeeded)
    #expect(nodes["two__low__after"]?.status == .skipped)
    #expect(nodes["two"]?.status == .skipped)
    #expect(nodes["last"]?.status == .skipped)
    #expect(fixture.folder.read("workspace/order") == "after\n")
  }

  @Test func anIncludeInALoopRunsInEachIterationWithWhatThatGives() async throws {
    var files = Self.files
    files[".ion/workflows/main.yaml"] = """
      name: main
      inputs: {top: {default: all}}
      nodes:
        - id: outer
          bash: echo around
        - id: rounds
          depends_on: outer
          loop_group:
            max_iterations: 5
            until: enough
            nodes:
              - id: count
                bash: echo x >> rounds; grep -c x rounds
              - {id: greet, include: mid, depends_on: count, with: {x: "$count.output of $INPUTS.top"}}
              - id: say
                depends_on: greet
                bash: |
                  echo "$greet.output; $LOOP_PREV.greet.output; $outer.output"
                  if [ "$count.output" -ge 2 ]; then echo enough; fi
        - id: last
          depends_on: rounds
          bash: echo "$rounds.output"
      """
    let fixture = try await EngineFixture(files: files)
    let (run, nodes) = try await fixture.run("main")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    let second = "hello <2 of all>, 4, <2 of all>, none"
    let first = "hello <1 of all>, 4, <1 of all>, none"
    #expect(nodes["last"]?.output?.text == "\(second); \(first); around\nenough")
    #expect(nodes["rounds#2/greet__low__say"]?.output?.text == second)
    #expect(nodes["rounds#1/greet"]?.status == .succeeded)
    #expect(nodes["rounds#3/greet"] == nil)
  }

  @Test func anInputOfTheWrongTypeFailsTheNodesThatGetIt() async throws {
    var files = Self.files
    files[".ion/workflows/main.yaml"] = """
      name: main
      nodes:
        - {id: plan, bash: echo much}
        - {id: one, include: leaf, with: {who: a, n: $plan.output}, depends_on: plan}
      """
    let fixture = try await EngineFixture(files: files)
    let (run, nodes) = try await fixture.run("main")
    #expect(run.status == .failed)
    #expect(nodes["one__say"]?.error == "the input `n` of the include `one`: it must be a number, and is text")
    #expect(nodes["one"]?.error == "2 of 2 failed: one__say, one__after")
  }

  @Test func aResumeGoesOnWithTheIncludedTextThatWasFrozen() async throws {
    var files = Self.files
    files[Self.leaf] = files[Self.leaf]?.replacing("exit 0", with: "exit 7")
    let fixture = try await EngineFixture(files: files)
    let (run, _) = try await fixture.run("main")
    #expect(run.status == .failed)
    fixture.folder.write(Self.files[Self.leaf] ?? "", to: "workspace/" + Self.leaf)
    _ = try await fixture.workspace.resume(run.id, secrets: [:])
    #expect(try await fixture.end(of: run.id).run.status == .failed)
    _ = try await fixture.workspace.resume(run.id, secrets: [:], withCurrent: true)
    let (mended, nodes) = try await fixture.end(of: run.id)
    #expect(mended.status == .succeeded, "\(mended.error ?? "")")
    #expect(nodes["one__say"]?.attempt == 1)
    #expect(nodes["one__after"]?.attempt == 3)
  }

  @Test func whatAnIncludeIsGivenCountsAsRead() async throws {
    var files = Self.files
    files[".ion/workflows/main.yaml"]?.append("\n  - {id: stop, depends_on: last, bash: exit 1}\n")
    let fixture = try await EngineFixture(files: files)
    let (run, _) = try await fixture.run("main")
    fixture.folder.write(
      files[".ion/workflows/main.yaml"]?.replacing("with: {who: $plan.output}", with: "with: {who: you}") ?? "",
      to: "workspace/.ion/workflows/main.yaml")
    _ = try await fixture.workspace.resume(run.id, secrets: [:], withCurrent: true)
    let (_, nodes) = try await fixture.end(of: run.id)
    #expect(nodes["plan"]?.attempt == 1)
    #expect(nodes["two__low__say"]?.attempt == 1)
    #expect(nodes["one__say"]?.attempt == 2)
    #expect(nodes["one__say"]?.output?.text == "hello you, 3, you, none")
  }

  @Test func aRerunFromAnIncludeRunsItsNodesAgain() async throws {
    let fixture = try await EngineFixture(files: Self.files)
    let (run, _) = try await fixture.run("main")
    let again = try await fixture.workspace.rerun(run.id, from: "one", inputs: [:])
    let (_, nodes) = try await fixture.end(of: again.id)
    #expect(nodes["one__say"]?.attempt == 1 && nodes["one__after"]?.attempt == 1)
    #expect(nodes["two__low__say"]?.attempt == 0 && nodes["plan"]?.attempt == 0)
    #expect(nodes["last"]?.attempt == 1)
  }
}
