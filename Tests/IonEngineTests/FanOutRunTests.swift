import IonEngine
import IonJSON
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// `fan_out`: one child run for each of some items.
@Suite struct FanOutRunTests {
  private static let child = """
    name: child
    mutates_checkout: false
    inputs: {item: {}}
    nodes:
      - {id: a, bash: 'echo "$INPUTS.item" >> began; test "$INPUTS.item" != bad && echo "did $INPUTS.item"'}
    """

  private func fixture(_ nodes: String, _ child: String = child, folder: TemporaryFolder? = nil) async throws
    -> EngineFixture
  {
    try await EngineFixture(
      files: [".ion/workflows/parent.yaml": "name: parent\nnodes:\n" + nodes, ".ion/workflows/child.yaml": child],
      stopGrace: .seconds(1), folder: folder ?? TemporaryFolder("ion-fan-out"))
  }

  private func children(_ fixture: EngineFixture, of run: RunID) async throws -> [RunRecord] {
    try await fixture.workspace.runs(RunFilter(family: .children(of: run))).items
  }

  @Test func eachItemHasAChildAndTheListIsInTheirOrder() async throws {
    let fixture = try await fixture(
      """
        - {id: list, bash: 'echo "[\\"x\\", 2, {\\"k\\": [1]}]"'}
        - {id: each, depends_on: [list], workflow: child, fan_out: {items: $list.output, as: item}}
        - {id: tell, depends_on: [each], bash: 'echo "$each.output[2]"'}
      """)
    let (run, nodes) = try await fixture.run("parent")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["each"]?.output?.text == #"["did x","did 2","did {\"k\":[1]}"]"#)
    #expect(nodes["tell"]?.output?.text == #"did {"k":[1]}"#)
    #expect(nodes["each"]?.summary == "3 items" && nodes["each"]?.child == nil)
    let children = try await children(fixture, of: run.id)
    #expect(children.count == 3 && children.allSatisfy { $0.parent == run.id })
    for (position, item) in ["x", "2", #"{"k":[1]}"#].enumerated() {
      let row = try #require(nodes[.item(position, of: "each")])
      let child = try #require(children.first { $0.id == row.child })
      #expect(child.parentNode == row.node && child.request.inputs == ["item": .string(item)])
      #expect(child.request.message == item)
    }
    #expect(run.counts == [.succeeded: 3])
  }

  @Test func withoutAsTheItemIsTheMessage() async throws {
    let fixture = try await fixture(
      "  - {id: each, workflow: child, fan_out: {items: [one, 2]}}\n",
      "name: child\nnodes:\n  - {id: a, bash: 'echo \"<$ARGUMENTS>\"'}\n")
    let (_, nodes) = try await fixture.run("parent")
    #expect(nodes["each"]?.output?.text == #"["<one>","<2>"]"#)
  }

  @Test(arguments: [
    ("$p.output", "fan_out: `$p.output` is an object (`{\"a\":1}`), and `items` must be a JSON list"),
    ("\"$p.output.a\"", "fan_out: `$p.output.a` is a number (1), and `items` must be a JSON list"),
    ("\"$p.output.b\"", "fan_out: `$p.output.b`"),
    ("$ARGUMENTS", "fan_out: `$ARGUMENTS` is empty, and `items` must be a JSON list"),
  ])
  func itemsThatAreNoListFailTheNodeByName(_ items: String, _ error: String) async throws {
    let fixture = try await fixture(
      """
        - {id: p, bash: 'echo "{\\"a\\":1}"'}
        - {id: each, depends_on: [p], workflow: child, retry: {max_attempts: 3}, fan_out: {items: \(items), as: item}}
      """)
    let (run, nodes) = try await fixture.run("parent")
    #expect(run.status == .failed)
    #expect(nodes["each"]?.error?.hasPrefix(error) == true, "\(nodes["each"]?.error ?? "")")
    #expect(nodes["each"]?.attempt == 1)
    #expect(try await children(fixture, of: run.id).isEmpty)
  }

