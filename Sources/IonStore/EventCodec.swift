internal import IonJSON
internal import IonScheduler
internal import IonWorkflow

/// How an event of a run is written down: its kind, the node that it is about, and the rest as JSON.
///
/// What is written here is read by every later version. A kind keeps its word and the meaning of its members for ever;
/// members may be added where their absence means something. Anything else is a new kind.
struct EncodedEvent: Hashable {
  /// The stored words. Raw values are part of the schema.
  enum Kind: String, CaseIterable {
    case started, resumed, redefined, inherited, conditionSettled, slotGranted, stepSpawned, stepSucceeded, stepFailed,
      stepStopped
    case loopSettled, stepLost, retryDelayElapsed, runTimeoutElapsed, cancelRequested, nodeCancelRequested, interrupted
    case evidenceChecked, stepReused, usageReported
    case gateOpened, gateAnswered, gateTimeoutElapsed, continued, refused
    case childBegan, childStoodStill, childAsked, childWentOn
    case itemsListed, itemsGathered
    case sessionKnown, permissionAsked, permissionWithdrawn
  }

  var kind: Kind
  var node: NodeID?
  /// Nil where the kind and the node say everything.
  var payload: JSONValue?

  private init(kind: Kind, _ node: NodeID? = nil, _ payload: JSONValue? = nil) {
    self.kind = kind
    self.node = node
    self.payload = payload
  }
}

extension EncodedEvent {
  init(_ event: RunEvent) {
    switch event {
    case .started: self.init(kind: .started)
    case .resumed: self.init(kind: .resumed)
    case .redefined(let change): self.init(kind: .redefined, nil, change.stored)
    case .inherited(let node, let output): self.init(kind: .inherited, node, output.stored(withText: true))
    case .conditionSettled(let node, let verdict): self.init(kind: .conditionSettled, node, verdict.stored)
    case .loopSettled(let node, let iteration, let verdict):
      self.init(kind: .loopSettled, node, verdict.stored(iteration: iteration))
    case .itemsListed(let node, let items): self.init(kind: .itemsListed, node, items.stored)
    case .itemsGathered(let node, let output): self.init(kind: .itemsGathered, node, output.stored(withText: true))
    case .slotGranted(let node): self.init(kind: .slotGranted, node)
    case .stepSpawned(let node, let process): self.init(kind: .stepSpawned, node, process.stored)
    case .sessionKnown(let id, let session, let why): self.init(kind: .sessionKnown, id, session.stored(summary: why))
    case .permissionAsked(let node, let question): self.init(kind: .permissionAsked, node, question.stored)
    case .permissionWithdrawn(let node, let gate): self.init(kind: .permissionWithdrawn, node, gate.stored())
    case .childBegan(let node, let run): self.init(kind: .childBegan, node, .stored(["run": .string(run.rawValue)]))
    case .childStoodStill(let node): self.init(kind: .childStoodStill, node)
    case .childAsked(let node): self.init(kind: .childAsked, node)
    case .childWentOn(let node): self.init(kind: .childWentOn, node)
    case .stepSucceeded(let node, let output): self.init(kind: .stepSucceeded, node, output.stored(withText: true))
    case .usageReported(let node, let usage): self.init(kind: .usageReported, node, usage.stored)
    case .stepReused(let node, let output, let from): self.init(kind: .stepReused, node, from.stored(beside: output))
    case .stepFailed(let node, let failure, let dice): self.init(kind: .stepFailed, node, failure.stored(dice: dice))
    case .stepStopped(let node): self.init(kind: .stepStopped, node)
    case .stepLost(let node): self.init(kind: .stepLost, node)
    case .retryDelayElapsed(let node): self.init(kind: .retryDelayElapsed, node)
    case .runTimeoutElapsed: self.init(kind: .runTimeoutElapsed)
    case .gateOpened(let node, let question): self.init(kind: .gateOpened, node, question.stored)
    case .gateAnswered(let node, let gate, let answer, let output):
      self.init(kind: .gateAnswered, node, gate.stored(output, answer))
    case .gateTimeoutElapsed(let id, let gate, let out): self.init(kind: .gateTimeoutElapsed, id, gate.stored(out))
    case .continued: self.init(kind: .continued)
    case .refused(let reason): self.init(kind: .refused, nil, Self.stored(reason))
    case .cancelRequested(let reason): self.init(kind: .cancelRequested, nil, Self.stored(reason))
    case .nodeCancelRequested(let node, let reason): self.init(kind: .nodeCancelRequested, node, Self.stored(reason))
    case .interrupted(let reason): self.init(kind: .interrupted, nil, Self.stored(reason))
    case .evidenceChecked(let fault): self.init(kind: .evidenceChecked, nil, Self.stored(fault))
    }
  }

