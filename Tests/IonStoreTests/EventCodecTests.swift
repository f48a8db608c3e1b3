import IonJSON
import IonScheduler
import IonWorkflow
import Testing

@testable import IonStore

@Suite struct EventCodecTests {
  /// Every kind of event with the words that are on people's disks. A line may be added to the later ones, and none may
  /// change.
  static let golden = first + later + gates + children

  /// What there was when the first dump of a store was made.
  static let first: [(RunEvent, String, NodeID?, String?)] = [
    (.started, "started", nil, nil),
    (.resumed, "resumed", nil, nil),
    (
      .inherited("a", NodeOutput(text: "x\0\"é", file: nil, length: 5, sha256: "ab")), "inherited", "a",
      #"{"text":"x\u0000\"é","length":5,"sha256":"ab"}"#
    ),
    (.conditionSettled("a", .met), "conditionSettled", "a", #"{"verdict":"met"}"#),
    (.conditionSettled("a", .unmet), "conditionSettled", "a", #"{"verdict":"unmet"}"#),
    (
      .conditionSettled("a", .failed("no b")), "conditionSettled", "a", #"{"verdict":"failed","message":"no b"}"#
    ),
    (.slotGranted("a[linux]"), "slotGranted", "a[linux]", nil),
    (
      .stepSpawned("a", ProcessFacts(pid: 77, startTicks: .max, bootID: "b-1")), "stepSpawned", "a",
      #"{"pid":77,"startTicks":"18446744073709551615","bootID":"b-1"}"#
    ),
    (
      .stepSucceeded("a", NodeOutput(text: nil, file: "a/1.out", length: 70000, sha256: "cd")), "stepSucceeded", "a",
      #"{"file":"a/1.out","length":70000,"sha256":"cd"}"#
    ),
    (
      .stepFailed("a", StepFailure(.exit, "exit 3", exitCode: 3, isTransient: true), dice: 0.1), "stepFailed", "a",
      #"{"failure":"exit","message":"exit 3","exitCode":3,"transient":true,"dice":"3fb999999999999a"}"#
    ),
    (
      .stepFailed("a", StepFailure(.signal, "killed", signal: 9), dice: 0), "stepFailed", "a",
      #"{"failure":"signal","message":"killed","signal":9,"transient":false,"dice":"0"}"#
    ),
    (.stepStopped("a"), "stepStopped", "a", nil),
    (.stepLost("a"), "stepLost", "a", nil),
    (.retryDelayElapsed("a"), "retryDelayElapsed", "a", nil),
    (.runTimeoutElapsed, "runTimeoutElapsed", nil, nil),
    (.cancelRequested(reason: nil), "cancelRequested", nil, nil),
    (.cancelRequested(reason: ""), "cancelRequested", nil, #"{"reason":""}"#),
    (.nodeCancelRequested("a", reason: "slow"), "nodeCancelRequested", "a", #"{"reason":"slow"}"#),
    (.nodeCancelRequested("a", reason: nil), "nodeCancelRequested", "a", nil),
    (.interrupted(reason: "exit"), "interrupted", nil, #"{"reason":"exit"}"#),
  ]

  static let later: [(RunEvent, String, NodeID?, String?)] = [
    (
      .redefined(
        Redefinition(
          definitionHash: "ab", nodes: ["a", "b"], unchanged: ["a"], inputs: ["n": 1], frozenFiles: ["s": "cd"])),
      "redefined", nil,
      #"{"definitionHash":"ab","nodes":["a","b"],"unchanged":["a"],"inputs":{"n":1},"frozenFiles":{"s":"cd"}}"#
    ),
    (
      .usageReported("a", AgentUsage(inputTokens: 3, outputTokens: 4, usd: 0.25)), "usageReported", "a",
      #"{"inputTokens":3,"outputTokens":4,"usd":0.25}"#
    ),
    (
      .usageReported("a", AgentUsage(inputTokens: 3)), "usageReported", "a", #"{"inputTokens":3,"outputTokens":0}"#
    ),
    (
      .stepReused(
        "a", NodeOutput(text: "x", file: nil, length: 1, sha256: "ab"),
        from: StepOrigin(run: "r-1", node: "a", attempt: 2)), "stepReused", "a",
      #"{"output":{"text":"x","length":1,"sha256":"ab"},"from":{"run":"r-1","node":"a","attempt":2}}"#
    ),
    (
      .itemsListed("a", ItemList(count: 2, values: NodeOutput(text: "[1,2]", file: nil, length: 5, sha256: "ab"))),
      "itemsListed", "a", #"{"count":2,"values":{"text":"[1,2]","length":5,"sha256":"ab"}}"#
    ),
    (
      .itemsGathered("a", NodeOutput(text: nil, file: "a/1/stdout", length: 70000, sha256: "ab")), "itemsGathered", "a",
      #"{"file":"a/1/stdout","length":70000,"sha256":"ab"}"#
    ),
    (.refused(reason: "no git"), "refused", nil, #"{"reason":"no git"}"#),
    (.evidenceChecked(fault: nil), "evidenceChecked", nil, nil),
    (.evidenceChecked(fault: "none"), "evidenceChecked", nil, #"{"reason":"none"}"#),
    (
      .stepFailed("a", StepFailure(.format, "no"), dice: 0), "stepFailed", "a",
      #"{"failure":"format","message":"no","transient":false,"dice":"0"}"#
    ),
    (.loopSettled("a", iteration: 2, .again), "loopSettled", "a", #"{"iteration":2,"verdict":"again"}"#),
    (
      .loopSettled("a", iteration: 3, .done(NodeOutput(text: "x", file: nil, length: 1, sha256: "h"))), "loopSettled",
      "a",
      #"{"iteration":3,"verdict":"done","output":{"text":"x","length":1,"sha256":"h"}}"#
    ),
    (
      .loopSettled("a", iteration: 1, .failed(StepFailure(.value, "gone"))), "loopSettled", "a",
      #"{"iteration":1,"verdict":"failed","failure":{"failure":"value","message":"gone","transient":false}}"#
    ),
  ]

  /// Those of gates.
  static let gates: [(RunEvent, String, NodeID?, String?)] = [
    (
      .gateOpened("a", GateQuestion(id: "r/a/1", message: "Release?\n")), "gateOpened", "a",
      #"{"gate":"r/a/1","message":"Release?\n"}"#
    ),
    (
      .gateAnswered(
        "a", "r/a/1",
        GateAnswer(
          decision: "later", comment: "no\0", form: ["z": 1.5, "b": true], decidedBy: "Ada", idempotencyKey: "k"),
        NodeOutput(text: "x", file: nil, length: 1, sha256: "ab")), "gateAnswered", "a",
      #"{"gate":"r/a/1","answer":{"decision":"later","comment":"no\u0000","form":{"b":true,"z":1.5},"decidedBy":"Ada","#
        + #""key":"k"},"output":{"text":"x","length":1,"sha256":"ab"}}"#
    ),
    (
      .gateAnswered(
        "a", "r/a/1", GateAnswer(decision: "approve", decidedBy: "Ada"),
        NodeOutput(text: "", file: nil, length: 0, sha256: "ab")), "gateAnswered", "a",
      #"{"gate":"r/a/1","answer":{"decision":"approve","decidedBy":"Ada"},"output":{"text":"","length":0,"sha256":"ab"}}"#
    ),
    (.gateTimeoutElapsed("a", "r/a/1", nil), "gateTimeoutElapsed", "a", #"{"gate":"r/a/1"}"#),
    (
      .gateTimeoutElapsed("a", "r/a/1", NodeOutput(text: "", file: nil, length: 0, sha256: "ab")), "gateTimeoutElapsed",
      "a", #"{"gate":"r/a/1","output":{"text":"","length":0,"sha256":"ab"}}"#
    ),
    (.continued, "continued", nil, nil),
  ]

  /// Those of child runs.
  static let children: [(RunEvent, String, NodeID?, String?)] = [
    (.childBegan("a", "r2"), "childBegan", "a", #"{"run":"r2"}"#),
    (.childStoodStill("a"), "childStoodStill", "a", nil),
    (.childAsked("a"), "childAsked", "a", nil),
    (.childWentOn("a"), "childWentOn", "a", nil),
    (
      .sessionKnown("a", NodeSession("s1", of: "claude"), summary: "goes on"), "sessionKnown", "a",
      #"{"session":"s1","provider":"claude","summary":"goes on"}"#
    ),
    (
      .sessionKnown("a", NodeSession("s1", of: "goose", usd: 1.5), summary: nil), "sessionKnown", "a",
      #"{"session":"s1","provider":"goose","usd":1.5}"#
    ),
    (
      .permissionAsked(
        "a", GateQuestion(id: "r/a/1/2", message: "rm?", decisions: [.init(id: "approve", label: "Yes")])),
      "permissionAsked", "a", #"{"gate":"r/a/1/2","message":"rm?","decisions":[{"id":"approve","label":"Yes"}]}"#
    ),
    (.permissionWithdrawn("a", "r/a/1/2"), "permissionWithdrawn", "a", #"{"gate":"r/a/1/2"}"#),
    (
      .stepFailed("a", StepFailure(.child, "no"), dice: 0), "stepFailed", "a",
      #"{"failure":"child","message":"no","transient":false,"dice":"0"}"#
    ),
  ]

  @Test(arguments: golden.indices) func everyEventIsWrittenInItsOwnWords(_ index: Int) throws {
    let (event, kind, node, payload) = Self.golden[index]
    let encoded = EncodedEvent(event)
    #expect(encoded.kind.rawValue == kind)
    #expect(encoded.node == node)
    #expect(encoded.payload?.serializedText() == payload)
  }

  @Test(arguments: golden.indices) func everyEventIsReadBackAsItWas(_ index: Int) throws {
    let (event, kind, node, payload) = Self.golden[index]
    let known = try #require(EncodedEvent.Kind(rawValue: kind))
    #expect(try RunEvent(known, node: node, payload: payload) == event)
  }

  @Test func everyKindHasItsGoldenWords() {
    #expect(Set(Self.golden.map(\.1)) == Set(EncodedEvent.Kind.allCases.map(\.rawValue)))
  }

  @Test func membersOfALaterVersionArePassedOver() throws {
    let payload = #"{"reason":"exit","later":{"deep":[1]}}"#
    #expect(try RunEvent(.interrupted, node: nil, payload: payload) == .interrupted(reason: "exit"))
  }

  @Test(
    arguments: [
      (EncodedEvent.Kind.stepSucceeded, nil, #"{"length":1,"sha256":"a"}"#), (.stepSucceeded, "a", nil),
      (.stepSucceeded, "a", #"{"length":"1","sha256":"a"}"#), (.stepSucceeded, "a", "[]"), (.stepSucceeded, "a", "{"),
      (.conditionSettled, "a", #"{"verdict":"maybe"}"#), (.slotGranted, nil, nil), (.interrupted, nil, "{}"),
      (.stepSpawned, "a", #"{"pid":99999999999,"startTicks":"1","bootID":"b"}"#),
      (.stepSpawned, "a", #"{"pid":1,"startTicks":"-1","bootID":"b"}"#),
      (.stepFailed, "a", #"{"failure":"fire","message":"","transient":false,"dice":"0"}"#),
      (.stepFailed, "a", #"{"failure":"exit","message":"","transient":false,"dice":"x"}"#),
    ] as [(EncodedEvent.Kind, NodeID?, String?)])
  func whatNobodyWroteIsNoEvent(_ kind: EncodedEvent.Kind, _ node: NodeID?, _ payload: String?) {
    #expect(throws: Fields.Mismatch.self) { try RunEvent(kind, node: node, payload: payload) }
  }

  @Test func aKindOfALaterVersionIsNamedWithItsPlace() throws {
    let row = EventRow(
      seq: 7, run: 1, classCode: 0, previous: 0, kind: "stepTeleported", node: nil, attempt: nil, epoch: 1, wallTime: 0,
      bootTime: 0,
      payload: nil)
    #expect(throws: StoreFailure.unknownEvent(kind: "stepTeleported", seq: 7)) { try row.event() }
    #expect(throws: StoreFailure.unknownEvent(kind: "stepTeleported", seq: 7)) { try row.notice(run: "r") }
  }
}
