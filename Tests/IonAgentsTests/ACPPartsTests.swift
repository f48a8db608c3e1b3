import IonAgents
import IonJSON
import Testing

@testable import IonAgents

/// The small parts of talking with agents.
@Suite struct ACPPartsTests {
  private func tail(_ pieces: [[UInt8]], limit: Int?) -> TerminalTail {
    var tail = TerminalTail(limit: limit)
    for piece in pieces { piece.withUnsafeBytes { tail.add($0) } }
    return tail
  }

  @Test(arguments: 0...12) func aTailIsWholeCharactersWithinItsLimit(_ limit: Int) {
    let bytes = Array("aé€😀z".utf8)
    let tail = tail(bytes.map { [$0] }, limit: limit)
    #expect(tail.text.utf8.count <= limit && "aé€😀z".hasSuffix(tail.text) && !tail.text.contains("\u{FFFD}"))
    #expect(tail.isTruncated == (limit < bytes.count) && tail.count == bytes.count)
  }

  @Test func aCharacterThatIsNotWholeYetWaits() {
    var tail = tail([Array("a".utf8), [0xE2, 0x82]], limit: nil)
    #expect(tail.text == "a")
    [0xAC].withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in tail.add(UnsafeRawBufferPointer(rebasing: bytes[..<1]))
    }
    #expect(tail.text == "a€")
  }

  @Test func bytesThatAreNoCharactersStayWithinTheLimit() {
    let tail = tail([[UInt8](repeating: 0xFF, count: 100)], limit: 10)
    #expect(tail.text == "\u{FFFD}\u{FFFD}\u{FFFD}" && tail.isTruncated)
  }

  @Test func muchOutputKeepsItsEnd() {
    let tail = tail((0..<10_000).map { Array("\($0)\n".utf8) }, limit: 15)
    #expect(tail.text == "9997\n9998\n9999\n")
  }

  // MARK: Diffs

  @Test(
    arguments: [
      ("a\nb\nc\n", "a\nB\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"),
      ("", "x\n", "@@ -0,0 +1,1 @@\n+x\n"), ("x\n", "", "@@ -1,1 +0,0 @@\n-x\n"),
      ("a", "a\n", "@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n"), ("same\n", "same\n", nil), ("", "", nil),
      (
        "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "0\n1\n2\n3\n4\n5\n6\n7\n8\nnine\n",
        "@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n@@ -6,4 +7,4 @@\n 6\n 7\n 8\n-9\n+nine\n"
      ), ("a\nx\nb\n", "a\nb\n", "@@ -1,3 +1,2 @@\n a\n-x\n b\n"),
    ] as [(String, String, String?)])
  func aDiffShowsWhatChanged(_ old: String, _ new: String, _ hunks: String?) {
    #expect(UnifiedDiff.text("/w/f", from: old, to: new) == hunks.map { "--- a/w/f\n+++ b/w/f\n" + $0 } ?? "")
  }

  @Test func aDiffOfLargeTextsIsMadeSoon() {
    let old = (0..<20_000).map { "\($0)\n" }.joined()
    let new = (0..<20_000).map { "\($0 + 1)\n" }.joined()
    #expect(UnifiedDiff.text("f", from: old, to: new).hasPrefix("--- a/f\n+++ b/f\n@@ -1,20000 +1,20000 @@\n-0\n"))
  }

  // MARK: Errors

  @Test(
    arguments: [
      (-32000, nil, .authentication), (401, nil, .authentication),
      (-32603, ["status": 429], .rateLimited(resetAt: nil)),
      (-32603, "Rate limit reached", .rateLimited(resetAt: nil)), (-32603, ["code": 529], .overloaded),
      (-32603, ["details": "Overloaded"], .overloaded), (-32603, ["status": 4], .protocolFault),
      (0, nil, .protocolFault), (429, ["resetsAt": 1_900_000_600], .rateLimited(resetAt: 1_900_000_600_000)),
      (429, ["error": ["resets_at": 1_900_000_600_000]], .rateLimited(resetAt: 1_900_000_600_000)),
      (429, ["resetsAt": "2030-03-17T17:56:40+00:10"], .rateLimited(resetAt: 1_900_000_000_000)),
      (429, ["retryAfter": 30], .rateLimited(resetAt: 1_900_000_029_000)),
      (429, ["retry_after": "1.5"], .rateLimited(resetAt: 1_900_000_000_500)),
      (429, ["retryAfter": 1_900_000_600], .rateLimited(resetAt: 1_900_000_600_000)),
      (429, ["retry_after_ms": 250], .rateLimited(resetAt: 1_899_999_999_250)),
      (429, ["resetsAt": 1_800_000_000], .rateLimited(resetAt: nil)),
      (429, ["resetsAt": 1_990_000_000, "retryAfter": "soon"], .rateLimited(resetAt: nil)),
      (429, ["resetsAt": 1e300, "retryAfter": -3], .rateLimited(resetAt: nil)),
      (-32603, ["details": "quota exceeded", "retryAfter": 0.5], .rateLimited(resetAt: 1_899_999_999_500)),
    ] as [(Int64, JSONValue?, AgentFailure.Kind)])
  func errorsAreSorted(_ code: Int64, _ data: JSONValue?, _ kind: AgentFailure.Kind) {
    var error = ACPError(code, "it broke")
    error.data = data
    let failure = ACPFailure.failure(
      error, answering: "session/prompt", signIns: [], now: 1_899_999_999_000)
    #expect(failure.kind == kind && failure.message.contains("it broke"))
  }
}
