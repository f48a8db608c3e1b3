import IonJSON
import IonTestSupport
import Testing

@testable import IonServer

/// What a run gave, as clients get it.
@Suite struct RunOutputTests {
  private static let judged = [
    ".ion/workflows/w.yaml": """
    name: w
    returns: judge
    outcome_field: good
    nodes:
      - id: judge
        bash: echo '{"good":false,"score":0.10}'
        output_format: {type: object, properties: {good: {type: boolean}}, required: [good]}
    """
  ]

  @Test func statusAndWaitCarryIt() async throws {
    let desk = try await MethodDesk(files: Self.judged)
    let waited = try await desk.run()
    let status = try await desk.json(GetStatus.self, ["runId": waited.runId.json])
    #expect(status["outcome"] == false)
    #expect(status["output"]?.description == #"{"good":false,"score":0.10}"#)
    #expect(status["outputBytes"] == 27)
    #expect(waited.output == status["output"] && waited.outcome == false && waited.outputBytes == 27)
  }

  @Test func listsSayTheVerdictAlone() async throws {
    let desk = try await MethodDesk(files: Self.judged)
    let run = try await desk.run()
    let listed = try await desk.json(ListRuns.self)["runs"]?.arrayValue?.first
    #expect(listed?["outcome"] == false && listed?["output"] == nil && listed?["outputBytes"] == nil)
    let events = try await desk.call(ReplayEvents.self, ["runId": run.runId.json, "afterSeq": 0]).events
    let told = events.filter { $0.method == WorkflowProgress.method }.map { $0.params["outcome"] }
    #expect(told.last == .some(false) && told.dropLast().allSatisfy { $0 == nil })
  }

  @Test func aRunWithoutOneSaysNothing() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: echo hi}")
    let status = try await desk.json(GetStatus.self, ["runId": try await desk.run().runId.json])
    #expect(status["output"] == nil && status["outcome"] == nil && status["outputBytes"] == nil)
  }
}