  private static func stored(_ reason: String?) -> JSONValue? { reason.map { .stored(["reason": .string($0)]) } }
}

extension RunEvent {
  /// Reads what `EncodedEvent` wrote, now or in an earlier version.
  init(_ kind: EncodedEvent.Kind, node: NodeID?, payload: String?) throws(Fields.Mismatch) {
    let fields: Fields? = if let payload { try Fields(text: payload) } else { nil }
    switch kind {
    case .started: self = .started
    case .resumed: self = .resumed
    case .redefined: self = .redefined(try Redefinition(stored: Self.required(fields)))
    case .inherited: self = .inherited(try Self.required(node), try NodeOutput(stored: Self.required(fields)))
    case .conditionSettled:
      self = .conditionSettled(try Self.required(node), try ConditionVerdict(stored: Self.required(fields)))
    case .loopSettled: self = try Self.iteration(of: Self.required(node), stored: Self.required(fields))
    case .itemsListed: self = .itemsListed(try Self.required(node), try ItemList(stored: Self.required(fields)))
    case .itemsGathered: self = .itemsGathered(try Self.required(node), try NodeOutput(stored: Self.required(fields)))
    case .slotGranted: self = .slotGranted(try Self.required(node))
    case .stepSpawned: self = .stepSpawned(try Self.required(node), try ProcessFacts(stored: Self.required(fields)))
    case .sessionKnown, .permissionAsked, .permissionWithdrawn:
      self = try Self.word(ofAgent: kind, of: Self.required(node), stored: Self.required(fields))
    case .childBegan: self = .childBegan(try Self.required(node), RunID(try Self.required(fields).text("run")))
    case .childStoodStill: self = .childStoodStill(try Self.required(node))
    case .childAsked: self = .childAsked(try Self.required(node))
    case .childWentOn: self = .childWentOn(try Self.required(node))
    case .stepSucceeded: self = .stepSucceeded(try Self.required(node), try NodeOutput(stored: Self.required(fields)))
    case .usageReported: self = .usageReported(try Self.required(node), try AgentUsage(stored: Self.required(fields)))
    case .stepReused: self = try Self.reuse(by: Self.required(node), stored: Self.required(fields))
    case .stepFailed: self = try Self.failure(of: Self.required(node), stored: Self.required(fields))
    case .stepStopped: self = .stepStopped(try Self.required(node))
    case .stepLost: self = .stepLost(try Self.required(node))
    case .retryDelayElapsed: self = .retryDelayElapsed(try Self.required(node))
    case .runTimeoutElapsed: self = .runTimeoutElapsed
    case .gateOpened: self = .gateOpened(try Self.required(node), try GateQuestion(stored: Self.required(fields)))
    case .gateAnswered: self = try Self.answer(to: Self.required(node), stored: Self.required(fields))
    case .gateTimeoutElapsed: self = try Self.silence(at: Self.required(node), stored: Self.required(fields))
    case .continued: self = .continued
    case .cancelRequested: self = .cancelRequested(reason: try fields?.optionalText("reason"))
    case .nodeCancelRequested:
      self = .nodeCancelRequested(try Self.required(node), reason: try fields?.optionalText("reason"))
    case .refused, .interrupted: self = try Self.ending(kind, stored: Self.required(fields))
    case .evidenceChecked: self = .evidenceChecked(fault: try fields?.optionalText("reason"))
    }
  }

