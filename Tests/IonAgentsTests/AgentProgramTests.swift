import IonProcess
import IonWorkflow
import Testing

@testable import IonAgents

/// Programs that are talked with in lines.
@Suite struct AgentProgramTests {
  private let bench = Bench()

  private func lines(_ pieces: [String], limit: Int = 8) -> [LineSplitter.Line] {
    var splitter = LineSplitter(limit: limit)
    var lines: [LineSplitter.Line] = []
    for piece in pieces { lines += Array(piece.utf8).withUnsafeBytes { splitter.take($0) } }
    return lines + (splitter.finish().map { [$0] } ?? [])
  }

  private func whole(_ text: String) -> LineSplitter.Line { .whole(Array(text.utf8)) }

  @Test func linesAreCutHoweverTheyArrive() {
    let expected = [whole("one"), whole("two"), whole("é")]
    #expect(lines(["one\ntwo\r\n\n\r\né\n"]) == expected)
    let bytes = Array("one\ntwo\r\n\n\r\né".utf8)
    var splitter = LineSplitter(limit: 8)
    var found: [LineSplitter.Line] = []
    for byte in bytes { found += [byte].withUnsafeBytes { splitter.take($0) } }
    #expect(found + [splitter.finish()].compactMap(\.self) == expected)
  }

  @Test func aLineThatIsTooLongIsLostAlone() {
    #expect(lines(["12345678\n123456789\n1"]) == [whole("12345678"), .overlong(9), whole("1")])
    #expect(lines(["12345", "6789", "abc\nok\n"]) == [.overlong(12), whole("ok")])
    #expect(lines(["1234567890"]) == [.overlong(10)])
  }

  @Test func aConversationGoesBothWays() async {
    let (events, sink) = AsyncStream<AgentProgram.Event>.makeStream()
    let program = AgentProgram(
      "bash", ["-c", "while read -r line; do echo \"<$line>\"; echo \"! $line\" >&2; done; exit 4"],
      for: bench.request()
    ) { event in
      sink.yield(event)
      if case .ended = event { sink.finish() }
    }
    var (said, noted): ([String], String) = ([], "")
    for await event in events {
      switch event {
      case .started: program.send(Array("hello".utf8))
      case .line(let line):
        said.append(String(decoding: line, as: UTF8.self))
        if said.count == 1 { program.send(Array("again".utf8)) } else { program.closeInput() }
      case .stderr(let text): noted += text
      case .overlong: break
      case .ended(let result): #expect((try? result.get().ending) == .exited(4))
      }
    }
    #expect(said == ["<hello>", "<again>"])
    #expect(noted == "! hello\n! again\n")
    #expect(program.output.quoting("it broke") == "it broke: ! hello\n! again")
  }

  @Test func aProgramIsEndedThatIsCancelledBeforeItRuns() async {
    let result = await withCheckedContinuation {
      (done: CheckedContinuation<Result<StepResult, ProcessFailure>, Never>) in
      let program = AgentProgram("sleep", ["1000"], for: bench.request()) { event in
        if case .ended(let result) = event { done.resume(returning: result) }
      }
      program.stop(grace: .zero)
    }
    #expect((try? result.get().ending) == .stopped("cancelled"))
  }
}
