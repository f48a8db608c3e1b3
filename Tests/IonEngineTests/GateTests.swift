import IonEngine
import IonJSON
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// Gates on a real store: answered once, by whoever has the run, or by whoever comes after them.
@Suite struct GateTests {
  static let workflow = """
    name: w
    nodes:
      - id: build
        bash: echo v7
      - id: review
        depends_on: [build]
        approval:
          message: Release $build.output?
          capture_response: true
      - id: ship
        depends_on: [review]
        bash: echo "$review.output" >> shipped
    """

  private func fixture(
    _ text: String = workflow, clock: any EngineClock = SystemClock()
  ) async throws -> EngineFixture {
    try await EngineFixture(files: [".ion/workflows/w.yaml": text], clock: clock)
  }

  /// Starts `w` and waits until it only waits for answers.
  private func standing(_ fixture: EngineFixture) async throws -> RunRecord {
    let started = try await fixture.start("w")
    return try await fixture.workspace.wait(for: started.id, until: .standstill, timeout: nil).run
  }

  private func pending(_ fixture: EngineFixture, _ run: RunID) async throws -> [GateRecord] {
    try await fixture.workspace.gates(of: run).map(\.gate).filter { $0.state == .pending }
  }

  private func yes(_ comment: String? = nil, by who: String = "Ada") -> GateAnswer {
    GateAnswer(decision: "approve", comment: comment, decidedBy: who)
  }

  @Test func anAnswerLetsTheRunGoOn() async throws {
    let fixture = try await fixture()
    let run = try await standing(fixture)
    #expect(run.status == .awaitingApproval)
    let gate = try #require(try await pending(fixture, run.id).first)
    #expect(gate.question?.message == "Release v7?" && gate.question?.title == "w: review")
    let answered = try await fixture.workspace.answer(gate.id, yes("well done"), secrets: [:])
    #expect(answered.gate.gate.state == .decided && answered.takenUpAfter == nil)
    let (end, nodes) = try await fixture.end(of: run.id)
    #expect(end.status == .succeeded)
    #expect(fixture.folder.read("workspace/shipped") == "well done\n")
    #expect(nodes["review"]?.gate?.answer?.decidedBy == "Ada" && nodes["review"]?.attempt == 1)
    #expect(fixture.platform.messages.contains { $0.contains("waits for an answer at `review`: Release v7?") })
    let states = fixture.platform.notices.compactMap { notice -> GateState? in
      if case .gate(let gate) = notice.notice { gate.state } else { nil }
    }
    #expect(states == [.pending, .decided])
  }