  private static func word(
    ofAgent kind: EncodedEvent.Kind, of node: NodeID, stored fields: Fields
  ) throws(Fields.Mismatch) -> RunEvent {
    switch kind {
    case .permissionAsked: .permissionAsked(node, try GateQuestion(stored: fields))
    case .permissionWithdrawn: .permissionWithdrawn(node, GateID(try fields.text("gate")))
    default: .sessionKnown(node, try NodeSession(stored: fields), summary: try fields.optionalText("summary"))
    }
  }

  private static func failure(of node: NodeID, stored fields: Fields) throws(Fields.Mismatch) -> RunEvent {
    .stepFailed(node, try StepFailure(stored: fields), dice: try StepFailure.dice(stored: fields))
  }

  private static func reuse(by node: NodeID, stored fields: Fields) throws(Fields.Mismatch) -> RunEvent {
    .stepReused(
      node, try NodeOutput(stored: fields.object("output")), from: try StepOrigin(stored: fields.object("from")))
  }

  private static func ending(_ kind: EncodedEvent.Kind, stored fields: Fields) throws(Fields.Mismatch) -> RunEvent {
    let reason = try fields.text("reason")
    return kind == .refused ? .refused(reason: reason) : .interrupted(reason: reason)
  }

  private static func iteration(of node: NodeID, stored fields: Fields) throws(Fields.Mismatch) -> RunEvent {
    .loopSettled(node, iteration: try fields.int("iteration"), try LoopVerdict(stored: fields))
  }

  private static func answer(to node: NodeID, stored fields: Fields) throws(Fields.Mismatch) -> RunEvent {
    .gateAnswered(
      node, GateID(try fields.text("gate")), try GateAnswer(stored: fields.object("answer")),
      try NodeOutput(stored: fields.object("output")))
  }

  private static func silence(at node: NodeID, stored fields: Fields) throws(Fields.Mismatch) -> RunEvent {
    let output = fields["output"] == nil ? nil : try NodeOutput(stored: fields.object("output"))
    return .gateTimeoutElapsed(node, GateID(try fields.text("gate")), output)
  }

  private static func required<Value>(_ value: Value?) throws(Fields.Mismatch) -> Value {
    guard let value else { throw Fields.Mismatch(description: "no node or no payload") }
    return value
  }
}

extension GateID {
  fileprivate func stored(_ output: NodeOutput? = nil, _ answer: GateAnswer? = nil) -> JSONValue {
    .stored(["gate": .string(rawValue), "answer": answer?.stored, "output": output?.stored(withText: true)])
  }
}

extension StepOrigin {
  fileprivate func stored(beside output: NodeOutput) -> JSONValue {
    .stored(["output": output.stored(withText: true), "from": stored])
  }

  private var stored: JSONValue {
    .stored(["run": .string(run.rawValue), "node": .string(node.rawValue), "attempt": .int(attempt)])
  }

  fileprivate init(stored fields: Fields) throws(Fields.Mismatch) {
    self.init(
      run: RunID(try fields.text("run")), node: NodeID(try fields.text("node")), attempt: try fields.int("attempt"))
  }
}

extension ConditionVerdict {
  fileprivate var stored: JSONValue {
    switch self {
    case .met: .stored(["verdict": "met"])
    case .unmet: .stored(["verdict": "unmet"])
    case .failed(let message): .stored(["verdict": "failed", "message": .string(message)])
    }
  }

  fileprivate init(stored fields: Fields) throws(Fields.Mismatch) {
    switch try fields.text("verdict") {
    case "met": self = .met
    case "unmet": self = .unmet
    case "failed": self = .failed(try fields.text("message"))
    case let word: throw Fields.Mismatch(description: "unknown verdict \(word)")
    }
  }
}

