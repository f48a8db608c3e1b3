import IonAgents
import IonProcess
import IonWorkflow
import Testing

@testable import IonEngine

struct TurnTranscriptTests {
  /// The streams that a transcript of events has in the end, and both in the order of arrival.
  private func transcript(_ events: [AgentEvent]) -> (stdout: String, stderr: String, merged: String) {
    var transcript = TurnTranscript()
    let pieces = events.flatMap { transcript.take($0) } + transcript.finish()
    let text = { (stream: StepStream) in pieces.filter { $0.stream == stream }.map(\.text).joined() }
    return (text(.stdout), text(.stderr), pieces.map(\.text).joined())
  }

  @Test func aTurnReadsAsMarkdown() {
    let seen = transcript([
      .thought("It is easy.\n"), .thought("\nA file will do."), .text("I write it. "), .text("Now."),
      .toolCalled(ToolCall(id: "1", title: "Bash: echo hi", input: "echo hi", name: "Bash", kind: .execute)),
      .toolEnded(ToolResult(id: "1", isSuccess: true, text: "hi\n")), .fileChanged(FileEdit("a.txt", .made)),
      .planned([PlanEntry("look", .done), PlanEntry("act", .underWay), PlanEntry("rest", .pending)]),
      .text("\n\nIt is *there*."),
    ])
    #expect(
      seen.merged == """
        > It is easy.
        >\u{20}
        > A file will do.

        I write it. Now.

        - → `Bash: echo hi`
        - ✓ `hi`
        - ± `a.txt` made
        - [x] look
        - [-] act
        - [ ] rest


        It is *there*.
        """)
    #expect(seen.stdout == "I write it. Now.\n\nIt is *there*.")
  }

  @Test func whatHasLinesIsInAFenceThatItCannotEnd() {
    let seen = transcript([
      .toolCalled(ToolCall(id: "1", title: "Bash: a", input: "a\n\nb", kind: .execute)),
      .toolEnded(ToolResult(id: "1", isSuccess: false, text: "x\n````\ny\n")),
      .toolCalled(ToolCall(id: "2", title: "a `b`", input: "{\"c\": 1}")),
      .toolEnded(ToolResult(id: "2", isSuccess: true)), .toolEnded(ToolResult(id: "3", isSuccess: false, text: " \n")),
    ])
    #expect(seen.stdout.isEmpty)
    #expect(
      seen.stderr == """
        - → `Bash: a`
          ```sh
          a

          b
          ```
        - ✗
          `````
          x
          ````
          y
          `````
        - → `` a `b` ``
          ```json
          {"c": 1}
          ```
        - ✓
        - ✗

        """)
  }

  @Test func aUseOfAToolIsToldAgainOnlyWhereMoreIsKnown() {
    var call = ToolCall(id: "1", title: "Read a.txt", kind: .read)
    let first = call
    call.paths = ["a.txt"]
    let second = call
    call.title = "Read b.txt"
    let seen = transcript([.toolCalled(first), .toolCalled(second), .toolCalled(call)])
    #expect(seen.stderr == "- → `Read a.txt`\n- → `Read b.txt`\n")
  }

  @Test func whatOnlyReadsIsToldByItsTitle() {
    let seen = transcript([
      .toolCalled(ToolCall(id: "1", title: "Read: a", input: "{\n  \"file\": \"a\"\n}", name: "Read", kind: .read)),
      .toolCalled(ToolCall(id: "2", title: "Read", input: "a", name: "Read", kind: .read)),
    ])
    #expect(seen.stderr == "- → `Read: a`\n- → `Read`\n  ```\n  a\n  ```\n")
  }

  @Test func linesOfTheProgramAreShownWholeAndAsCode() {
    let seen = transcript([
      .noted("war"), .noted("ning *a*\r\n\n  \nnext\nthe "), .text("Hello"), .noted("rest"),
    ])
    #expect(seen.stderr == "- `warning *a*`\n- `next`\n- `the `\n\n\n\n- `rest`\n")
    #expect(seen.stdout == "Hello")
  }

  @Test func aLineWithoutAnEndIsShownInPieces() {
    let half = String(repeating: "x", count: TurnTranscript.longestLine)
    var transcript = TurnTranscript()
    #expect(transcript.take(.noted(half)).isEmpty)
    #expect(transcript.take(.noted("y")) == [.init(text: "- `\(half)y`\n", stream: .stderr)])
    #expect(transcript.finish().isEmpty)
  }

  @Test func longResultsKeepTheirBeginningAndTheirEnd() {
    let limit = TurnTranscript.shownBytes
    // No character of it is cut, though its bytes are counted.
    let long = "begin\n" + String(repeating: "ö\n", count: limit) + "end"
    let text = transcript([.toolEnded(ToolResult(id: "1", isSuccess: true, text: long))]).stderr
    #expect(text.hasPrefix("- ✓\n  ```\n  begin\n") && text.hasSuffix("\n  end\n  ```\n"))
    #expect(text.contains("bytes are left out) …\n") && !text.contains("\u{FFFD}"))
    let whole = String(repeating: "z", count: limit)
    #expect(transcript([.toolEnded(ToolResult(id: "1", isSuccess: true, text: whole))]).stderr == "- ✓ `\(whole)`\n")
  }

  @Test func whatAnAgentSaysIsNeverChanged() {
    let pieces = ["\n", "a", "\n\n\n", "`", "b\r\n", "- c"]
    let events = pieces.flatMap { [AgentEvent.text($0), .noted("n\n"), .thought("t")] }
    #expect(transcript(events).stdout == pieces.joined())
  }

  @Test func whatSaysNothingLeavesNothing() {
    #expect(transcript([.text(""), .thought(""), .thought("\n"), .noted(""), .used(AgentUsage())]).merged.isEmpty)
  }
}
