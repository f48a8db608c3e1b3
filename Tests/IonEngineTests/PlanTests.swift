import IonEngine
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

/// Plans of workflows: what is certain, what hangs on what isn't known, and what nodes would do.
@Suite struct PlanTests {
  private func plan(
    _ nodes: String, head: String = "", inputs: [String: JSONValue] = [:], stubs: [NodeID: PlanStub] = [:],
    files: [String: String] = [:]
  ) async throws -> [NodeID: PlannedNode] {
    let found = try await whole(nodes, head: head, inputs: inputs, stubs: stubs, files: files)
    return Dictionary(uniqueKeysWithValues: found.nodes.map { ($0.id, $0) })
  }

  private func whole(
    _ nodes: String, head: String = "", inputs: [String: JSONValue] = [:], stubs: [NodeID: PlanStub] = [:],
    files: [String: String] = [:]
  ) async throws -> WorkflowPlan {
    var files = files
    files[".ion/workflows/w.yaml"] = "name: w\n\(head)\nnodes:\n\(nodes)\n"
    let fixture = try await EngineFixture(files: files)
    let workflow = try fixture.workspace.workflow(named: "w")
    let plan = try fixture.workspace.plan(
      workflow, message: "hello", inputs: inputs, stubs: PlanStubs(stubs, for: workflow.definition))
    #expect(!fixture.folder.exists("workspace/.ion/codebases"))
    return plan
  }

