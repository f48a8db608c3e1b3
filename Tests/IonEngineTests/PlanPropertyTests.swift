import IonEngine
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// Random workflows, planned and run: what a plan is certain of is what happens.
@Suite struct PlanPropertyTests {
  @Test(arguments: 0..<12 as Range<UInt64>)
  func plansWithAllOutputsSayWhatRunsDo(seed: UInt64) async throws {
    let made = RandomPlan(seed: seed, endsRuns: false)
    let plan = try await outcome(made, knownOnly: false)
    for node in plan.nodes {
      #expect(node.verdict != .depends, "seed \(seed), \(node.id): \(node.reason)\n\(made.text)")
    }
  }

  @Test(arguments: 100..<118 as Range<UInt64>)
  func plansWithSomeOutputsAreNeverWrong(seed: UInt64) async throws {
    _ = try await outcome(RandomPlan(seed: seed, endsRuns: seed % 3 == 0), knownOnly: true)
  }

  /// Plans a workflow, runs it, and compares all that the plan is certain of.
  private func outcome(_ made: RandomPlan, knownOnly: Bool) async throws -> WorkflowPlan {
    let fixture = try await EngineFixture(files: [".ion/workflows/w.yaml": made.text])
    let workflow = try fixture.workspace.workflow(named: "w")
    let stubs = try PlanStubs(knownOnly ? made.someStubs : made.stubs, for: workflow.definition)
    let plan = try fixture.workspace.plan(workflow, message: "", inputs: [:], stubs: stubs)
    let (run, rows) = try await fixture.run("w")
    for node in plan.nodes {
      guard let row = rows[node.id] else { continue }
      let isTrue =
        switch node.verdict {
        case .run: node.node.isJoin ? row.status != .skipped : row.attempt > 0
        case .skip: row.attempt == 0 && [.skipped, .cancelled].contains(row.status)
        case .fail: row.status == .failed
        case .depends: true
        }
      let said = "\(node.id) was to \(node.verdict), and is \(row.status) (\(row.error ?? row.summary ?? ""))"
      #expect(isTrue, "seed \(made.seed): \(said)\n\(node.reason)\n\(made.text)")
      if let status = node.status {
        #expect(status == row.status, "seed \(made.seed), \(node.id): \(status)\n\(node.reason)\n\(made.text)")
      }
    }
    if let status = plan.status { #expect(status == run.status, "seed \(made.seed)\n\(made.text)") }
    return plan
  }
}

/// A small workflow at random, whose steps print known outputs or fail.
private struct RandomPlan {
  let seed: UInt64
  private(set) var text = "name: w\nnodes:\n"
  /// What each step gives.
  private(set) var stubs: [NodeID: PlanStub] = [:]
  /// Those of some of the steps, and of all that fail.
  private(set) var someStubs: [NodeID: PlanStub] = [:]

  init(seed: UInt64, endsRuns: Bool) {
    self.seed = seed
    var dice = Dice(state: seed &* 0x9E37_79B9 &+ 1)
    let count = 4 + dice.roll(6)
    for number in 0..<count {
      let id = "n\(number)"
      let upstream = (0..<number).filter { _ in dice.roll(100) < 40 }.map { "n\($0)" }
      var keys = ["id: \(id)", "depends_on: [\(upstream.joined(separator: ", "))]"]
      keys.append(
        "trigger_rule: \(["all_success", "one_success", "none_failed_min_one_success", "all_done"][dice.roll(4)])")
      if dice.roll(5) == 0 { keys.append("continue_on_error: true") }
      if let read = upstream.randomElement(using: &dice), dice.roll(2) == 0 {
        keys.append("when: \(Self.condition(read, &dice))")
      }
      if endsRuns, dice.roll(6) == 0 {
        keys.append("\(["finish", "cancel"][dice.roll(2)]): enough")
      } else {
        add(step: id, reading: upstream, to: &keys, &dice)
      }
      text += "  - {\(keys.joined(separator: ", "))}\n"
    }
    if dice.roll(2) == 0 {
      text += "on_success: [{id: good, bash: echo}]\non_failure: [{id: bad, bash: echo}]\n"
      text += "on_exit: [{id: clean, when: $n0.status == 'succeeded', bash: echo}]\n"
    }
  }

  private mutating func add(step id: String, reading upstream: [String], to keys: inout [String], _ dice: inout Dice) {
    let fails = dice.roll(6) == 0
    let output = ["a", "b", #"{"k": "a"}"#, "true"][dice.roll(4)]
    let ids: [NodeID]
    switch dice.roll(8) {
    case 0:
      keys.append("matrix: {x: [1, 2]}")
      ids = [NodeID("\(id)[1]"), NodeID("\(id)[2]")]
    default: ids = [NodeID(id)]
    }
    let stub = fails ? PlanStub(.failed) : PlanStub(output: output)
    for id in ids {
      stubs[id] = stub
      if fails || dice.roll(2) == 0 { someStubs[id] = stub }
    }
    let read = upstream.randomElement(using: &dice).map { dice.roll(3) == 0 ? ": $\($0).output; " : "" } ?? ""
    keys.append("bash: '\(read)printf \"%s\\n\" \"$OUT\"\(fails ? "; exit 1" : "")'")
    keys.append("env: {OUT: '\(output)'}")
  }

  private static func condition(_ id: String, _ dice: inout Dice) -> String {
    [
      "$\(id).output == 'a'", "$\(id).output != 'a'", "$\(id).status == 'succeeded'", "$\(id).status != 'failed'",
      "$\(id).output.k == 'a'", "$\(id).status == 'succeeded' && $\(id).output == 'b'",
      "($\(id).status == 'skipped' || $\(id).output contains 'a')",
    ][dice.roll(7)].quotedInYAML
  }
}

extension String {
  fileprivate var quotedInYAML: String { "\"\(self)\"" }
}

/// SplitMix64: the same seed gives the same workflow on every machine.
private struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func roll(_ sides: Int) -> Int { Int.random(in: 0..<sides, using: &self) }
}
