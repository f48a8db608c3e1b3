import Foundation
import IonJSON
import IonRPC
import IonTestSupport
import IonWorkflow
import Testing

/// Gates as people meet them: at a terminal, without one, in editors, and after whoever asked was killed.
@Suite(.timeLimit(.minutes(10))) struct GateTests {
  private static let files = [
    ".ion/workflows/release.yaml": """
    name: release
    nodes:
      - {id: build, bash: 'echo 1.4; echo built >> done.txt'}
      - id: review
        depends_on: [build]
        approval:
          message: Release $build.output?
          form: {channel: {type: enum, values: [beta, stable], required: true}}
      - {id: ship, depends_on: [review], bash: 'echo $review.output.form.channel >> done.txt'}
      - id: announce
        depends_on: [ship]
        approval: {message: Tell everybody?, capture_response: true}
      - {id: tell, depends_on: [announce], bash: 'echo $announce.output >> done.txt'}
    """
  ]

  private func pending(_ ion: BuiltIon) async throws -> JSONValue? {
    try JSONParser().parse(try await ion.run("gates", "--json").output)["approvals"]?.arrayValue?.first
  }

  @Test func withoutATerminalARunStopsAtItsGatesAndGoesOnByTheirAnswers() async throws {
    let ion = BuiltIon(files: Self.files)
    let started = try await ion.run("run", "release")
    #expect(started.status == 3)
    #expect(started.output.contains("Release 1.4?"))
    let gate = try #require(try await pending(ion))
    let run = try #require(gate["runId"]?.stringValue)
    #expect(started.output.contains("ion approve \(run.prefix(8)) review --form channel=…"))
    #expect(try await ion.status(of: run) == "awaitingApproval")
    #expect(try await ion.run("resume", run).errors.contains("waits at a gate"))

    let wrong = try await ion.run("approve", run, "--form", "channel=gamma")
    #expect(wrong.status == 2 && wrong.errors.contains("must be one of `beta`, `stable`"))
    #expect(try await ion.run("approve", run, "nothing").status == 2)
    let next = try await ion.run("approve", run, "--form", "channel=beta")
    #expect(next.status == 3 && next.output.contains("Tell everybody?"))
    let late = try await ion.run("approve", run, "review", "--form", "channel=beta")
    #expect(late.status == 1 && late.errors.contains("was answered `approve` by ion already"))
    #expect(try await ion.run("approve", run, "announce", "--text", "hear, hear").status == 0)
    #expect(ion.folder.read("workspace/done.txt") == "built\nbeta\nhear, hear\n")
    #expect(try await pending(ion) == nil)
    #expect(try await ion.run("approve", run).errors.contains("No gate"))
  }

  @Test func aRejectionCancelsTheRun() async throws {
    let ion = BuiltIon(files: Self.files)
    #expect(try await ion.run("run", "release").status == 3)
    let run = try #require(try await pending(ion)?["runId"]?.stringValue)
    let rejected = try await ion.run("reject", run, "--text", "not on a Friday")
    #expect(rejected.status == 130)
    #expect(rejected.output.contains("review was rejected: not on a Friday"))
    #expect(ion.folder.read("workspace/done.txt") == "built\n")
  }

  @Test func atATerminalThePersonIsAsked() async throws {
    let ion = BuiltIon(files: Self.files)
    let terminal = try Terminal(ion, "run", "release")
    #expect(await terminal.shows("Release 1.4?"))
    #expect(await terminal.shows("decides later: "))
    try terminal.type("maybe\n")
    #expect(await terminal.shows("`maybe` is none of them."))
    #expect(await terminal.shows("decides later: "))
    try terminal.type("a\n")
    #expect(await terminal.shows("channel (beta, stable): "))
    try terminal.type("stable\n")
    #expect(await terminal.shows("Tell everybody?"))
    #expect(await terminal.shows("decides later: "))
    try terminal.type("1 hear, hear\n")
    #expect(await terminal.shows("succeeded in"))
    #expect(await terminal.exitCode() == 0)
    #expect(ion.folder.read("workspace/done.txt") == "built\nstable\nhear, hear\n")
  }

  @Test func whoDecidesLaterIsToldHow() async throws {
    let ion = BuiltIon(files: Self.files)
    let terminal = try Terminal(ion, "run", "release")
    #expect(await terminal.shows("decides later: "))
    try terminal.type("\n")
    #expect(await terminal.shows("ion reject"))
    #expect(await terminal.exitCode() == 3)
    #expect(try await pending(ion)?["nodeId"] == "review")
  }

  private func answer(_ gate: String, of run: JSONValue, _ form: JSONValue = [:]) -> JSONValue {
    [
      "approvalId": .string("\(run.stringValue ?? "")/\(gate)/1"), "optionId": "approve", "comment": "once",
      "form": form,
    ]
  }

  /// When the server is killed.
  enum Moment: CaseIterable { case atTheStart, atTheGate, withTheAnswer, afterTheAnswer, atTheNextGate }

  @Test(arguments: Moment.allCases) func aGateOutlivesAKill(_ moment: Moment) async throws {
    let ion = BuiltIon(files: Self.files)
    let first = try Editor(ion)
    try await first.initialize(ion)
    let run = try #require(try await first.call("workflow/execute", ["workflow": "release"])["runId"])
    let standstill: JSONValue = ["runId": run, "until": "approval"]
    if moment != .atTheStart {
      #expect(try await first.call("workflow/wait", standstill)["status"] == "awaitingApproval")
    }
    let review = answer("review", of: run, ["channel": "beta"])
    switch moment {
    case .atTheStart, .atTheGate: break
    case .withTheAnswer: _ = first.connection.begin("approval/respond", review)
    case .afterTheAnswer, .atTheNextGate:
      #expect(try await first.call("approval/respond", review)["state"] == "decided")
    }
    if moment == .atTheNextGate { _ = try await first.call("workflow/wait", standstill) }
    first.kill()
    _ = await first.exitCode()

    let second = try Editor(ion)
    try await second.initialize(ion)
    let status = try await second.call("workflow/status", ["runId": run])["status"]
    #expect(status == "awaitingApproval" || moment != .atTheGate && moment != .atTheNextGate)
    if status == "interrupted" { _ = try await second.call("workflow/resume", ["runId": run]) }
    for (node, form) in [("review", ["channel": "beta"]), ("announce", [:])] as [(String, JSONValue)] {
      #expect(try await second.call("workflow/wait", standstill)["status"] == "awaitingApproval")
      let gates = try await second.call("approval/list", ["runId": run])["approvals"]?.arrayValue ?? []
      guard gates.contains(where: { $0["nodeId"] == .string(node) && $0["state"] == "pending" }) else { continue }
      #expect(try await second.call("approval/respond", answer(node, of: run, form))["state"] == "decided")
    }
    #expect(try await second.call("workflow/wait", ["runId": run])["status"] == "succeeded")
    // Steps that ran when the server died run again; answers are given once.
    let lines = (ion.folder.read("workspace/done.txt") ?? "").split(separator: "\n")
    #expect(Set(lines) == ["built", "beta", "once"] && lines.last == "once")
    await #expect(throws: (any Error).self) {
      try await second.call("approval/respond", answer("review", of: run, ["channel": "stable"]))
    }
    #expect(try await second.quit() == 0)
    #expect(ion.processesOfSteps().isEmpty)
  }

  @Test func ofTwoProcessesThatAnswerOneIsHeard() async throws {
    let ion = BuiltIon(files: Self.files)
    #expect(try await ion.run("run", "release").status == 3)
    let run = try #require(try await pending(ion)?["runId"]?.stringValue)
    async let one = ion.run("approve", run, "review", "--form", "channel=beta", "--text", "one")
    async let two = ion.run("approve", run, "review", "--form", "channel=stable", "--text", "two")
    let statuses = try await [one.status, two.status].sorted()
    #expect(statuses == [1, 3], "one goes on to the next gate, the other is refused")
    #expect(["built\nbeta\n", "built\nstable\n"].contains(ion.folder.read("workspace/done.txt") ?? ""))
  }
}
