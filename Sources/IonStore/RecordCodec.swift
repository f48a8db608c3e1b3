internal import IonJSON
internal import IonWorkflow

// How rows are written down as JSON. Members may be added where their absence means something; nothing else changes.

extension NodeOutput {
  /// Without its text where that has a place of its own.
  func stored(withText: Bool) -> JSONValue {
    .stored([
      "text": withText ? .text(text) : nil, "file": .text(file), "length": .int(length), "sha256": .string(sha256),
    ])
  }

  init(stored fields: Fields) throws(Fields.Mismatch) {
    self.init(
      text: try fields.optionalText("text"), file: try fields.optionalText("file"), length: try fields.int("length"),
      sha256: try fields.text("sha256"))
  }
}

extension NodeRecord {
  /// The row without its run, which stands beside it.
  func stored(withText: Bool) -> JSONValue {
    .stored([
      "node": .string(node.rawValue), "index": .int(index), "status": .string(status.rawValue),
      "attempt": .int(attempt),
      "summary": .text(summary), "error": .text(error), "startedAt": .int(startedAt), "endedAt": .int(endedAt),
      "output": output?.stored(withText: withText), "exitCode": .int(exitCode),
      "logBytes": .int(logBytes), "gate": gate?.stored, "provider": .text(provider), "model": .text(model),
      "usage": usage?.stored, "child": .text(child?.rawValue), "item": .int(item),
      "session": session?.stored(summary: nil),
      "files": files.isEmpty
        ? nil : .array(files.map { .stored(["path": .string($0.path), "change": .string($0.change.rawValue)]) }),
    ])
  }

  init(stored fields: Fields, run: RunID) throws(Fields.Mismatch) {
    self.init(
      run: run, node: NodeID(try fields.text("node")), index: try fields.int("index"), status: try fields.word("status")
    )
    attempt = try fields.int("attempt")
    summary = try fields.optionalText("summary")
    error = try fields.optionalText("error")
    startedAt = try fields.optionalInteger("startedAt")
    endedAt = try fields.optionalInteger("endedAt")
    if fields["output"] != nil { output = try NodeOutput(stored: fields.object("output")) }
    exitCode = try fields.optionalInt("exitCode")
    logBytes = try fields.optionalInt("logBytes")
    provider = try fields.optionalText("provider")
    model = try fields.optionalText("model")
    if fields["usage"] != nil { usage = try AgentUsage(stored: fields.object("usage")) }
    child = try fields.optionalText("child").map { RunID($0) }
    item = try fields.optionalInt("item")
    if fields["files"] != nil {
      files = try fields.list("files").map { file throws(Fields.Mismatch) in
        let file = try Fields(file)
        return TouchedFile(try file.text("path"), try file.word("change"))
      }
    }
    if fields["session"] != nil { session = try NodeSession(stored: fields.object("session")) }
    if fields["gate"] != nil { gate = try GateRecord(stored: fields.object("gate")) }
  }
}

extension RunRecord {
  /// The row without its number, its last event's number and its request, which stand beside it.
  var stored: JSONValue {
    let counted = counts.sorted { $0.key.rawValue < $1.key.rawValue }
    return .stored([
      "id": .string(id.rawValue), "workflow": .string(workflow), "definitionHash": .string(definitionHash),
      "firstDefinitionHash": .text(firstDefinitionHash),
      "definitionPath": .text(definitionPath?.text), "status": .string(status.rawValue),
      "pauseReason": .text(pauseReason?.rawValue), "attempt": .int(attempt), "error": .text(error),
      "createdAt": .integer(createdAt), "startedAt": .int(startedAt), "endedAt": .int(endedAt),
      "counts": .object(
        JSONObject(members: counted.map { .init(key: $0.key.rawValue, value: .integer(Int64($0.value))) })),
      "parent": .text(parent?.rawValue), "parentNode": .text(parentNode?.rawValue), "result": result?.stored,
      "usage": usage?.stored, "hasWaitingAgents": hasWaitingAgents ? true : nil,
      "firstFrozenFiles": firstFrozenFiles.map { .object(JSONObject(sorting: $0.mapValues(JSONValue.string))) },
      "changes": .text(changes?.rawValue),
    ])
  }

  init(stored fields: Fields, number: Int, seq: Int64, request: RunRequest) throws(Fields.Mismatch) {
    self.init(
      id: RunID(try fields.text("id")), number: number, workflow: try fields.text("workflow"),
      definitionHash: try fields.text("definitionHash"),
      definitionPath: fields["definitionPath"] == nil ? nil : try fields.path("definitionPath"),
      status: try fields.word("status"), request: request, createdAt: try fields.integer("createdAt"))
    if fields["pauseReason"] != nil { pauseReason = try fields.word("pauseReason") }
    attempt = try fields.int("attempt")
    error = try fields.optionalText("error")
    startedAt = try fields.optionalInteger("startedAt")
    endedAt = try fields.optionalInteger("endedAt")
    for member in try fields.members("counts") {
      guard let status = NodeStatus(rawValue: member.key), let count = member.value.integerValue else {
        throw Fields.Mismatch(description: "no valid counts")
      }
      counts[status] = Int(count)
    }
    firstDefinitionHash = try fields.optionalText("firstDefinitionHash")
    if fields["hasWaitingAgents"] != nil { hasWaitingAgents = try fields.bool("hasWaitingAgents") }
    if fields["usage"] != nil { usage = try AgentUsage(stored: fields.object("usage")) }
    if fields["firstFrozenFiles"] != nil { firstFrozenFiles = try fields.texts("firstFrozenFiles") }
    parent = try fields.optionalText("parent").map { RunID($0) }
    parentNode = try fields.optionalText("parentNode").map { NodeID($0) }
    if fields["result"] != nil { result = try RunResult(stored: fields.object("result")) }
    changes = fields["changes"] == nil ? nil : try fields.word("changes")
    self.seq = seq
  }
}