extension LoopVerdict {
  fileprivate func stored(iteration: Int) -> JSONValue {
    switch self {
    case .again: .stored(["iteration": .int(iteration), "verdict": "again"])
    case .done(let output):
      .stored(["iteration": .int(iteration), "verdict": "done", "output": output.stored(withText: true)])
    case .failed(let failure):
      .stored(["iteration": .int(iteration), "verdict": "failed", "failure": failure.stored(dice: nil)])
    }
  }

  fileprivate init(stored fields: Fields) throws(Fields.Mismatch) {
    switch try fields.text("verdict") {
    case "again": self = .again
    case "done": self = .done(try NodeOutput(stored: fields.object("output")))
    case "failed": self = .failed(try StepFailure(stored: fields.object("failure")))
    case let word: throw Fields.Mismatch(description: "unknown verdict \(word)")
    }
  }
}

extension ItemList {
  fileprivate var stored: JSONValue { .stored(["count": .int(count), "values": values.stored(withText: true)]) }

  fileprivate init(stored fields: Fields) throws(Fields.Mismatch) {
    self.init(count: try fields.int("count"), values: try NodeOutput(stored: fields.object("values")))
  }
}

extension Redefinition {
  fileprivate var stored: JSONValue {
    .stored([
      "definitionHash": .string(definitionHash), "nodes": .array(nodes.map { .string($0.rawValue) }),
      "unchanged": .array(unchanged.map { .string($0.rawValue) }), "inputs": .object(JSONObject(sorting: inputs)),
      "frozenFiles": .object(JSONObject(sorting: frozenFiles.mapValues(JSONValue.string))),
    ])
  }

  fileprivate init(stored fields: Fields) throws(Fields.Mismatch) {
    self.init(
      definitionHash: try fields.text("definitionHash"), nodes: try Self.ids(fields, "nodes"),
      unchanged: try Self.ids(fields, "unchanged"), inputs: [:], frozenFiles: try fields.texts("frozenFiles"))
    for member in try fields.members("inputs") { inputs[member.key] = member.value }
  }

  private static func ids(_ fields: Fields, _ key: String) throws(Fields.Mismatch) -> [NodeID] {
    try fields.list(key).map { value throws(Fields.Mismatch) in
      guard let id = value.stringValue else { throw Fields.Mismatch(description: "no valid \(key)") }
      return NodeID(rawValue: id)
    }
  }
}

extension ProcessFacts {
  /// Ticks stand as text: they may need 64 bits without a sign.
  fileprivate var stored: JSONValue {
    .stored(["pid": .int(pid), "startTicks": .string(String(startTicks)), "bootID": .string(bootID)])
  }

  fileprivate init(stored fields: Fields) throws(Fields.Mismatch) {
    guard let pid = Int32(exactly: try fields.integer("pid")), let ticks = UInt64(try fields.text("startTicks")) else {
      throw Fields.Mismatch(description: "no valid process")
    }
    self.init(pid: pid, startTicks: ticks, bootID: try fields.text("bootID"))
  }
}

extension StepFailure {
  /// The dice stand as their bits in hexadecimal, so that a replay rolls exactly what was rolled.
  fileprivate func stored(dice: Double?) -> JSONValue {
    .stored([
      "failure": .string(kind.rawValue), "message": .string(message), "exitCode": .int(exitCode),
      "signal": .int(signal),
      "transient": .bool(isTransient), "dice": dice.map { .string(String($0.bitPattern, radix: 16)) },
    ])
  }

  fileprivate static func dice(stored fields: Fields) throws(Fields.Mismatch) -> Double {
    guard let bits = UInt64(try fields.text("dice"), radix: 16) else {
      throw Fields.Mismatch(description: "no valid dice")
    }
    return Double(bitPattern: bits)
  }

  fileprivate init(stored fields: Fields) throws(Fields.Mismatch) {
    self.init(
      try fields.word("failure"), try fields.text("message"), exitCode: try fields.optionalInt("exitCode"),
      signal: try fields.optionalInt("signal"), isTransient: try fields.bool("transient"))
  }
}
