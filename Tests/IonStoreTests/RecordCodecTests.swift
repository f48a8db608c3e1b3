import IonJSON
import IonWorkflow
import Testing

@testable import IonStore

@Suite struct RecordCodecTests {
  static var fullNode: NodeRecord {
    var node = NodeRecord(run: "r", node: "build[linux]", index: 4, status: .failed)
    node.attempt = 2
    node.summary = "kept"
    node.error = "line\0two"
    node.startedAt = 5
    node.endedAt = 6
    node.output = NodeOutput(text: "t", file: "f", length: 1, sha256: "s")
    node.exitCode = -1
    node.gate = gate
    node.child = "r2"
    return node
  }

  static var gate: GateRecord {
    var approval = Approval(message: Template(segments: []))
    approval.decisions = [.init(id: "approve", label: "Ship \0it"), .init(id: "later", label: "Later")]
    var field = InputDeclaration(name: "channel", kind: .enum)
    field.values = ["beta", "stable"]
    field.defaultValue = "beta"
    field.description = "where to"
    field.pattern = "b.*"
    var required = InputDeclaration(name: "version")
    required.isRequired = true
    approval.form = [field, required]
    approval.timeout = .milliseconds(90_500)
    approval.defaultDecision = "later"
    var gate = GateRecord(
      id: "r/build[linux]/2", node: "build[linux]", question: .init(title: "w: n", message: "Now?\n", of: approval),
      openedAt: 4)
    gate.state = .decided
    gate.answer = GateAnswer(decision: "later", comment: "c", form: ["version": "1"], decidedBy: "Ada")
    gate.closedAt = 9
    return gate
  }

  static var fullRequest: RunRequest {
    var request = RunRequest(
      workingPath: AbsolutePath("/w x")!, message: "m\n", inputs: ["b": [1, nil, "x"], "a": 0.5])
    request.provider = "p"
    request.model = "m"
    request.context = "c"
    request.editor = EditorContext(file: "f", line: 3, selection: "s", languageID: "swift", diagnostics: "d")
    request.frozenFiles = ["z": "1", "y": "2"]
    request.fromNode = "n"
    request.mayWait = true
    request.isIsolated = true
    request.isolation = RunIsolation(
      origin: AbsolutePath("/c/s")!, checkout: AbsolutePath("/c")!, worktree: AbsolutePath("/t/r")!,
      repository: AbsolutePath("/c/.git")!, branch: "ion/r", base: "5d")
    return request
  }

  static var fullRun: RunRecord {
    var run = RunRecord(
      id: "r", number: 9, workflow: "w", definitionHash: "h", definitionPath: AbsolutePath("/d"), status: .paused,
      request: fullRequest, createdAt: 1)
    run.pauseReason = .disk
    run.attempt = 3
    run.error = "e"
    run.startedAt = 2
    run.endedAt = 3
    run.counts = [.pending: 2, .succeeded: 1]
    run.seq = 12
    run.parent = "q"
    run.parentNode = "n"
    run.result = RunResult(node: "n", outcome: false)
    run.changes = .partlyApplied
    return run
  }

  static let artifact = ArtifactRecord(
    run: "r", node: "n", name: "a/b.txt", type: "report", mediaType: "text/plain", size: 1 << 40, sha256: "s",
    createdAt: 8)

  static var notices: [Notice] {
    let progress = ProgressNotice(
      status: .running, attempt: 1, counts: ["running": 1, "failed": 2],
      nodes: [fullNode, NodeRecord(run: "r", node: "b", index: 0)], error: "e",
      result: RunResult(node: "n", outcome: nil), time: 7)
    let bare = ProgressNotice(status: .queued, attempt: 1, counts: [:], nodes: [], error: nil, time: 7)
    let changes = Notice.changes(ChangesNotice(state: .applied, files: 3))
    let levels = Notice.MessageLevel.allCases.map { Notice.message(level: $0, text: "tout\0 va") }
    return [.progress(progress), .progress(bare), .artifact(artifact), .gate(gate), changes, .runDeleted] + levels
  }

  @Test(arguments: [fullNode, NodeRecord(run: "r", node: "b", index: 0)])
  func nodesAreReadBackAsTheyWere(_ node: NodeRecord) throws {
    #expect(try NodeRecord(stored: Fields(node.stored(withText: true)), run: "r") == node)
  }

  @Test func aGateThatWaitsForEverHasNeitherEndNorAnswer() throws {
    let question = GateRecord.Question(title: "t", message: "m", of: Approval(message: Template(segments: [])))
    let gate = GateRecord(id: "r/g/1", node: "g", question: question, openedAt: 4)
    #expect(try GateRecord(stored: Fields(gate.stored)) == gate)
    #expect(gate.deadline == nil)
    #expect(Self.gate.deadline == 90_504)
    #expect(gate.question?.options.map(\.id) == ["approve", "reject"])
  }