  @Test func aTextThatIsAListIsOne() async throws {
    let fixture = try await fixture("  - {id: each, workflow: child, fan_out: {items: $ARGUMENTS, as: item}}\n")
    let (_, nodes) = try await fixture.run("parent", message: #"["a", "b"]"#)
    #expect(nodes["each"]?.output?.text == #"["did a","did b"]"#)
  }

  @Test func tooManyItemsAreRefused() async throws {
    let fixture = try await fixture(
      """
        - {id: list, exec: [sh, -c, 'printf "[0"; i=0; while [ $i -lt 20000 ]; do printf ",0"; i=$((i+1)); done; echo "]"']}
        - {id: each, depends_on: [list], workflow: child, fan_out: {items: $list.output, as: item}}
      """)
    let (_, nodes) = try await fixture.run("parent")
    #expect(nodes["each"]?.error?.contains("there are 20001 items, and there may be 20000") == true)
  }

  @Test func aLongListIsKeptByTheRunAndReadWholeAfterARestart() async throws {
    let folder = TemporaryFolder("ion-fan-out")
    let long = "head -c 70000 /dev/zero | tr '\\0' x"
    let nodes = """
        - {id: list, exec: [sh, -c, "printf '[\\"'; \(long.replacing("\\", with: "\\\\")); printf '\\",\\"b\\"]'"]}
        - {id: each, depends_on: [list], workflow: child, fan_out: {items: $list.output, as: item, max_parallel: 1}}
      """
    let child = """
      name: child
      mutates_checkout: false
      inputs: {item: {}}
      nodes:
        - {id: a, bash: 'test -e go || [ ${#INPUTS_ITEM} != 1 ] || exec sleep 600; echo ${#INPUTS_ITEM} >> lengths'}
      """
    let first = try await fixture(nodes, child, folder: folder)
    let started = try await first.start("parent")
    await first.platform.until("each[1]", is: .running)
    await first.engine.close(reason: "the editor closed", grace: .milliseconds(100))
    folder.write("", to: "workspace/go")
    let second = try await fixture(nodes, child, folder: folder)
    _ = try await second.workspace.resume(started.id, secrets: [:])
    let (run, rows) = try await second.end(of: started.id)
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(folder.read("workspace/lengths") == "70000\n1\n")
    #expect(rows["list"]?.attempt == 1 && rows["each[0]"]?.attempt == 1 && rows["each[1]"]?.attempt == 2)
    #expect(try await children(second, of: started.id).count == 2)
  }

  @Test func aFailedItemGoesOnWithItsOwnChildAfterAResume() async throws {
    let fixture = try await fixture(
      "  - {id: each, workflow: child, fan_out: {items: [a, slow, c], as: item}}\n",
      """
      name: child
      mutates_checkout: false
      inputs: {item: {}}
      nodes:
        - {id: first, bash: 'echo "$INPUTS.item" >> began'}
        - {id: second, depends_on: [first], bash: 'if [ "$INPUTS.item" = slow ]; then test -e go || exit 1; fi; echo "did $INPUTS.item"'}
      """)
    let (run, nodes) = try await fixture.run("parent")
    #expect(run.status == .failed)
    let child = try #require(nodes["each[1]"]?.child)
    #expect(
      nodes["each"]?.error?.hasPrefix("1 of 3 items failed: each[1] failed: run \(child) of `child` failed") == true)
    let slots = nodes["each"]?.output?.text ?? ""
    #expect(
      slots.hasPrefix(#"["did a",{"failed":true,"error":"run "#) && slots.hasSuffix(#""status":"failed"},"did c"]"#))
    fixture.folder.write("", to: "workspace/go")
    _ = try await fixture.workspace.resume(run.id, secrets: [:])
    let (again, rows) = try await fixture.end(of: run.id)
    #expect(again.status == .succeeded && rows["each"]?.output?.text == #"["did a","did slow","did c"]"#)
    #expect(rows["each[1]"]?.child == child && rows["each[0]"]?.summary == "kept: what it read has not changed")
    let began = (fixture.folder.read("workspace/began") ?? "").split(separator: "\n").sorted()
    #expect(began == ["a", "c", "slow"])
  }

  @Test func noMoreThanSoManyRunAtOnce() async throws {
    let fixture = try await fixture(
      "  - {id: each, workflow: child, fan_out: {items: [1, 2, 3, 4, 5, 6], as: item, max_parallel: 2}}\n",
      """
      name: child
      mutates_checkout: false
      inputs: {item: {}}
      nodes:
        - {id: a, bash: 'echo + >> trace; test -e "$INPUTS.item" || true; echo - >> trace'}
      """)
    let (run, _) = try await fixture.run("parent")
    #expect(run.status == .succeeded)
    var (open, most) = (0, 0)
    for mark in (fixture.folder.read("workspace/trace") ?? "").split(separator: "\n") {
      open += mark == "+" ? 1 : -1
      most = max(most, open)
    }
    #expect(open == 0 && (1...2).contains(most))
  }

  @Test func eachItemIsTriedAgainByItself() async throws {
    let fixture = try await fixture(
      """
        - {id: each, workflow: child, retry: {max_attempts: 2, delay_ms: 0}, fan_out: {items: [sure, shaky], as: item}}
      """,
      """
      name: child
      mutates_checkout: false
      inputs: {item: {}}
      nodes:
        - {id: a, bash: '[ "$INPUTS.item" = sure ] || { echo x >> tries; [ $(wc -l < tries) = 2 ] || exit 1; }; echo ok'}
      """)
    let (run, nodes) = try await fixture.run("parent")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["each[0]"]?.attempt == 1 && nodes["each[1]"]?.attempt == 2 && nodes["each"]?.attempt == 1)
    #expect(try await children(fixture, of: run.id).count == 3)
  }