  @Test func itemsArePlannedAsOneNodeWithWhatIsKnownOfThem() async throws {
    let nodes = """
        - {id: list, bash: make-list}
        - {id: each, depends_on: list, workflow: other, fan_out: {items: $list.output, as: item}}
        - {id: fixed, workflow: other, fan_out: {items: [1, b], as: item}}
        - {id: after, depends_on: [each, fixed], bash: 'echo "$each.output[1]"'}
      """
    let unknown = try await plan(nodes)
    #expect(unknown.count == 4 && unknown["each"]?.verdict == .run && unknown["after"]?.verdict == .run)
    #expect(unknown["each"]?.text.values == [PlannedText.Value(name: "fan_out.items", text: nil)])
    #expect(unknown["fixed"]?.text.values == [PlannedText.Value(name: "fan_out.items", text: #"[1,"b"]"#)])
    let known = try await plan(
      nodes, stubs: ["list": PlanStub(output: "[7]"), "each": PlanStub(output: #"["x","y"]"#)])
    #expect(known["each"]?.text.values == [PlannedText.Value(name: "fan_out.items", text: "[7]")])
    #expect(known["after"]?.text.values.first?.text == "y")
    let wrong = try await plan(nodes, stubs: ["list": PlanStub(output: "none")])
    #expect(wrong["each"]?.verdict == .fail && wrong["after"]?.verdict == .skip)
    #expect(wrong["each"]?.reason.contains("`$list.output` is text (`none`)") == true, "\(wrong["each"]?.reason ?? "")")
  }

  @Test func whatReadsAnUnknownOutputDependsAndSoDoesWhatFollows() async throws {
    let nodes = """
        - {id: a, bash: echo x}
        - {id: b, depends_on: a, when: $a.output == 'x', bash: echo b}
        - {id: all, depends_on: b, bash: echo all}
        - {id: any, depends_on: [a, b], trigger_rule: one_success, bash: echo any}
        - {id: none, depends_on: [a, b], trigger_rule: none_failed_min_one_success, bash: echo none}
        - {id: last, depends_on: all, trigger_rule: all_done, bash: echo last $all.status}
      """
    let unknown = try await plan(nodes)
    #expect(unknown["a"]?.verdict == .run && unknown["a"]?.status == .succeeded)
    #expect(unknown["b"]?.verdict == .depends && unknown["b"]?.doubts == ["a"])
    #expect(unknown["b"]?.reason == "Whether it runs can't be known: its condition reads `$a.output`.")
    #expect(unknown["all"]?.verdict == .depends && unknown["all"]?.doubts == ["b"])
    #expect(unknown["any"]?.verdict == .run && unknown["none"]?.verdict == .run && unknown["last"]?.verdict == .run)
    #expect(unknown["last"]?.text.values == [PlannedText.Value(name: "$all.status", text: nil)])
    let met = try await plan(nodes, stubs: ["a": PlanStub(output: "x\n")])
    #expect(met["b"]?.verdict == .run && met["b"]?.condition == .met && met["all"]?.verdict == .run)
    let unmet = try await plan(nodes, stubs: ["a": PlanStub(output: "y")])
    #expect(unmet["b"]?.verdict == .skip && unmet["all"]?.verdict == .skip && unmet["last"]?.verdict == .run)
    #expect(unmet["b"]?.reason == "It is not run: its condition is not met.")
    #expect(unmet["all"]?.reason == "It is not run: `b` is skipped.")
  }

  @Test func aConditionThatCanBeDecidedWithoutTheUnknownIs() async throws {
    let found = try await plan(
      """
        - {id: a, bash: echo x}
        - {id: b, depends_on: a, when: $INPUTS.fast && $a.output == 'x', bash: echo b}
        - {id: c, depends_on: a, when: $a.status == 'succeeded', bash: echo c}
        - {id: d, depends_on: b, trigger_rule: all_done, when: $b.status == 'skipped', bash: echo d}
      """, head: "inputs: {fast: {type: boolean, default: false}}")
    #expect(found["b"]?.verdict == .skip && found["c"]?.verdict == .run && found["d"]?.verdict == .run)
  }

  @Test func aConditionThatMayFailLeavesItsFollowersOpen() async throws {
    let found = try await plan(
      """
        - {id: a, bash: echo x}
        - {id: b, depends_on: a, when: $a.output.kind == 'x', bash: echo b}
        - {id: c, depends_on: [a, b], trigger_rule: none_failed_min_one_success, bash: echo c}
        - {id: d, depends_on: [a, b], trigger_rule: one_success, bash: echo d}
      """)
    #expect(found["c"]?.verdict == .depends && found["d"]?.verdict == .run)
  }

  @Test func stubsFailAndSkipNodes() async throws {
    let nodes = """
        - {id: a, retry: {max_attempts: 5}, bash: echo x}
        - {id: soft, continue_on_error: true, bash: echo x}
        - {id: b, depends_on: a, bash: echo b}
        - {id: c, depends_on: soft, bash: echo c}
        - {id: d, depends_on: soft, bash: 'echo $soft.output'}
      """
    let failed = try await whole(nodes, stubs: ["a": PlanStub(.failed), "soft": PlanStub(.failed)])
    let nodesByID = Dictionary(uniqueKeysWithValues: failed.nodes.map { ($0.id, $0) })
    #expect(failed.status == .failed)
    #expect(nodesByID["a"]?.status == .failed && nodesByID["a"]?.verdict == .run)
    #expect(nodesByID["a"]?.reason == "It runs, because it depends on nothing, and fails, as its stub says.")
    #expect(nodesByID["b"]?.verdict == .skip && nodesByID["c"]?.verdict == .run && nodesByID["d"]?.verdict == .fail)
    let skipped = try await plan(nodes, stubs: ["a": PlanStub(.skipped)])
    #expect(skipped["a"]?.reason == "It is not run: its stub says so.")
    #expect(skipped["b"]?.verdict == .skip)
  }

  @Test func stubsThatFitNoNodeAreRefused() async throws {
    for (stub, words) in [
      ("buld", "did you mean `build`"), ("m", "only stands for others"),
    ] {
      await #expect(throws: EngineFailure.self) {
        do {
          _ = try await whole(
            "  - {id: build, bash: echo}\n  - {id: m, matrix: {x: [1]}, bash: echo}\n",
            stubs: [NodeID(rawValue: stub): PlanStub(output: "x")])
        } catch let failure as EngineFailure {
          #expect(failure.message.contains(words), "\(failure.message)")
          throw failure
        }
      }
    }
  }

  @Test func outputsThatDoNotFitTheirFormatFail() async throws {
    let nodes = """
        - id: a
          bash: echo
          output_format: {type: object, properties: {n: {type: integer}}, required: [n]}
        - {id: b, depends_on: a, when: $a.output.n > 2, bash: 'echo $a.output.n'}
      """
    let good = try await plan(nodes, stubs: ["a": PlanStub(output: #"{"n": 3}"#)])
    #expect(good["b"]?.verdict == .run && good["b"]?.text.values.first?.text == "3")
    let bad = try await plan(nodes, stubs: ["a": PlanStub(output: #"{"n": "3"}"#)])
    #expect(bad["a"]?.status == .failed && bad["b"]?.verdict == .skip)
  }

  @Test func nothingIsCertainThatAnEndMayCutOff() async throws {
    let nodes = """
        - {id: a, bash: echo}
        - {id: stop, depends_on: a, when: $a.output == 'stop', finish: 'done: $a.output'}
        - {id: beside, depends_on: a, bash: echo}
        - {id: behind, depends_on: stop, trigger_rule: all_done, bash: echo}
      """
    let open = try await plan(nodes)
    #expect(open["a"]?.verdict == .run && open["stop"]?.verdict == .depends)
    #expect(open["beside"]?.verdict == .depends && open["beside"]?.doubts == ["stop"])
    #expect(open["behind"]?.verdict == .depends)
    let ended = try await whole(nodes, stubs: ["a": PlanStub(output: "stop")])
    let byID = Dictionary(uniqueKeysWithValues: ended.nodes.map { ($0.id, $0) })
    #expect(ended.status == .succeeded)
    #expect(byID["stop"]?.verdict == .run && byID["stop"]?.text.text == "done: stop")
    #expect(byID["beside"]?.verdict == .depends && byID["behind"]?.verdict == .skip)
    #expect(byID["behind"]?.reason == "It is not run: `stop` ends the run before.")
    let goesOn = try await plan(nodes, stubs: ["a": PlanStub(output: "go")])
    #expect(goesOn["stop"]?.verdict == .skip && goesOn["beside"]?.verdict == .run && goesOn["behind"]?.verdict == .run)
  }

  @Test func whatAPersonMayRejectIsNotCertain() async throws {
    let nodes = """
        - {id: first, bash: echo}
        - {id: sure, depends_on: first, approval: {message: Go on?}}
        - {id: behind, depends_on: sure, bash: echo}
        - {id: choice, depends_on: first, approval: {message: Which?, decisions: [{id: approve}, {id: other}]}}
        - {id: chosen, depends_on: choice, when: $choice.output.decision == 'other', bash: echo}
      """
    let open = try await whole(nodes)
    let byID = Dictionary(uniqueKeysWithValues: open.nodes.map { ($0.id, $0) })
    #expect(byID["first"]?.verdict == .run)
    #expect(byID["behind"]?.verdict == .depends && byID["behind"]?.doubts.contains("sure") == true)
    #expect(byID["chosen"]?.verdict == .depends)
  }

  @Test func loopsShowTheirFirstIteration() async throws {
    let nodes = """
        - id: review
          loop_group:
            max_iterations: 4
            until: DONE
            nodes:
              - {id: test, bash: echo}
              - {id: fix, depends_on: test, when: $test.output == 'bad', bash: echo DONE}
        - {id: after, depends_on: review, bash: 'echo $review.output'}
      """
    let open = try await plan(nodes)
    #expect(open["review"]?.verdict == .run && open["review"]?.status == .succeeded)
    #expect(open["review#1/test"]?.verdict == .run && open["review#1/fix"]?.verdict == .depends)
    #expect(open["review#1/fix"]?.loop == "review" && open["review#1/fix"]?.doubts == ["review#1/test"])
    #expect(open["after"]?.text.values.first?.text == nil)
    let done = try await plan(
      nodes, stubs: ["review#1/test": PlanStub(output: "bad"), "review#1/fix": PlanStub(output: "DONE")])
    #expect(done["after"]?.text.values.first?.text == "DONE")
    let failed = try await plan(nodes, stubs: ["review#1/test": PlanStub(.failed)])
    #expect(failed["review"]?.status == .failed && failed["after"]?.verdict == .skip)
    let stubbed = try await plan(nodes, stubs: ["review": PlanStub(output: "fine")])
    #expect(stubbed["after"]?.text.values.first?.text == "fine")
  }

  @Test func aBodySettlesBeforeWhatEndsTheRunBehindItsLoop() async throws {
    let found = try await plan(
      """
        - {id: l, loop_group: {max_iterations: 2, until: DONE, nodes: [{id: a, bash: echo}]}}
        - {id: stop, depends_on: l, when: $l.output == 'x', finish: over}
      """)
    #expect(found["l#1/a"]?.verdict == .run && found["l"]?.verdict == .run && found["stop"]?.verdict == .depends)
  }

  @Test func includesAndMatricesSettleBehindTheirMembers() async throws {
    let found = try await plan(
      """
        - {id: ask, bash: echo}
        - {id: it, include: leaf, depends_on: ask, when: $ask.output == 'y', with: {who: $ask.output}}
        - {id: m, matrix: {os: [linux, mac]}, when: $MATRIX.os == 'linux', bash: 'echo $MATRIX.os'}
        - {id: end, depends_on: [it, m], bash: 'echo $it.output $m.output'}
      """,
      stubs: ["ask": PlanStub(output: "y"), "it__say": PlanStub(output: "hello"), "m[linux]": PlanStub(output: "1")],
      files: [
        ".ion/workflows/leaf.yaml":
          "name: leaf\ninputs: {who: {required: true}}\nnodes: [{id: say, bash: 'echo $INPUTS.who'}]\n"
      ])
    #expect(found["it__say"]?.verdict == .run && found["it"]?.verdict == .run)
    #expect(found["it__say"]?.text.values.first?.text == "y")
    #expect(found["m[mac]"]?.verdict == .skip && found["m"]?.status == .succeeded)
    #expect(found["end"]?.text.values.map(\.text) == ["hello", "[1,null]"])
    #expect(found["end"]?.wave == 4)
  }

  @Test func secretsAreUsedAndNeverShown() async throws {
    let plan = try await whole(
      """
        - {id: a, when: $INPUTS.token != 'x', exec: [curl, $INPUTS.token], with: {t: $INPUTS.token}}
        - {id: b, include: leaf, with: {key: $INPUTS.token}}
        - {id: c, cancel: 'because of $INPUTS.token'}
        - {id: d, bash: 'echo $(( $INPUTS.token + 1 ))'}
      """, head: "inputs: {token: {type: secret, required: true}}", inputs: ["token": "tops3cret"],
      files: [
        ".ion/workflows/leaf.yaml":
          "name: leaf\ninputs: {key: {type: secret}}\nnodes: [{id: say, bash: 'echo $INPUTS.key'}]\n"
      ])
    #expect(plan.nodes.first?.condition == .met)
    #expect(plan.nodes.first?.text.words == ["curl", "‹secret›"])
    #expect(!"\(plan.nodes)".contains("tops3cret"))
  }

  @Test func inputsAreCheckedAndWhatKeepsARunFromStartingIsSaid() async throws {
    await #expect(throws: EngineFailure.self) {
      try await whole("  - {id: a, bash: echo}", head: "inputs: {n: {type: number, required: true}}")
    }
    let prompting = try await whole("  - {id: a, prompt: 'say $ARGUMENTS'}\n  - {id: b, depends_on: a, bash: echo}")
    #expect(prompting.problem?.contains("`a` needs an agent, and no provider is said") ?? false)
    #expect(prompting.nodes.map(\.text.text) == ["say hello", "echo"])
    let lacking = try await whole("  - {id: a, script: nope, runtime: sh}")
    #expect(lacking.problem?.contains("no such file in .ion/scripts") ?? false)
    let secretive = try await whole("  - {id: a, bash: echo}", head: "secrets: [NO_SUCH_SECRET]")
    #expect(secretive.problem?.contains("`NO_SUCH_SECRET` is a secret of the workflow and not set") ?? false)
  }

  @Test func whatIsDoneAtTheEndGoesByWhatComesOfTheRun() async throws {
    let head = """
      on_success: [{id: good, bash: echo}]
      on_failure: [{id: bad, bash: echo}]
      on_exit: [{id: clean, bash: 'echo $a.status'}]
      """
    let fine = try await whole("  - {id: a, bash: echo}", head: head)
    #expect(fine.nodes.map(\.verdict) == [.run, .run, .skip, .run] && fine.status == .succeeded)
    #expect(fine.nodes.map(\.wave) == [1, 2, 2, 3])
    #expect(fine.nodes[2].reason == "It is not run: the run does not fail.")
    let failing = try await whole("  - {id: a, bash: echo}", head: head, stubs: ["a": PlanStub(.failed)])
    #expect(failing.nodes.map(\.verdict) == [.run, .skip, .run, .run] && failing.status == .failed)
    let cancelled = try await whole("  - {id: a, cancel: no}", head: head)
    #expect(cancelled.nodes.map(\.verdict) == [.run, .skip, .skip, .run] && cancelled.status == .cancelled)
    let open = try await whole(
      "  - {id: a, bash: echo}\n  - {id: b, depends_on: a, when: $a.output.x == 1, bash: echo}", head: head)
    #expect(open.nodes.map(\.verdict) == [.run, .depends, .depends, .depends, .run] && open.status == nil)
  }
}
