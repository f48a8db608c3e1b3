import IonEngine
import IonJSON
import IonProcess
import IonRPC
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

/// How output gets to clients: in pieces of their size, exactly where it belongs, and with what is left out counted.
@Suite struct PlatformOutputTests {
  /// Runs a workflow of one step for a client that follows it, and returns the pieces of its stdout.
  private func pieces(
    _ bash: String, _ output: String = "full", bytes: Int64 = 0
  ) async throws -> (pieces: [JSONValue], server: ServerFixture) {
    let indented = bash.split(separator: "\n").map { "      " + $0 }.joined(separator: "\n")
    let server = try await ServerFixture.small(
      files: [
        ".ion/workflows/w.yaml":
          "name: w\nnodes:\n  - id: a\n    bash: |\n\(indented)\n  - id: z\n    depends_on: [a]\n    bash: printf END\n"
      ])
    await server.hello()
    _ = await server.client.call("events/subscribe", ["output": .string(output)])
    let workspace = server.fixture.workspace
    let run = try await workspace.execute(
      try workspace.workflow(named: "w"), in: nil, message: "", options: WorkflowExecutionOptions()
    ).run
    _ = try await workspace.wait(for: run.id, timeout: nil)
    // The last output of all comes from the last node.
    if output != "none" { _ = await server.client.next { $0.at("params.text") == "END" } }
    while bytes > (mine(server.client).last.map(end) ?? 0) { guard await server.client.next() != nil else { break } }
    _ = await server.goodbye()
    return (mine(server.client), server)
  }

  private func mine(_ client: WireClient) -> [JSONValue] {
    client.heard("workflow/output").filter { $0["nodeId"] == "a" && $0["stream"] == "stdout" }
  }

  /// Where a piece of text without faults ends.
  private func end(_ piece: JSONValue) -> Int64 {
    (piece["offset"]?.integerValue ?? 0) + Int64(piece["text"]?.stringValue?.utf8.count ?? 0)
  }

  /// Whether each piece begins where the one before ended, given what was dropped.
  private func areExact(_ pieces: [JSONValue]) -> Bool {
    var end: Int64 = 0
    for piece in pieces {
      guard let offset = piece["offset"]?.integerValue, let text = piece["text"]?.stringValue else { return false }
      guard offset - end == piece["dropped"]?.integerValue ?? 0 else { return false }
      end = offset + Int64(text.utf8.count)
    }
    return true
  }

  @Test func shortStepIsHeardWhole() async throws {
    let (pieces, _) = try await pieces("echo hello; echo there >&2")
    #expect(pieces.map { $0["text"] } == ["hello\n"])
    #expect(pieces.first?["offset"] == 0 && pieces.first?["attempt"] == 1)
  }

  @Test(arguments: ["full", "tail"]) func streamsComeInTheOrderInWhichTheyPrinted(_ mode: String) async throws {
    let lines = (1...20).map { "echo \($0) >&\($0 % 3 == 0 ? 2 : 1); sleep 0.01" }.joined(separator: "\n")
    let (_, server) = try await pieces(lines, mode)
    let mine = server.client.heard("workflow/output").filter { $0["nodeId"] == "a" }
    let run = try #require(mine.first?["runId"]?.stringValue)
    // What was in both pipes at once, on a busy machine, has the order that the log gives it.
    let log = try await server.fixture.workspace.log(
      of: RunID(run), node: "a", attempt: nil, view: .merged, offset: 0, limit: 1000)
    #expect(mine.compactMap { $0["text"]?.stringValue }.joined() == log.slice.text && log.slice.size == 51)
  }

  @Test func fullOutputIsCompleteInPiecesOfAtMost64KB() async throws {
    let (pieces, _) = try await pieces("head -c 300000 /dev/zero | tr '\\0' x", bytes: 300_000)
    #expect(areExact(pieces))
    #expect(pieces.allSatisfy { $0["dropped"] == nil && $0["text"]!.stringValue!.utf8.count <= 65_536 })
    #expect(pieces.reduce(0) { $0 + $1["text"]!.stringValue!.utf8.count } == 300_000)
  }

  @Test func tailLeavesOutWhatIsOldAndCountsIt() async throws {
    let (pieces, _) = try await pieces("head -c 3000000 /dev/zero | tr '\\0' x", "tail", bytes: 3_000_000)
    #expect(areExact(pieces))
    let last = try #require(pieces.last)
    #expect(last["offset"]!.integerValue! + Int64(last["text"]!.stringValue!.utf8.count) == 3_000_000)
    #expect(pieces.contains { ($0["dropped"]?.integerValue ?? 0) > 0 })
  }

  @Test func charactersAreNeverCut() async throws {
    let (pieces, _) = try await pieces("printf 'x'; for i in $(seq 1 40000); do printf '€'; done", bytes: 120_001)
    #expect(areExact(pieces))
    let text = pieces.compactMap { $0["text"]?.stringValue }.joined()
    #expect(text == "x" + String(repeating: "€", count: 40_000))
    #expect(!text.contains("\u{FFFD}"))
  }

  @Test func characterThatComesInTwoWritesIsSentWhole() async throws {
    // The second byte is written only once the first was read.
    let (pieces, _) = try await pieces("printf 'a\\342'; sleep 0.3; printf '\\202\\254b'")
    #expect(pieces.compactMap { $0["text"]?.stringValue }.joined() == "a€b")
    #expect(areExact(pieces))
  }

  @Test func characterThatIsNeverCompletedIsShownAtTheEnd() async throws {
    let (pieces, _) = try await pieces("printf 'a\\342'")
    #expect(pieces.compactMap { $0["text"]?.stringValue }.joined() == "a\u{FFFD}")
  }

