import IonAgents
import IonEngine
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// `on_reject`: an agent does something about a rejection, and the gate asks again.
@Suite struct RevisionTests {
  private static let yaml = """
    name: w
    nodes:
      - {id: plan, prompt: Plan.}
      - id: review
        depends_on: [plan]
        approval:
          message: 'Good? $plan.output ($REJECTION_REASON)'
          capture_response: true
          on_reject: {prompt: 'Mend $plan.output because $REJECTION_REASON', max_attempts: 2}
      - {id: ship, depends_on: [review], bash: 'echo "shipped: $review.output"'}
    """

  private static func fixture(_ agent: ScriptedProvider) async throws -> EngineFixture {
    try await EngineFixture(
      files: [".ion/workflows/w.yaml": yaml, ".ion/config.yaml": "provider: scripted"], agents: [agent])
  }

  private func gate(_ fixture: EngineFixture, _ run: RunID) async throws -> GateRecord {
    _ = try await fixture.workspace.wait(for: run, until: .standstill, timeout: nil)
    return try #require(try await fixture.workspace.gates(of: run).map(\.gate).first { $0.state == .pending })
  }

  private func answer(
    _ fixture: EngineFixture, _ gate: GateRecord, _ decision: String, _ comment: String? = nil
  ) async throws {
    _ = try await fixture.workspace.answer(
      gate.id, GateAnswer(decision: decision, comment: comment, decidedBy: "Ada"), secrets: [:])
  }

  @Test func aRejectionIsRevisedAndAskedAboutAgain() async throws {
    let agent = ScriptedProvider { _, number in .answers("answer \(number)") }
    let fixture = try await Self.fixture(agent)
    let started = try await fixture.start("w")
    let first = try await gate(fixture, started.id)
    #expect(first.question?.message == "Good? answer 0 ()")
    try await answer(fixture, first, "reject", "too long, $plan.output")
    let second = try await gate(fixture, started.id)
    #expect(second.id != first.id)
    #expect(second.question?.message == "Good? answer 0 (too long, $plan.output)")
    try await answer(fixture, second, "approve", "fine")
    let (run, nodes) = try await fixture.end(of: started.id)
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(agent.prompts == ["Plan.", "Mend answer 0 because too long, $plan.output"])
    #expect(nodes["review#1/on_reject"]?.output?.text == "answer 1")
    #expect(nodes["ship"]?.output?.text == "shipped: fine")
  }

  @Test func tooManyRejectionsFailTheNode() async throws {
    let agent = ScriptedProvider { _, number in .answers("answer \(number)") }
    let fixture = try await Self.fixture(agent)
    let started = try await fixture.start("w")
    for _ in 0..<3 { try await answer(fixture, try await gate(fixture, started.id), "reject", "no") }
    let (run, nodes) = try await fixture.end(of: started.id)
    #expect(run.status == .failed && nodes["review"]?.error == "it was rejected after 2 revisions: no")
    #expect(agent.prompts.count == 3)
    _ = try await fixture.workspace.resume(run.id, secrets: [:])
    try await answer(fixture, try await gate(fixture, started.id), "approve")
    #expect(try await fixture.end(of: run.id).run.status == .succeeded)
    #expect(agent.prompts.count == 4, "a resume revises once more")
  }

  @Test func aRevisionThatFailsFailsTheGate() async throws {
    let agent = ScriptedProvider { _, number in number == 1 ? .fails(.refusal) : .answers("x") }
    let fixture = try await Self.fixture(agent)
    let started = try await fixture.start("w")
    try await answer(fixture, try await gate(fixture, started.id), "reject", "why not")
    let (failed, nodes) = try await fixture.end(of: started.id)
    #expect(failed.status == .failed && nodes["review"]?.error == "revision 1: review#1/on_reject failed: no")
    _ = try await fixture.workspace.resume(failed.id, secrets: [:])
    try await answer(fixture, try await gate(fixture, started.id), "approve")
    #expect(try await fixture.end(of: failed.id).run.status == .succeeded)
    #expect(agent.prompts == ["Plan.", "Mend x because why not", "Mend x because why not"])
  }

  @Test func eachPhaseSurvivesTheLossOfItsProcess() async throws {
    let agent = ScriptedProvider { _, number in number == 1 ? .waits([]) : .answers("answer \(number)") }
    let first = try await Self.fixture(agent)
    let started = try await first.start("w")
    let asked = try await gate(first, started.id)
    await first.engine.close(reason: "gone", grace: .zero)

    // The rejection goes on with the run, whose owner goes away while the agent revises.
    let second = try await EngineFixture(agents: [agent], folder: first.folder)
    try await answer(second, asked, "reject", "no")
    await agent.asked(2)
    await second.engine.close(reason: "gone", grace: .zero)

    let third = try await EngineFixture(agents: [agent], folder: first.folder)
    #expect(try await third.workspace.record(of: started.id).status == .interrupted)
    _ = try await third.workspace.resume(started.id, secrets: [:])
    let again = try await gate(third, started.id)
    #expect(again.id != asked.id && agent.prompts.first == "Plan." && agent.prompts.count == 3)
    // Whoever revises again is told first that it was interrupted.
    #expect(agent.prompts.dropFirst().allSatisfy { $0.hasSuffix("Mend answer 0 because no") }, "\(agent.prompts)")
    await third.engine.close(reason: "gone", grace: .zero)

    let fourth = try await EngineFixture(agents: [agent], folder: first.folder)
    try await answer(fourth, again, "approve", "good")
    let (run, nodes) = try await fourth.end(of: started.id)
    #expect(run.status == .succeeded && nodes["review"]?.output?.text == "good")
    #expect(agent.prompts.count == 3)
  }
}
