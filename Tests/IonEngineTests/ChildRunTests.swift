import IonEngine
import IonJSON
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// `workflow` nodes: runs that others start.
@Suite struct ChildRunTests {
  static let child = """
    name: child
    inputs: {who: {required: true}, times: {type: number, default: 2}}
    returns: greet
    nodes:
      - {id: greet, bash: 'echo "hello $INPUTS.who times $INPUTS.times"'}
      - {id: after, depends_on: [greet], bash: echo ignored}
    """

  static func fixture(_ parent: String, _ child: String = child, more: [String: String] = [:]) async throws
    -> EngineFixture
  {
    var files = [".ion/workflows/parent.yaml": parent, ".ion/workflows/child.yaml": child]
    for (name, text) in more { files[".ion/workflows/\(name).yaml"] = text }
    return try await EngineFixture(files: files)
  }

  @Test func aChildHasItsOwnRecordAndGivesItsOutput() async throws {
    let fixture = try await Self.fixture(
      """
      name: parent
      nodes:
        - {id: name, bash: echo World}
        - {id: call, depends_on: [name], workflow: child, with: {who: $name.output, times: 3}}
        - {id: tell, depends_on: [call], bash: 'echo "it said: $call.output"'}
      """)
    let (run, nodes) = try await fixture.run("parent")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["tell"]?.output?.text == "it said: hello World times 3")
    let id = try #require(nodes["call"]?.child)
    let child = try await fixture.workspace.record(of: id)
    #expect(child.status == .succeeded)
    #expect(child.parent == run.id && child.parentNode == "call" && child.parentRun == run.id)
    #expect(child.request.inputs == ["who": "World", "times": 3])
    #expect(child.request.workingPath == run.request.workingPath)
    #expect(try await fixture.workspace.runs(RunFilter(family: .nobodys)).items.map(\.id) == [run.id])
    #expect(try await fixture.workspace.runs(RunFilter(family: .children(of: run.id))).items.map(\.id) == [id])
    #expect(try await fixture.workspace.runs(RunFilter()).items.count == 2)
  }

  @Test func aChildsMessageIsItsNodesInput() async throws {
    let fixture = try await Self.fixture(
      """
      name: parent
      nodes:
        - {id: call, workflow: child, input: 'about $ARGUMENTS'}
      """,
      """
      name: child
      nodes:
        - {id: first, bash: 'echo "[$ARGUMENTS]"'}
        - {id: second, bash: echo other}
      """)
    let (run, nodes) = try await fixture.run("parent", message: "cats")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["call"]?.output?.text == "[about cats]", "the first node that nothing waits for")
  }

  @Test func largeOutputsAreTheParentsOwn() async throws {
    let fixture = try await Self.fixture(
      """
      name: parent
      nodes:
        - {id: call, workflow: child}
        - {id: count, depends_on: [call], bash: 'printf %s "$call.output" | wc -c'}
      """,
      "name: child\nnodes:\n  - {id: big, bash: 'head -c 100000 /dev/zero | tr \"\\\\0\" x'}\n")
    let (run, nodes) = try await fixture.run("parent")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["count"]?.output?.text == "100000")
    #expect(nodes["call"]?.output?.file == "call/1/stdout")
    let child = try #require(nodes["call"]?.child)
    #expect(!fixture.folder.path.text.isEmpty && child != run.id)
  }

  @Test func aFailedChildFailsItsNode() async throws {
    let fixture = try await Self.fixture(
      "name: parent\nnodes:\n  - {id: call, workflow: child}\n",
      "name: child\nnodes:\n  - {id: broken, bash: 'echo no >&2; exit 3'}\n")
    let (run, nodes) = try await fixture.run("parent")
    let child = try #require(nodes["call"]?.child)
    #expect(run.status == .failed)
    let error = nodes["call"]?.error ?? ""
    #expect(error.hasPrefix("run \(child) of `child` failed: broken failed: "), "\(error)")
  }

  @Test(arguments: [
    ("workflow: nobody", "There is no workflow `nobody`."),
    ("workflow: child, with: {who: 1, color: red}", "with `color`: `child` has no such input"),
    ("workflow: child, with: {who: me, times: many}", "with `times` of `child`: it must be a number"),
    ("workflow: child", "input `who` is required, and was not given"),
    ("workflow: parent", "`parent` would be started by itself: `parent` → `parent`"),
    ("workflow: back", "`back` failed: call failed: `parent` would be started by itself: `parent` → `back` → `parent`"),
  ])
  func whatCannotBeStartedFailsTheNodeAndSaysWhy(_ node: String, _ error: String) async throws {
    let fixture = try await Self.fixture(
      "name: parent\nnodes:\n  - {id: call, \(node)}\n",
      more: ["back": "name: back\nnodes:\n  - {id: call, workflow: parent}\n"])
    let (run, nodes) = try await fixture.run("parent")
    #expect(run.status == .failed)
    #expect(nodes["call"]?.error?.contains(error) == true, "\(nodes["call"]?.error ?? "")")
  }

  @Test func runsStandFiveDeepBelowEachOtherAndNoDeeper() async throws {
    var more: [String: String] = [:]
    for level in 1...6 {
      more["w\(level)"] =
        "name: w\(level)\nnodes:\n  - {id: call, \(level == 6 ? "bash: echo deep" : "workflow: w\(level + 1)")}\n"
    }
    more["w0"] = "name: w0\nnodes:\n  - {id: call, workflow: w1}\n"
    let fixture = try await Self.fixture("name: parent\nnodes:\n  - {id: a, bash: 'true'}\n", more: more)
    #expect(try await fixture.run("w1").run.status == .succeeded)
    let (run, _) = try await fixture.run("w0")
    #expect(run.status == .failed)
    #expect(run.error?.contains("at most 5 deep") == true, "\(run.error ?? "")")
    #expect(run.error?.contains("`w0` → `w1` → `w2` → `w3` → `w4` → `w5` → `w6`") == true)
  }

  @Test func secretsGoToSecretInputsAlone() async throws {
    let fixture = try await Self.fixture(
      """
      name: parent
      inputs: {token: {type: secret, required: true}}
      nodes:
        - {id: open, workflow: child, with: {plain: $INPUTS.token}, continue_on_error: true}
        - {id: told, workflow: child, input: 'use $INPUTS.token', continue_on_error: true}
        - {id: call, workflow: child, with: {token: $INPUTS.token, plain: visible}}
      """,
      """
      name: child
      inputs: {token: {type: secret}, plain: {}}
      nodes:
        - {id: show, bash: 'echo "$INPUTS.token and $INPUTS.plain, ${#INPUTS_TOKEN}"'}
      """)
    var options = WorkflowExecutionOptions()
    options.input = ["token": "hunter2hunter2"]
    let (run, nodes) = try await fixture.run("parent", options: options)
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["open"]?.error?.contains("with `plain`: it holds a secret") == true, "\(nodes["open"]?.error ?? "")")
    #expect(nodes["told"]?.error?.contains("input: it holds a secret") == true)
    #expect(nodes["call"]?.output?.text == "*** and visible, 14")
  }

  @Test func aChildTakesNoSlotAndNoPath() async throws {
    let folder = TemporaryFolder("ion-children")
    let fixture = try await EngineFixture(
      files: [
        ".ion/workflows/parent.yaml": "name: parent\nmax_parallel: 1\nnodes:\n  - {id: call, workflow: child}\n",
        ".ion/workflows/child.yaml": "name: child\nnodes:\n  - {id: a, bash: echo done}\n",
      ], slots: 1, folder: folder)
    let (run, nodes) = try await fixture.run("parent")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["call"]?.output?.text == "done")
  }

  @Test func theOutputMustFitItsFormat() async throws {
    let parent = """
      name: parent
      nodes:
        - {id: call, workflow: child, output_format: {type: object, required: [ok]}}
      """
    let good = try await Self.fixture(parent, "name: child\nnodes:\n  - {id: a, bash: 'echo \"{\\\"ok\\\": 1}\"'}\n")
    #expect(try await good.run("parent").run.status == .succeeded)
    let bad = try await Self.fixture(parent, "name: child\nnodes:\n  - {id: a, bash: 'echo []'}\n")
    let (_, nodes) = try await bad.run("parent")
    #expect(nodes["call"]?.error?.contains("not what `output_format` asks for") == true)
  }

  @Test func deletingARunDeletesItsChildren() async throws {
    let fixture = try await Self.fixture(
      "name: parent\nnodes:\n  - {id: call, workflow: child, with: {who: x}}\n")
    let (run, nodes) = try await fixture.run("parent")
    let child = try #require(nodes["call"]?.child)
    await #expect(
      throws: EngineFailure.invalidState(
        child, "Run \(child) is a child of run \(run.id), and is deleted with it.")
    ) { try await fixture.workspace.delete(child) }
    try await fixture.workspace.delete(run.id)
    #expect(try await fixture.workspace.runs(RunFilter()).items.isEmpty)
  }

  @Test func eachRetryIsAnotherChild() async throws {
    let fixture = try await Self.fixture(
      """
      name: parent
      nodes:
        - {id: call, workflow: child, retry: {max_attempts: 3, delay_ms: 0}}
      """,
      "name: child\nnodes:\n  - {id: a, bash: 'echo x >> tries; test $(wc -l < tries) = 3'}\n")
    let (run, nodes) = try await fixture.run("parent")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["call"]?.attempt == 3)
    let children = try await fixture.workspace.runs(RunFilter(family: .children(of: run.id))).items
    #expect(children.map(\.status) == [.succeeded, .failed, .failed])
    #expect(children.first?.id == nodes["call"]?.child)
  }
}
