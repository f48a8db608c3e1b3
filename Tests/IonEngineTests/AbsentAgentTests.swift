import Foundation
import IonAgents
import IonEngine
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// Runs whose agents' programs aren't there.
@Suite struct AbsentAgentTests {
  private static let shipped = [
    ShippedProvider("ant", .command, "ant-cli", title: "Ant", page: "https://ant.example", signIn: "sign in")
  ]
  private static let lack =
    "the provider `ant` can't be started: the program `ant-cli` is not on PATH; install it (https://ant.example), "
    + "and see `ion doctor ant`"
  private static let config = "provider: ant\nproviders: {here: {command: cat}, made: {command: ./tool}}\n"

  private static func fixture(_ rest: String, _ files: [String: String] = [:]) async throws -> EngineFixture {
    let own = [".ion/workflows/w.yaml": "name: w\n" + rest, ".ion/config.yaml": config]
    return try await EngineFixture(files: own.merging(files) { $1 }, shipped: shipped)
  }

  @Test(arguments: [
    ("nodes: [{id: a, bash: touch started}, {id: b, depends_on: a, prompt: x}]", "`b` needs"),
    (
      "nodes: [{id: a, bash: touch started}, {id: b, depends_on: a, loop: {prompt: x, until: DONE, max_iterations: 2}}]",
      "`b` needs"
    ),
    (
      "nodes: [{id: a, bash: touch started}, {id: l, loop_group: {until: D, max_iterations: 2, nodes: [{id: b, prompt: x}]}}]",
      "`b` needs"
    ),
    ("nodes: [{id: a, bash: touch started}, {id: i, depends_on: a, include: other}]", "`i__p` needs"),
    ("nodes: [{id: a, bash: touch started}, {id: b, approval: {message: x, on_reject: {prompt: y}}}]", "`b` needs"),
    ("nodes: [{id: a, bash: touch started}]\non_failure: [{id: b, prompt: x}]", "`b` needs"),
    ("nodes: [{id: a, bash: touch started}]\non_exit: [{id: b, prompt: x}]", "`b` needs"),
    (
      "inputs: {by: {default: ant}}\nnodes: [{id: a, bash: touch started}, {id: b, when: $INPUTS.by == 'ant', prompt: x}]",
      "`b` needs"
    ),
    ("nodes: [{id: a, bash: touch started}, {id: b, prompt: x}, {id: c, prompt: x}]", "`b`, `c` need"),
  ])
  func aMissingProgramIsNamedBeforeAnythingStarts(_ rest: String, _ who: String) async throws {
    let fixture = try await Self.fixture(
      rest, [".ion/workflows/other.yaml": "name: other\nnodes: [{id: p, prompt: x}]\n"])
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .failed)
    #expect(run.error == "\(who) an agent, and \(Self.lack). Nothing was started.")
    #expect(!fixture.folder.exists("workspace/started"))
  }

  @Test func aNodeThatIsCertainToBeSkippedNeedsNobody() async throws {
    let fixture = try await Self.fixture(
      """
      inputs: {by: {default: here}}
      nodes:
        - {id: a, when: $INPUTS.by == 'ant', prompt: x}
        - {id: b, depends_on: a, prompt: x}
        - {id: c, when: $INPUTS.by == 'here', provider: here, prompt: x}
      """)
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded && nodes["c"]?.output?.text == "x", "\(run.error ?? "")")
    #expect(!fixture.platform.messages.contains { $0.contains("ant-cli") }, "\(fixture.platform.messages)")
  }

  @Test func ofANodeThatMayBeSkippedAWarningTellsAndItsStartFails() async throws {
    let fixture = try await Self.fixture(
      "nodes: [{id: a, bash: echo yes}, {id: b, depends_on: a, when: $a.output == 'yes', prompt: x}]\n")
    let (run, nodes) = try await fixture.run("w")
    #expect(fixture.platform.messages.contains { $0.contains("`b` may come to need an agent, and \(Self.lack)") })
    #expect(run.status == .failed && nodes["a"]?.status == .succeeded)
    #expect(nodes["b"]?.error == "it needs an agent, and \(Self.lack).", "\(nodes["b"]?.error ?? "")")
  }

  @Test func aProgramBelowTheWorkingPathMayBeMadeByAStep() async throws {
    let make = #"printf '#!/bin/sh\ncat\n' >tool && chmod +x tool"#
    let fixture = try await Self.fixture(
      "nodes: [{id: a, bash: \"\(make.replacing("\\", with: "\\\\"))\"}, {id: b, depends_on: a, provider: made, prompt: x}]\n"
    )
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded && nodes["b"]?.output?.text == "x", "\(run.error ?? "")")
    try FileManager.default.removeItem(atPath: fixture.root.appending("tool").text)
    fixture.folder.write(
      "name: v\nnodes: [{id: b, provider: made, prompt: x}]\n", to: "workspace/.ion/workflows/v.yaml")
    let (_, without) = try await fixture.run("v")
    #expect(without["b"]?.error?.contains("there is no program ./tool; install it, or say in") == true)
  }

  @Test func aResumeNeedsTheAgentsThatItComesToAlone() async throws {
    let fixture = try await Self.fixture(
      """
      nodes:
        - {id: a, provider: ant, prompt: x}
        - {id: b, depends_on: a, bash: test -e go}
        - {id: c, depends_on: b, provider: other, prompt: x}
      """)
    func configure(_ programs: String) {
      fixture.folder.write("providers: {\(programs)}\n", to: "workspace/.ion/config.yaml")
    }
    configure("ant: {command: cat}, other: {command: cat}")
    let (failed, _) = try await fixture.run("w")
    #expect(failed.status == .failed)
    fixture.folder.write("", to: "workspace/go")
    configure("ant: {}, other: {command: no-such}")
    let refused = await #expect(throws: EngineFailure.self) {
      _ = try await fixture.workspace.resume(failed.id, secrets: [:])
    }
    #expect(refused?.message.contains("`c` needs an agent, and the provider `other` can't be started") == true)
    configure("ant: {}, other: {command: cat}")
    _ = try await fixture.workspace.resume(failed.id, secrets: [:])
    #expect(try await fixture.end(of: failed.id).run.status == .succeeded)
  }

  @Test func aPlanSaysWhoAnswersAndWhatIsMissing() async throws {
    let fixture = try await Self.fixture(
      "nodes: [{id: a, bash: echo}, {id: b, model: m, prompt: x}, {id: c, provider: here, prompt: x}]\n")
    let workflow = try fixture.workspace.workflow(named: "w")
    let plan = try fixture.workspace.plan(
      workflow, message: "", inputs: [:], stubs: PlanStubs([:], for: workflow.definition))
    #expect(plan.problem == "`b` needs an agent, and \(Self.lack). Nothing was started.")
    let agents = Dictionary(uniqueKeysWithValues: plan.nodes.map { ($0.id, $0.agent) })
    #expect(agents["a"] == .some(nil))
    #expect(agents["b"] == PlannedAgent(provider: "ant", model: "m", absence: Self.lack))
    #expect(agents["c"] == PlannedAgent(provider: "here"))
  }
}
