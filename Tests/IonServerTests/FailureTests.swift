import IonEngine
import IonJSON
import IonRPC
import IonStore
import IonWorkflow
import Testing

@testable import IonServer

@Suite struct FailureTests {
  private static let range = SourceRange(
    start: SourcePosition(line: 0, column: 2), end: SourcePosition(line: 0, column: 4))
  private static let holder = PathLockHolder(pid: 12, run: "r-2", workflow: "other", codebase: "c-2")
  private static let path = AbsolutePath("/a b")!

  static let cases: [(EngineFailure, ErrorKind, JSONObject)] = [
    (.codebaseNotRegistered("x"), .codebaseNotRegistered, ["codebaseId": "x"]),
    (.codebaseNotRegistered(""), .codebaseNotRegistered, [:]),
    (.invalidCodebaseID("/"), .inputInvalid, ["path": "/params/codebaseId"]),
    (.workspaceNotTrusted("x"), .workspaceNotTrusted, ["codebaseId": "x"]),
    (.workflowNotFound("w", suggestions: ["v"]), .workflowNotFound, ["workflow": "w", "suggestions": ["v"]]),
    (
      .workflowAmbiguous("w", candidates: ["a-w", "b-w"]), .workflowNotFound,
      ["workflow": "w", "candidates": ["a-w", "b-w"]]
    ),
    (.inputInvalid(name: "a/b~c", message: "m"), .inputInvalid, ["path": "/params/inputs/a~1b~0c"]),
    (.inputInvalid(name: nil, message: "m"), .inputInvalid, ["path": "/params/inputs"]),
    (.runNotFound("r"), .runNotFound, ["runId": "r"]),
    (.runAmbiguous("r", candidates: ["r1", "r2"]), .runNotFound, ["runId": "r", "candidates": ["r1", "r2"]]),
    (
      .nodeNotFound("n", run: "r", suggestions: ["m"]), .nodeNotFound,
      ["runId": "r", "nodeId": "n", "suggestions": ["m"]]
    ),
    (.artifactNotFound("ion://x"), .artifactNotFound, ["uri": "ion://x"]),
    (.invalidState("r", "m"), .invalidState, ["runId": "r"]),
    (.outsideWorkspace("/x"), .outsideWorkspace, [:]),
    (.sequenceExpired(oldest: 9), .seqExpired, ["oldestSeq": 9]),
    (.tooLarge("it", limit: 5), .tooLarge, ["limit": 5]),
    (.unusable("m"), .unusable, [:]),
    (.store(.runNotFound("r")), .runNotFound, ["runId": "r"]),
    (.store(.idempotencyConflict(key: "k")), .idempotencyConflict, [:]),
    (.store(.invalidCursor("c")), .inputInvalid, ["path": "/params/cursor"]),
    (.store(.damaged("m")), .storeDamaged, [:]),
    (.store(.newerVersion(found: 2, known: 1)), .unusable, [:]),
    (.store(.unknownEvent(kind: "k", seq: 1)), .unusable, [:]),
    (.store(.unusable("m")), .unusable, [:]),
    (.store(.failed("m")), .unusable, [:]),
  ]

  @Test(arguments: cases) func failuresOfTheEngineAreToldInTheProtocolsWords(
    failure: EngineFailure, kind: ErrorKind, facts: JSONObject
  ) {
    let told = Failure(failure)
    #expect(told.kind == kind)
    #expect(told.facts == facts)
    #expect(told.message == failure.message)
    #expect(!told.isRetryable)
  }

  @Test func whatMaySucceedLaterSaysSo() {
    #expect(Failure(.store(.owned(pid: 7))).isRetryable)
    #expect(Failure(.store(.owned(pid: 7))).facts == ["pid": 7])
    #expect(Failure(.store(.notOwner)).isRetryable)
    #expect(Failure(.store(.diskFull)).isRetryable)
    #expect(Failure(.pathLocked(Self.holder, path: Self.path, run: nil)).isRetryable)
  }

  @Test func lockedPathNamesItsHolderAndTheRunThatWasLeft() {
    let told = Failure(.pathLocked(Self.holder, path: Self.path, run: "r-1"))
    #expect(told.kind == .pathLocked)
    #expect(
      told.facts == [
        "holder": ["pid": 12, "runId": "r-2", "workflow": "other", "codebaseId": "c-2"], "uri": "file:///a%20b",
        "runId": "r-1",
      ])
  }

  /// U+1D11E takes four bytes or two units of UTF-16, and é two bytes.
  @Test(
    arguments: [(PositionEncoding.utf8, 6, 9), (.utf16, 3, 5), (.utf32, 2, 4)] as [(PositionEncoding, Int64, Int64)])
  func diagnosticsHaveTheClientsColumns(encoding: PositionEncoding, start: Int64, end: Int64) {
    let diagnostic = Diagnostic(.error, code: "unknownKey", message: "what", range: Self.range, hint: "hint")
    let told = Failure(.workflowInvalid("w", [diagnostic], text: "\u{1D11E}\u{E9}\u{E9}xyz"), positions: encoding)
    let shown = told.facts["diagnostics"]?.arrayValue?.first
    #expect(shown?["range"]?["start"] == ["line": 0, "character": .integer(start)])
    #expect(shown?["range"]?["end"] == ["line": 0, "character": .integer(end)])
    #expect(shown?["severity"] == 1)
    #expect(shown?["code"] == "unknownKey")
    #expect(shown?["source"] == "ion")
    #expect(shown?["message"] == "what\nhint")
  }

  @Test func failuresBecomeErrorsOfTheWire() {
    let error = WireError(Failure(.nodeNotFound, "no such node", isRetryable: true, facts: ["nodeId": "n"]))
    #expect(error.code == -32803)
    #expect(error.message == "no such node")
    #expect(error.data == ["kind": "nodeNotFound", "retryable": true, "nodeId": "n"])
  }

  @Test func cancelledRequestsHaveTheirOwnCode() { #expect(WireError(Failure.cancelled).code == -32800) }

  @Test func everyKindIsExplained() {
    for kind in ErrorKind.allCases { #expect(kind.summary.hasSuffix("."), "\(kind)") }
  }
}