  @Test func ofManyAnswersOneCounts() async throws {
    let fixture = try await fixture()
    let run = try await standing(fixture)
    let gate = try #require(try await pending(fixture, run.id).first)
    let verdicts = await withTaskGroup(of: String.self) { group in
      for number in 0..<20 {
        group.addTask {
          do {
            let answered = try await fixture.workspace.answer(gate.id, yes("\(number)", by: "\(number)"), secrets: [:])
            return answered.gate.gate.answer?.decidedBy == "\(number)" ? "taken" : "somebody else's"
          } catch EngineFailure.alreadyResolved(let standing, _) {
            return standing.answer == nil ? "without what stands" : "resolved"
          } catch {
            return "\(error)"
          }
        }
      }
      return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
    #expect(verdicts == ["taken": 1, "resolved": 19])
    #expect(try await fixture.end(of: run.id).run.status == .succeeded)
    #expect(fixture.folder.read("workspace/shipped")?.split(separator: "\n").count == 1)
  }

  @Test func anAnswerThatDoesNotFitChangesNothing() async throws {
    let fixture = try await fixture()
    let run = try await standing(fixture)
    let gate = try #require(try await pending(fixture, run.id).first)
    let seq = try await fixture.workspace.bounds().last
    await #expect(throws: EngineFailure.self) {
      try await fixture.workspace.answer(
        gate.id, GateAnswer(decision: "maybe", form: ["x": 1], decidedBy: "Ada"), secrets: [:])
    }
    await #expect(throws: EngineFailure.gateNotFound("\(run.id)/review/2")) {
      try await fixture.workspace.answer(GateID("review", of: run.id, attempt: 2), yes(), secrets: [:])
    }
    await #expect(throws: EngineFailure.gateNotFound("nothing")) {
      try await fixture.workspace.answer("nothing", yes(), secrets: [:])
    }
    #expect(try await fixture.workspace.bounds().last == seq)
    #expect(try await pending(fixture, run.id).map(\.id) == [gate.id])
    _ = try await fixture.workspace.cancel(run.id, node: nil, reason: nil, force: false)
    _ = try await fixture.end(of: run.id)
  }

  @Test func theSameAnswerAgainGetsWhatStands() async throws {
    let fixture = try await fixture()
    let run = try await standing(fixture)
    let gate = try #require(try await pending(fixture, run.id).first)
    var answer = yes("once")
    answer.idempotencyKey = "k"
    _ = try await fixture.workspace.answer(gate.id, answer, secrets: [:])
    #expect(try await fixture.workspace.answer(gate.id, answer, secrets: [:]).gate.gate.answer?.comment == "once")
    answer.comment = "twice"
    await #expect(throws: EngineFailure.store(.idempotencyConflict(key: "k"))) {
      try await fixture.workspace.answer(gate.id, answer, secrets: [:])
    }
    _ = try await fixture.end(of: run.id)
    answer.comment = "once"
    #expect(try await fixture.workspace.answer(gate.id, answer, secrets: [:]).gate.gate.answer?.comment == "once")
  }

  @Test func aWaitingRunOutlivesItsProcessAndGoesOnInAnother() async throws {
    let first = try await fixture()
    let run = try await standing(first)
    let gate = try #require(try await pending(first, run.id).first)
    await first.engine.close(reason: "the editor closed", grace: .zero)
    #expect(try await first.workspace.record(of: run.id).status == .awaitingApproval)

    let second = try await EngineFixture(folder: first.folder)
    #expect(try await second.workspace.reconcile() == [])
    #expect(try await second.workspace.gates(of: nil).map(\.gate) == [gate])
    await #expect(throws: EngineFailure.self) { try await second.workspace.resume(run.id, secrets: [:]) }
    let answered = try await second.workspace.answer(gate.id, yes("later"), secrets: [:])
    #expect(answered.takenUpAfter != nil)
    let (end, nodes) = try await second.end(of: run.id)
    #expect(end.status == .succeeded && end.attempt == 1)
    #expect(nodes["build"]?.attempt == 1)
    #expect(second.folder.read("workspace/shipped") == "later\n")
    await #expect(throws: EngineFailure.self) { try await second.workspace.answer(gate.id, yes(), secrets: [:]) }
  }

  @Test func ofManyWhoTakeAWaitingRunUpOneDoes() async throws {
    let first = try await fixture()
    let run = try await standing(first)
    let gate = try #require(try await pending(first, run.id).first)
    await first.engine.close(reason: "bye", grace: .zero)
    let second = try await EngineFixture(folder: first.folder)
    let taken = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<10 {
        group.addTask {
          (try? await second.workspace.answer(gate.id, yes(by: "\(number)"), secrets: [:])) != nil
        }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(taken == 1)
    #expect(try await second.end(of: run.id).run.status == .succeeded)
    #expect(second.folder.read("workspace/shipped") == "\n")
  }

  @Test func aWaitingRunThatNobodyHasCanBeCancelled() async throws {
    let first = try await fixture()
    let run = try await standing(first)
    await first.engine.close(reason: "bye", grace: .zero)
    let second = try await EngineFixture(folder: first.folder)
    _ = try await second.workspace.cancel(run.id, node: nil, reason: "no more", force: false)
    let (end, nodes) = try await second.end(of: run.id)
    #expect(end.status == .cancelled && end.error == "no more")
    #expect(nodes["review"]?.gate?.state == .cancelled && nodes["review"]?.status == .cancelled)
  }

  @Test func aGateOfAnInterruptedRunStandsWhenThatIsResumed() async throws {
    let first = try await fixture(
      Self.workflow + "\n  - {id: slow, bash: 'test -e go || sleep 1000'}\n")
    let started = try await first.start("w")
    await first.platform.until("review", is: .awaitingApproval)
    await first.platform.until("slow", is: .running)
    await first.engine.close(reason: "bye", grace: .milliseconds(50))
    let second = try await EngineFixture(folder: first.folder)
    let gate = try #require(try await pending(second, started.id).first)
    #expect(try await second.workspace.record(of: started.id).status == .interrupted)
    await #expect(throws: EngineFailure.self) { try await second.workspace.answer(gate.id, yes(), secrets: [:]) }
    second.folder.write("", to: "workspace/go")
    _ = try await second.workspace.resume(started.id, secrets: [:])
    _ = try await second.workspace.answer(gate.id, yes("at last"), secrets: [:])
    let (end, nodes) = try await second.end(of: started.id)
    #expect(end.status == .succeeded && nodes["review"]?.attempt == 1)
    #expect(second.folder.read("workspace/shipped") == "at last\n")
  }

  @Test func whoFindsThePathTakenHearsOfTheGate() async throws {
    let fixture = try await fixture()
    let run = try await standing(fixture)
    do {
      _ = try await fixture.start("w")
      Issue.record("a second run has the path")
    } catch let failure as EngineFailure {
      #expect(failure.message.contains("which waits for an answer to its gate `review`"))
    }
    let gate = try #require(try await pending(fixture, run.id).first)
    _ = try await fixture.workspace.answer(
      gate.id, GateAnswer(decision: "reject", comment: "ugly", decidedBy: "Ada"), secrets: [:])
    let (end, _) = try await fixture.end(of: run.id)
    #expect(end.status == .cancelled && end.error == "review was rejected: ugly")
  }

  @Test func aTimeoutTakesTheDefault() async throws {
    let clock = HandClock()
    let fixture = try await fixture(
      """
      name: w
      nodes:
        - id: review
          approval: {message: Well?, timeout: 1m, default: later, decisions: [{id: approve}, {id: later}]}
        - id: after
          depends_on: [review]
          bash: echo "$review.output.decision" > decision
      """, clock: clock)
    let run = try await standing(fixture)
    await clock.sleepers(1)
    clock.advance(by: .seconds(60))
    let (end, nodes) = try await fixture.end(of: run.id)
    #expect(end.status == .succeeded)
    #expect(nodes["review"]?.gate?.answer?.decidedBy == "timeout")
    #expect(fixture.folder.read("workspace/decision") == "later\n")
  }

  @Test func aGatesTimeGoesOnWhileNobodyHasTheRun() async throws {
    let text = """
      name: w
      nodes:
        - id: slow
          approval: {message: Slow?, timeout: 10m}
        - id: quick
          approval: {message: Quick?}
      """
    let first = try await fixture(text, clock: HandClock(start: 1_700_000_000_000))
    let run = try await standing(first)
    let quick = try #require(try await pending(first, run.id).first { $0.node == "quick" })
    await first.engine.close(reason: "bye", grace: .zero)
    let clock = HandClock(start: 1_700_000_000_000 + 9 * 60_000)
    let second = try await EngineFixture(clock: clock, folder: first.folder)
    _ = try await second.workspace.answer(quick.id, yes(), secrets: [:])
    await clock.sleepers(1)
    clock.advance(by: .seconds(60))
    let (end, nodes) = try await second.end(of: run.id)
    #expect(end.status == .failed && end.error == "slow failed: nobody answered within 10m")
    #expect(nodes["slow"]?.gate?.state == .expired)
  }

  @Test func everyIterationOfALoopAsksAnew() async throws {
    let fixture = try await fixture(
      """
      name: w
      nodes:
        - id: draft
          loop_group:
            max_iterations: 3
            until: DONE
            nodes:
              - {id: review, approval: {message: Good?, capture_response: true}}
      """)
    let run = try await standing(fixture)
    let first = try #require(try await pending(fixture, run.id).first)
    #expect(first.node == "draft#1/review")
    _ = try await fixture.workspace.answer(first.id, yes("not yet"), secrets: [:])
    _ = try await fixture.workspace.wait(for: run.id, until: .standstill, timeout: nil)
    await fixture.engine.close(reason: "bye", grace: .zero)

    let second = try await EngineFixture(folder: fixture.folder)
    let next = try #require(try await pending(second, run.id).first)
    #expect(next.node == "draft#2/review")
    _ = try await second.workspace.answer(next.id, yes("DONE"), secrets: [:])
    #expect(try await second.end(of: run.id).run.status == .succeeded)
  }

  @Test func everyInstanceOfAMatrixHasAGateOfItsOwn() async throws {
    let fixture = try await fixture(
      """
      name: w
      nodes:
        - id: review
          matrix: {os: [linux, mac]}
          approval: {message: "Release for $MATRIX.os?", capture_response: true}
        - {id: after, depends_on: [review], bash: 'echo $review.output > all'}
      """)
    let run = try await standing(fixture)
    let gates = try await pending(fixture, run.id)
    #expect(gates.map(\.question?.message) == ["Release for linux?", "Release for mac?"])
    #expect(gates.map(\.question?.title) == ["w: review[linux]", "w: review[mac]"])
    for gate in gates.reversed() {
      _ = try await fixture.workspace.answer(gate.id, yes(gate.node.rawValue), secrets: [:])
    }
    #expect(try await fixture.end(of: run.id).run.status == .succeeded)
    #expect(fixture.folder.read("workspace/all") == #"["review[linux]","review[mac]"]"# + "\n")
  }

  @Test func aMessageThatCantBeMadeFailsTheNode() async throws {
    let fixture = try await fixture(
      """
      name: w
      nodes:
        - {id: a, bash: echo text}
        - {id: review, depends_on: [a], approval: {message: "$a.output.version?"}}
      """)
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .failed && nodes["review"]?.attempt == 0)
    #expect(nodes["review"]?.error?.contains("$a.output.version") == true)
  }

  @Test func aSecretIsNotShown() async throws {
    let fixture = try await fixture(
      """
      name: w
      inputs: {token: {type: secret, required: true}}
      nodes: [{id: review, approval: {message: "Use $INPUTS.token?"}}]
      """)
    var options = WorkflowExecutionOptions()
    options.input = ["token": "hunter2"]
    let started = try await fixture.start("w", options: options)
    await fixture.platform.until("review", is: .awaitingApproval)
    #expect(try await pending(fixture, started.id).map(\.question?.message) == ["Use •••?"])
    await fixture.engine.close(reason: "bye", grace: .zero)

    let second = try await EngineFixture(folder: fixture.folder)
    let gate = try #require(try await pending(second, started.id).first)
    await #expect(throws: EngineFailure.self, "the secret is asked for again") {
      try await second.workspace.answer(gate.id, yes(), secrets: [:])
    }
    _ = try await second.workspace.answer(gate.id, yes(), secrets: ["token": "hunter2"])
    #expect(try await second.end(of: started.id).run.status == .succeeded)
  }

  @Test func aRunWithWorkForAnAgentIsRefused() async throws {
    let fixture = try await fixture(
      """
      name: w
      nodes: [{id: review, approval: {message: Well?, on_reject: {prompt: Mend it}}}]
      """)
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .failed)
    #expect(run.error?.contains("`review` needs an agent") == true)
  }
}