  @Test func theTimeoutIsEachItemsOwn() async throws {
    let clock = HandClock()
    let fixture = try await EngineFixture(
      files: [
        ".ion/workflows/parent.yaml": """
        name: parent
        nodes:
          - {id: each, workflow: child, timeout: 5m, fan_out: {items: [quick, slow], as: item, join: all_done}}
        """,
        ".ion/workflows/child.yaml": """
        name: child
        mutates_checkout: false
        inputs: {item: {}}
        nodes:
          - {id: a, bash: 'test "$INPUTS.item" = quick || exec sleep 600; echo ok'}
        """,
      ], clock: clock, stopGrace: .seconds(1))
    let started = try await fixture.start("parent")
    await fixture.platform.until("each[1]", is: .running)
    await fixture.platform.until("each[0]", is: .succeeded)
    await clock.sleepers(1)
    clock.advance(by: .seconds(300))
    let (run, nodes) = try await fixture.end(of: started.id)
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["each[1]"]?.error == "it took longer than 5m")
    #expect(nodes["each"]?.summary == "2 items, 1 of them failed")
  }

  @Test func allItemsRunTheWorkflowThatWasFoundForTheFirst() async throws {
    let fixture = try await fixture(
      "  - {id: each, workflow: child, fan_out: {items: [1, 2, 3], max_parallel: 1}}\n",
      """
      name: child
      mutates_checkout: false
      nodes:
        - {id: a, bash: 'echo "name: child" > .ion/workflows/child.yaml; echo "first $ARGUMENTS"'}
      """)
    let (run, nodes) = try await fixture.run("parent")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["each"]?.output?.text == #"["first 1","first 2","first 3"]"#)
    #expect(try await fixture.run("parent").run.status == .failed, "the file is broken by now")
  }

  @Test func oneItemCanBeCancelledAndTheOthersGoOn() async throws {
    let fixture = try await fixture(
      "  - {id: each, workflow: child, fan_out: {items: [a, hold, c], as: item, join: all_done}}\n",
      """
      name: child
      mutates_checkout: false
      inputs: {item: {}}
      nodes:
        - {id: a, bash: 'test "$INPUTS.item" != hold || exec sleep 600; echo ok'}
      """)
    let started = try await fixture.start("parent")
    await fixture.platform.until("each[1]", is: .running)
    await fixture.platform.until("each[2]", is: .succeeded)
    _ = try await fixture.workspace.cancel(started.id, node: "each[1]", reason: "enough of it", force: true)
    let (run, nodes) = try await fixture.end(of: started.id)
    #expect(run.status == .succeeded)
    #expect(
      nodes["each"]?.output?.text == #"["ok",{"failed":true,"error":"enough of it","status":"cancelled"},"ok"]"#)
    let child = try #require(try await children(fixture, of: started.id).first { $0.parentNode == "each[1]" })
    #expect(child.status == .cancelled)
  }

  @Test func itemsReadWhatTheirNodeReads() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/parent.yaml": """
      name: parent
      nodes:
        - id: twice
          loop_group:
            max_iterations: 2
            until_bash: test -e "$ARTIFACTS_DIR/two"
            nodes:
              - {id: n, bash: 'echo "$LOOP_PREV.n.output+"; test "$LOOP_PREV.n.output" != + || touch "$ARTIFACTS_DIR/two"'}
              - id: each
                depends_on: [n]
                workflow: child
                with: {before: "$LOOP_PREV.n.output/$LOOP_PREV_OUTPUT", now: $n.output}
                fan_out: {items: [a, b], as: item}
        - id: by
          workflow: child
          matrix: {os: [linux, mac]}
          with: {before: $MATRIX.os, now: x}
          fan_out: {items: [1], as: item}
      """,
      ".ion/workflows/child.yaml": """
      name: child
      mutates_checkout: false
      inputs: {item: {}, before: {}, now: {}}
      nodes:
        - {id: a, bash: 'echo "$INPUTS.item $INPUTS.before $INPUTS.now"'}
      """,
    ])
    let (run, nodes) = try await fixture.run("parent")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["twice#1/each"]?.output?.text == #"["a / +","b / +"]"#)
    #expect(nodes["twice"]?.output?.text == ##"["a +/[\"a / +\",\"b / +\"] ++","b +/[\"a / +\",\"b / +\"] ++"]"##)
    #expect(nodes["by"]?.output?.text == #"[["1 linux x"],["1 mac x"]]"#)
    #expect(nodes["by[mac][0]"]?.status == .succeeded)
  }

  @Test func anItemThatHoldsASecretIsRefused() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/parent.yaml": """
      name: parent
      inputs: {token: {type: secret, required: true}}
      nodes:
        - {id: each, workflow: child, fan_out: {items: $INPUTS.token, as: item}, continue_on_error: true}
        - {id: pass, workflow: child, with: {key: $INPUTS.token}, fan_out: {items: [a], as: item}}
        - {id: open, workflow: child, fan_out: {items: [a], as: key}, continue_on_error: true}
      """,
      ".ion/workflows/child.yaml": """
      name: child
      mutates_checkout: false
      inputs: {item: {}, key: {type: secret}}
      nodes:
        - {id: a, bash: 'echo "$INPUTS.item $INPUTS.key ${#INPUTS_KEY}"'}
      """,
    ])
    var options = WorkflowExecutionOptions()
    options.input = ["token": #"["hunter2hunter2"]"#]
    let (run, nodes) = try await fixture.run("parent", options: options)
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(nodes["each"]?.error == "fan_out: an item holds a secret, and items are kept openly")
    #expect(nodes["pass"]?.output?.text == #"["a *** 18"]"#)
    #expect(nodes["open[0]"]?.error?.contains("fan_out `as: key`: it is a secret of `child`") == true)
  }

  @Test func anUnknownInputIsNamed() async throws {
    let fixture = try await fixture("  - {id: each, workflow: child, fan_out: {items: [1], as: itme}}\n")
    let (_, nodes) = try await fixture.run("parent")
    #expect(
      nodes["each[0]"]?.error?.hasPrefix("fan_out `as: itme`: `child` has no such input (did you mean `item`?)")
        == true,
      "\(nodes["each[0]"]?.error ?? "")")
  }

  @Test func gatesOfSeveralItemsWaitAtOnceAndOutliveTheirProcess() async throws {
    let folder = TemporaryFolder("ion-fan-out")
    let nodes = """
        - {id: each, workflow: child, fan_out: {items: [a, b, c], as: item, max_parallel: 1}}
        - {id: after, depends_on: [each], bash: 'echo "$each.output"'}
      """
    let child = """
      name: child
      mutates_checkout: false
      inputs: {item: {}}
      nodes:
        - {id: before, bash: 'echo "$INPUTS.item" >> began'}
        - {id: ask, depends_on: [before], approval: {message: 'Take $INPUTS.item?', capture_response: true}}
      """
    let first = try await fixture(nodes, child, folder: folder)
    let started = try await first.start("parent")
    let waiting = try await first.workspace.wait(for: started.id, until: .standstill, timeout: nil).run
    #expect(waiting.status == .awaitingApproval)
    let rows = try await first.workspace.nodes(of: started.id)
    #expect(rows.filter { $0.item != nil }.map(\.status) == [.awaitingApproval, .awaitingApproval, .awaitingApproval])
    await first.engine.close(reason: "the editor closed", grace: .milliseconds(100))
    for item in ["b", "c", "a"] {
      // Each answer reaches another process.
      let next = try await fixture(nodes, child, folder: folder)
      let gates = try await next.workspace.gates(of: started.id).map(\.gate).filter { $0.state == .pending }
      let gate = try #require(gates.first { $0.question?.message == "Take \(item)?" })
      let answer = GateAnswer(decision: "approve", comment: "yes to \(item)", decidedBy: "Ada")
      _ = try await next.workspace.answer(gate.id, answer, secrets: [:])
      if item == "a" {
        let (run, rows) = try await next.end(of: started.id)
        #expect(run.status == .succeeded, "\(run.error ?? "")")
        #expect(rows["after"]?.output?.text == #"["yes to a","yes to b","yes to c"]"#)
      } else {
        _ = try await next.workspace.wait(for: started.id, until: .standstill, timeout: nil)
        await next.engine.close(reason: "the editor closed", grace: .milliseconds(100))
      }
    }
    #expect(folder.read("workspace/began") == "a\nb\nc\n")
  }
}
