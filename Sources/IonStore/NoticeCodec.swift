internal import IonJSON
internal import IonWorkflow

/// How a notice is written down: its kind and its content as JSON. The rules are those of `EncodedEvent`.
enum NoticeKind: String, CaseIterable {
  case progress, message, artifact, gate, changes, runDeleted
}

extension Notice {
  var kind: NoticeKind {
    switch self {
    case .progress: .progress
    case .message: .message
    case .artifact: .artifact
    case .gate: .gate
    case .changes: .changes
    case .runDeleted: .runDeleted
    }
  }

  /// The content. `runDeleted` holds its run's id, since the row that has it is gone by then.
  func stored(run: RunID) -> JSONValue {
    switch self {
    case .progress(let progress): progress.stored
    case .message(let level, let text): .stored(["level": .string(level.rawValue), "text": .string(text)])
    case .artifact(let record): record.stored
    case .gate(let record): record.stored
    case .changes(let changes): changes.stored
    case .runDeleted: .stored(["run": .string(run.rawValue)])
    }
  }

  init(_ kind: NoticeKind, stored fields: Fields, run: RunID) throws(Fields.Mismatch) {
    switch kind {
    case .progress: self = .progress(try ProgressNotice(stored: fields, run: run))
    case .message: self = .message(level: try fields.word("level"), text: try fields.text("text"))
    case .artifact: self = .artifact(try ArtifactRecord(stored: fields, run: run))
    case .gate: self = .gate(try GateRecord(stored: fields))
    case .changes: self = .changes(try ChangesNotice(stored: fields))
    case .runDeleted: self = .runDeleted
    }
  }
}

extension ProgressNotice {
  /// Texts of outputs included: what is pushed and what is replayed are the same.
  fileprivate var stored: JSONValue {
    let counted = counts.sorted { $0.key < $1.key }.map {
      JSONObject.Member(key: $0.key, value: .integer(Int64($0.value)))
    }
    return .stored([
      "status": .string(status.rawValue), "attempt": .int(attempt), "counts": .object(JSONObject(members: counted)),
      "nodes": .array(nodes.map { $0.stored(withText: true) }), "error": .text(error), "time": .integer(time),
      "result": result?.stored,
    ])
  }

  fileprivate init(stored fields: Fields, run: RunID) throws(Fields.Mismatch) {
    self.init(
      status: try fields.word("status"), attempt: try fields.int("attempt"), counts: [:], nodes: [],
      error: try fields.optionalText("error"), time: try fields.integer("time"))
    if fields["result"] != nil { result = try RunResult(stored: fields.object("result")) }
    for member in try fields.members("counts") {
      guard let count = member.value.integerValue else { throw Fields.Mismatch(description: "no valid counts") }
      counts[member.key] = Int(count)
    }
    for node in try fields.list("nodes") { nodes.append(try NodeRecord(stored: Fields(node), run: run)) }
  }
}