  @Test func noneMeansNone() async throws {
    let (_, server) = try await pieces("echo hello", "none")
    #expect(server.client.heard("workflow/output").isEmpty)
  }

  // MARK: What is due, as a value

  private func node(_ status: NodeStatus, attempt: Int = 1) -> NodeRecord {
    var node = NodeRecord(run: "r", node: "a", index: 0, status: status)
    node.attempt = attempt
    return node
  }

  private func arrival(_ offset: Int, _ count: Int) -> OutputArrival {
    OutputArrival(codebase: nil, run: "r", node: "a", attempt: 1, stream: .stdout, offset: offset, count: count)
  }

  @Test func attemptThatNobodySawBeginIsSentFromWhereItIsHeard() {
    var progress = OutputProgress()
    progress.arrived(arrival(500, 10), isFull: false)
    #expect(progress.takeWork().map(\.sent) == [500])
    #expect(progress.takeWork().isEmpty)
  }

  @Test func sameArrivalTwiceIsDueOnce() {
    var progress = OutputProgress()
    progress.began(node(.running), isFull: false)
    progress.arrived(arrival(0, 10), isFull: false)
    let work = progress.takeWork()
    #expect(work.count == 1)
    progress.sent(work[0].source, upTo: 10, of: 10)
    progress.arrived(arrival(0, 10), isFull: false)
    #expect(!progress.hasWork)
  }

  @Test func whatWasPrintedBeforeAnybodyListenedIsLookedFor() {
    var progress = OutputProgress()
    progress.began(node(.running), isFull: false)
    #expect(!progress.hasWork)
    progress.lookAgain()
    let work = progress.takeWork()
    #expect(Set(work.map(\.source.stream)) == [.stdout, .stderr] && work.allSatisfy { $0.sent == 0 && !$0.hasEnded })
    progress.sent(work[0].source, upTo: 0, of: 0)
    #expect(!progress.hasWork)
  }

  @Test func endedAttemptIsNotBegunAgain() {
    var progress = OutputProgress()
    progress.began(node(.running), isFull: false)
    progress.ended(node(.succeeded))
    for work in progress.takeWork() {
      #expect(work.hasEnded)
      progress.sent(work.source, upTo: 5, of: 5)
    }
    for work in progress.takeWork() { progress.sent(work.source, upTo: 5, of: 5) }
    progress.began(node(.running), isFull: true)
    progress.ended(node(.succeeded))
    progress.arrived(arrival(0, 5), isFull: true)
    #expect(!progress.hasWork)
  }

  @Test func incompleteCharacterIsNotReadAgainAndAgain() {
    var progress = OutputProgress()
    progress.arrived(arrival(0, 4), isFull: false)
    let work = progress.takeWork()
    progress.sent(work[0].source, upTo: 3, of: 4)
    for work in progress.takeWork() { progress.sent(work.source, upTo: 3, of: 4) }
    #expect(!progress.hasWork)
    progress.arrived(arrival(4, 1), isFull: false)
    #expect(progress.takeWork().map(\.sent) == [3])
  }

  @Test(arguments: [(false, 100_000, 34_464), (false, 65_536, 0), (true, 8_388_608, 0), (true, 9_000_000, 8_934_464)])
  func readingStartsWhereTheClientCanKeepUp(isFull: Bool, size: Int, start: Int) {
    let source = OutputProgress.Source(run: "r", node: "a", attempt: 1, stream: .stdout)
    let work = OutputProgress.Work(source: source, sent: 0, isFull: isFull, hasEnded: false)
    #expect(work.start(size: size, chunk: OutputPump.chunk, lag: OutputPump.lag) == start)
  }

  // MARK: Two pieces that wait

  private func merged(_ old: JSONValue, _ new: JSONValue) -> JSONValue? {
    guard case .replaced(let params) = OutputPump.merge(old, new) else { return nil }
    return params
  }

  @Test func neighboursThatWaitBecomeOne() {
    let result = merged(
      ["offset": 10, "text": "ab", "dropped": 3, "runId": "r"], ["offset": 12, "text": "cd", "runId": "r"])
    #expect(result == ["offset": 10, "text": "abcd", "dropped": 3, "runId": "r"])
  }

  @Test func whatDoesNotFitIsDroppedAndCounted() {
    let old = String(repeating: "a", count: 40_000), new = String(repeating: "b", count: 40_000)
    let result = merged(["offset": 100, "text": .string(old), "dropped": 7], ["offset": 40_100, "text": .string(new)])
    #expect(result == ["offset": 40_100, "text": .string(new), "dropped": 40_007])
  }

  @Test func streamsThatWaitStayApart() {
    let result = OutputPump.merge(
      ["offset": 0, "text": "ab", "stream": "stdout"], ["offset": 2, "text": "cd", "stream": "stderr"])
    guard case .separate = result else {
      Issue.record("\(result)")
      return
    }
  }

  @Test func attemptsAreDueWithBothTheirStreams() {
    var progress = OutputProgress()
    progress.began(node(.running), isFull: false)
    progress.arrived(arrival(0, 10), isFull: false)
    let attempts = progress.takeAttempts()
    #expect(attempts.map { $0.map(\.source.stream) } == [[.stdout, .stderr]])
    progress.sent([OutputPiece(.stdout, from: 0, count: 4)], of: attempts[0], sizes: [.stdout: 10, .stderr: 2])
    #expect(progress.takeAttempts().map { $0.map(\.sent) } == [[4, 0]])
    #expect(!progress.hasWork)
  }

  @Test func holesAreNotJoinedOver() {
    let result = merged(["offset": 0, "text": "ab"], ["offset": 50, "text": "cd", "dropped": 48])
    #expect(result == ["offset": 50, "text": "cd", "dropped": 50])
  }
}