  @Test func aNodeWithoutItsTextKeepsTheRest() throws {
    var expected = Self.fullNode
    expected.output?.text = nil
    #expect(try NodeRecord(stored: Fields(Self.fullNode.stored(withText: false)), run: "r") == expected)
  }

  @Test(arguments: [fullRequest, RunRequest(workingPath: AbsolutePath("/")!)])
  func requestsAreReadBackAsTheyWere(_ request: RunRequest) throws {
    #expect(try RunRequest(stored: Fields(text: request.stored.serializedText())) == request)
  }

  @Test func runsAreReadBackAsTheyWere() throws {
    let bare = RunRecord(
      id: "r", number: 1, workflow: "w", definitionHash: "h", definitionPath: nil, status: .queued,
      request: RunRequest(workingPath: AbsolutePath("/")!), createdAt: 1)
    for run in [Self.fullRun, bare] {
      let fields = try Fields(text: run.stored.serializedText())
      #expect(try RunRecord(stored: fields, number: run.number, seq: run.seq, request: run.request) == run)
    }
  }

  @Test func artifactsAreReadBackAsTheyWere() throws {
    let bare = ArtifactRecord(
      run: "r", node: nil, name: "n", type: nil, mediaType: "m", size: 0, sha256: "s", createdAt: 0)
    for record in [Self.artifact, bare] {
      #expect(try ArtifactRecord(stored: Fields(record.stored), run: "r") == record)
    }
  }

  @Test func noticesAreReadBackAsTheyWere() throws {
    for notice in Self.notices {
      let text = notice.stored(run: "r").serializedText()
      #expect(try Notice(notice.kind, stored: Fields(text: text), run: "r") == notice)
    }
    #expect(Set(Self.notices.map(\.kind)) == Set(NoticeKind.allCases))
  }

  @Test func whatIsOnDisksKeepsItsWords() {
    #expect(
      Self.fullNode.stored(withText: true).serializedText() == #"""
        {"node":"build[linux]","index":4,"status":"failed","attempt":2,"summary":"kept","error":"line\u0000two","startedAt":5,"endedAt":6,"output":{"text":"t","file":"f","length":1,"sha256":"s"},"exitCode":-1,\#
        "gate":{"id":"r/build[linux]/2","node":"build[linux]","state":"decided","question":{"title":"w: n","message":"Now?\n",\#
        "options":[{"id":"approve","label":"Ship \u0000it"},{"id":"later","label":"Later"}],"form":[{"name":"channel",\#
        "type":"enum","values":["beta","stable"],"required":false,"default":"beta","description":"where to","pattern":"b.*"},\#
        {"name":"version","type":"string","required":true}],"timeout":90500,"default":"later"},"openedAt":4,\#
        "answer":{"decision":"later","comment":"c","form":{"version":"1"},"decidedBy":"Ada"},"closedAt":9},"child":"r2"}
        """#)
    #expect(
      Self.fullRun.stored.serializedText() == #"""
        {"id":"r","workflow":"w","definitionHash":"h","definitionPath":"/d","status":"paused","pauseReason":"disk","attempt":3,"error":"e","createdAt":1,"startedAt":2,"endedAt":3,"counts":{"pending":2,"succeeded":1},"parent":"q","parentNode":"n","result":{"node":"n","outcome":false},"changes":"partlyApplied"}
        """#)
    #expect(
      Self.fullRequest.stored.serializedText() == #"""
        {"workingPath":"/w x","message":"m\n","inputs":{"a":0.5,"b":[1,null,"x"]},"provider":"p","model":"m","context":"c","editor":{"file":"f","line":3,"selection":"s","languageID":"swift","diagnostics":"d"},"frozenFiles":{"y":"2","z":"1"},"fromNode":"n","mayWait":true,"isIsolated":true,"isolation":{"origin":"/c/s","checkout":"/c","worktree":"/t/r","repository":"/c/.git","branch":"ion/r","base":"5d"}}
        """#)
    #expect(
      Self.artifact.stored.serializedText() == #"""
        {"node":"n","name":"a/b.txt","type":"report","mediaType":"text/plain","size":1099511627776,"sha256":"s","createdAt":8}
        """#)
  }

  @Test func aCreationTellsPendingNodesByTheirNames() throws {
    let creation = RunCreation(
      record: Self.fullRun, nodes: [NodeRecord(run: "r", node: "a", index: 0), Self.fullNode], texts: ["t2", "t1"],
      idempotency: .init(key: "k\0", parametersHash: "p"))
    #expect(creation.stored["nodes"]?.arrayValue?.first == "a")
    let read = try RunCreation(stored: Fields(text: creation.stored.serializedText()), number: 9)
    var lean = Self.fullNode
    lean.output?.text = nil
    #expect(read.nodes == [creation.nodes[0], lean])
    #expect(read.texts == ["t1", "t2"])
    #expect(read.idempotency == creation.idempotency)
    #expect(read.record.request == Self.fullRequest)
  }
}