extension AgentUsage {
  var stored: JSONValue {
    .stored([
      "inputTokens": .int(inputTokens), "outputTokens": .int(outputTokens),
      "usd": usd.flatMap(JSONNumber.init).map(JSONValue.number),
    ])
  }

  init(stored fields: Fields) throws(Fields.Mismatch) {
    self.init(
      inputTokens: try fields.int("inputTokens"), outputTokens: try fields.int("outputTokens"),
      usd: try fields.optionalDouble("usd"))
  }
}

extension NodeSession {
  /// `summary` is what is told beside it; nil for nothing.
  func stored(summary: String?) -> JSONValue {
    .stored([
      "session": .string(id), "provider": .string(provider), "summary": .text(summary),
      "usd": usd.flatMap(JSONNumber.init).map(JSONValue.number),
    ])
  }

  init(stored fields: Fields) throws(Fields.Mismatch) {
    self.init(
      try fields.text("session"), of: try fields.text("provider"), usd: try fields.optionalDouble("usd"))
  }
}

extension RunResult {
  var stored: JSONValue { .stored(["node": .string(node.rawValue), "outcome": outcome.map(JSONValue.bool)]) }

  init(stored fields: Fields) throws(Fields.Mismatch) {
    self.init(
      node: NodeID(try fields.text("node")), outcome: fields["outcome"] == nil ? nil : try fields.bool("outcome"))
  }
}

extension RunRequest {
  var stored: JSONValue {
    .stored([
      "workingPath": .string(workingPath.text), "message": .string(message),
      "inputs": .object(JSONObject(sorting: inputs)),
      "provider": .text(provider), "model": .text(model), "context": .text(context), "editor": editor?.stored,
      "frozenFiles": .object(JSONObject(sorting: frozenFiles.mapValues(JSONValue.string))),
      "fromNode": .text(fromNode?.rawValue), "usesCache": usesCache ? nil : .bool(false),
      "chosenProvider": .text(chosenProvider), "chosenModel": .text(chosenModel),
      "mayWait": mayWait ? true : nil, "isIsolated": isIsolated ? true : nil, "isolation": isolation?.stored,
      "sessions": sessions.isEmpty ? nil : .object(JSONObject(sorting: storedSessions)),
    ])
  }

  init(stored fields: Fields) throws(Fields.Mismatch) {
    self.init(workingPath: try fields.path("workingPath"), message: try fields.text("message"))
    for member in try fields.members("inputs") { inputs[member.key] = member.value }
    provider = try fields.optionalText("provider")
    model = try fields.optionalText("model")
    chosenProvider = try fields.optionalText("chosenProvider")
    chosenModel = try fields.optionalText("chosenModel")
    context = try fields.optionalText("context")
    if fields["editor"] != nil { editor = try EditorContext(stored: fields.object("editor")) }
    frozenFiles = try fields.texts("frozenFiles")
    fromNode = try fields.optionalText("fromNode").map { NodeID($0) }
    if fields["usesCache"] != nil { usesCache = try fields.bool("usesCache") }
    mayWait = fields["mayWait"] == nil ? false : try fields.bool("mayWait")
    isIsolated = fields["isIsolated"] == nil ? false : try fields.bool("isIsolated")
    if fields["isolation"] != nil { isolation = try RunIsolation(stored: fields.object("isolation")) }
    for member in try fields.members("sessions") {
      sessions[NodeID(member.key)] = try NodeSession(stored: Fields(member.value))
    }
  }

  private var storedSessions: [String: JSONValue] {
    Dictionary(uniqueKeysWithValues: sessions.map { ($0.key.rawValue, $0.value.stored(summary: nil)) })
  }
}

extension EditorContext {
  fileprivate var stored: JSONValue {
    .stored([
      "file": .text(file), "line": .int(line), "selection": .text(selection), "languageID": .text(languageID),
      "diagnostics": .text(diagnostics),
    ])
  }

  fileprivate init(stored fields: Fields) throws(Fields.Mismatch) {
    self.init(
      file: try fields.optionalText("file"), line: try fields.optionalInt("line"),
      selection: try fields.optionalText("selection"), languageID: try fields.optionalText("languageID"),
      diagnostics: try fields.optionalText("diagnostics"))
  }
}

extension ArtifactRecord {
  /// The row without its run, which stands beside it.
  var stored: JSONValue {
    .stored([
      "node": .text(node?.rawValue), "name": .string(name), "type": .text(type), "mediaType": .string(mediaType),
      "size": .integer(size), "sha256": .string(sha256), "createdAt": .integer(createdAt),
    ])
  }

  init(stored fields: Fields, run: RunID) throws(Fields.Mismatch) {
    self.init(
      run: run, node: try fields.optionalText("node").map { NodeID($0) }, name: try fields.text("name"),
      type: try fields.optionalText("type"), mediaType: try fields.text("mediaType"), size: try fields.integer("size"),
      sha256: try fields.text("sha256"), createdAt: try fields.integer("createdAt"))
  }
}

extension JSONObject {
  /// The entries of a dictionary in the order of their keys, so that the same request gives the same text.
  init(sorting entries: [String: JSONValue]) {
    self.init(
      members: entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
        .init(key: $0.key, value: $0.value)
      })
  }
}
