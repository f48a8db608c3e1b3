import IonTestSupport
import Testing

@Suite struct CommandTests {
  @Test func everyLineOfAShortRunIsShownOnce() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: bytes
          bash: printf 'one\\xfftwo\\nlast of bytes\\n'
        - id: end
          depends_on: [bytes]
          bash: echo "out of end"; echo "err of end" >&2
      """
    ])
    let outcome = try await ion.run("run", "w")
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    for line in ["bytes | one\u{FFFD}two", "bytes | last of bytes", "end | out of end", "end | err of end"] {
      #expect(lines.count { $0 == line } == 1, "\(line) in \(lines)")
    }
    let end = try #require(lines.firstIndex { $0.hasPrefix("✓ end") })
    #expect(try #require(lines.firstIndex(of: "end | out of end")) < end)
    #expect(lines.last?.hasPrefix("✓ w succeeded") == true)
  }

  @Test func exitCodeSaysHowTheRunEnded() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/bad.yaml": "name: bad\nnodes: [{id: a, bash: exit 3}]\n",
      ".ion/workflows/stop.yaml": "name: stop\nnodes: [{id: a, cancel: enough}]\n",
    ])
    #expect(try await ion.run("run", "bad").status == 1)
    #expect(try await ion.run("run", "stop").status == 130)
    #expect(try await ion.run("run", "bad", "--input", "nonsense").status == 2)
    let unknown = try await ion.run("run", "missing")
    #expect(unknown.status == 1)
    #expect(unknown.errors.contains("missing"))
  }
}
