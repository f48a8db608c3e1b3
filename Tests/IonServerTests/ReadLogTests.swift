import IonJSON
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

@Suite struct ReadLogTests {
  private func log(_ desk: MethodDesk, _ run: RunID, _ more: JSONObject = [:]) async throws -> ReadLog.Result {
    var params: JSONObject = ["runId": run.json, "nodeId": "a"]
    for member in more.members { params[member.key] = member.value }
    return try await desk.call(ReadLog.self, .object(params))
  }

  @Test func streamsAreReadApartAndTogether() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: 'echo one; echo two >&2'}")
    let run = try await desk.run().runId
    #expect(try await log(desk, run, ["stream": "stdout"]).text == "one\n")
    #expect(try await log(desk, run, ["stream": "stderr"]).text == "two\n")
    let both = try await log(desk, run)
    #expect(both.size == 8)
    #expect(both.text.split(separator: "\n").sorted() == ["one", "two"])
    #expect(both.eof)
  }

  @Test func outputIsReadInPiecesCutAtCharacters() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: 'printf ééééé'}")
    let run = try await desk.run().runId
    var text = ""
    var offset = 0
    var pieces = 0
    while true {
      let piece = try await log(desk, run, ["offset": .integer(Int64(offset)), "limitBytes": 5])
      #expect(piece.offset == offset)
      #expect(piece.size == 10)
      text += piece.text
      offset = piece.nextOffset
      pieces += 1
      if piece.eof { break }
      try #require(pieces < 10)
    }
    #expect(text == "ééééé")
    #expect(pieces == 3)
    let inside = try await log(desk, run, ["offset": 3])
    #expect(inside.offset == 4)
    #expect(inside.text == "ééé")
    #expect(try await log(desk, run, ["offset": 99]).text == "")
  }

  @Test func attemptsAreReadApart() async throws {
    let desk = try await MethodDesk(
      nodes: """
          - id: a
            retry: {max_attempts: 2, delay_ms: 1}
            bash: echo x >> tries; wc -l < tries; test "$(wc -l < tries)" -ge 2
        """)
    let run = try await desk.run().runId
    #expect(try await log(desk, run, ["attempt": 1]).text == "1\n")
    #expect(try await log(desk, run, ["attempt": 2]).text == "2\n")
    #expect(try await log(desk, run).text == "2\n")
    #expect(try await log(desk, run, ["attempt": 3]).size == 0)
  }

  @Test func runningNodeHasNoEndYet() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: 'echo early; \(MethodDesk.waiting); echo late'}")
    let run = try await desk.start()
    await desk.fixture.platform.until("a", is: .running)
    #expect(try await !log(desk, run).eof)
    desk.letGo()
    _ = try await desk.end(of: run)
    let whole = try await log(desk, run)
    #expect(whole.text == "early\nlate\n")
    #expect(whole.eof)
  }

  @Test func messagesOfTheRunHaveOffsetsThatStay() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: 'test -e mended'}")
    let run = try await desk.run().runId
    let first = try await desk.call(ReadLog.self, ["runId": run.json])
    #expect(first.text.hasPrefix("info: Started w"))
    #expect(first.text.contains("\nerror: w failed"))
    #expect(first.text.hasSuffix("\n"))
    #expect(first.eof)
    desk.folder.write("", to: "workspace/mended")
    _ = try await desk.call(ResumeWorkflow.self, ["runId": run.json])
    _ = try await desk.end(of: run)
    let second = try await desk.call(ReadLog.self, ["runId": run.json])
    #expect(second.text.hasPrefix(first.text))
    let rest = try await desk.call(
      ReadLog.self, ["runId": run.json, "offset": .integer(Int64(first.nextOffset))])
    #expect(rest.text == String(second.text.dropFirst(first.text.count)))
    #expect(rest.text.hasPrefix("info: Resumed w"))
  }

  @Test func placesThatAreNotThereAreNamed() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: 'true'}")
    let run = try await desk.run().runId
    #expect(await desk.refusal(ReadLog.self, ["runId": run.json, "nodeId": "b"])?.kind == "nodeNotFound")
    #expect(await desk.refusal(ReadLog.self, ["runId": run.json, "stream": "stdout"])?.path == "/params/stream")
    #expect(await desk.refusal(ReadLog.self, ["runId": run.json, "attempt": 1])?.path == "/params/attempt")
    let limit = await desk.refusal(ReadLog.self, ["runId": run.json, "nodeId": "a", "limitBytes": 2_000_000])
    #expect(limit?.path == "/params/limitBytes")
  }
}
