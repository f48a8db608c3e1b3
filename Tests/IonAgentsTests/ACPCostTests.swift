import IonAgents
import IonWorkflow
import Testing

@testable import IonAgents

/// What the turns of one session cost, where its agent tells what the whole session has cost.
@Suite struct ACPCostTests {
  struct Row: Sendable, CustomStringConvertible {
    /// What was known of the session before the turn.
    var known: Double?
    var resumes = true
    /// What the agent tells before its prompt, and behind it.
    var before = "[]"
    var told: String
    /// What the turn is said to have cost, each time.
    var used: [Double]
    /// What the session is said to have cost last.
    var session: Double?

    var description: String { "\(String(describing: known)) \(resumes) \(before) \(told)" }
  }

  static let rows = [
    Row(known: nil, told: "[1, 2.5]", used: [1, 2.5], session: 2.5),
    Row(known: 1, told: "[1.5, 4]", used: [0.5, 3], session: 4),
    Row(known: 1, told: "[]", used: [], session: nil),
    // It isn't gone on in.
    Row(known: 1, resumes: false, told: "[1.5, 4]", used: [1.5, 4], session: 4),
    // What the agent itself tells before the turn counts.
    Row(known: 1, before: "[3]", told: "[4]", used: [1], session: 4),
    Row(known: nil, before: "[3]", told: "[4]", used: [1], session: 4),
    // It counts anew with each of its programs.
    Row(known: 2, told: "[0.5, 3]", used: [0.5, 3], session: 3),
    Row(known: 2, told: "[-1, 2]", used: [0], session: 2),
  ]

  @Test(arguments: rows) func whatASessionCostBeforeIsCountedOnce(_ row: Row) async throws {
    let acp = ACPBench()
    var request = try acp.request()
    request.session = SessionRequest("old-one", usd: row.known)
    let turn = try await acp.run(["costs", row.resumes ? "resumes" : "begins", row.told, row.before], request)
    #expect(turn.events.compactMap { if case .used(let usage) = $0 { usage.usd } else { nil } } == row.used)
    #expect(turn.session?.usd == row.session)
    #expect(turn.session?.id == (row.resumes ? "old-one" : "session-1"))
  }
}
