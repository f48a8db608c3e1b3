internal import IonJSON
internal import IonScheduler
internal import IonWorkflow

// How gates are written down as JSON. Members may be added where their absence means something; nothing else changes.

extension GateQuestion {
  var stored: JSONValue {
    .stored(["gate": .string(id.rawValue), "message": .string(message), "decisions": decisions.map(\.stored)])
  }

  init(stored fields: Fields) throws(Fields.Mismatch) {
    self.init(
      id: GateID(try fields.text("gate")), message: try fields.text("message"),
      decisions: fields["decisions"] == nil ? nil : try [Approval.Decision](stored: fields.list("decisions")))
  }
}

extension [Approval.Decision] {
  fileprivate var stored: JSONValue {
    .array(map { .stored(["id": .string($0.id), "label": .string($0.label)]) })
  }

  fileprivate init(stored list: [JSONValue]) throws(Fields.Mismatch) {
    self = try list.map { option throws(Fields.Mismatch) in
      let option = try Fields(option)
      return Approval.Decision(id: try option.text("id"), label: try option.text("label"))
    }
  }
}

extension GateAnswer {
  var stored: JSONValue {
    .stored([
      "decision": .string(decision), "comment": .text(comment),
      "form": form.isEmpty ? nil : .object(JSONObject(sorting: form)), "decidedBy": .string(decidedBy),
      "key": .text(idempotencyKey),
    ])
  }

  init(stored fields: Fields) throws(Fields.Mismatch) {
    self.init(
      decision: try fields.text("decision"), comment: try fields.optionalText("comment"),
      decidedBy: try fields.text("decidedBy"), idempotencyKey: try fields.optionalText("key"))
    for member in try fields.members("form") { form[member.key] = member.value }
  }
}

extension GateRecord {
  var stored: JSONValue {
    .stored([
      "id": .string(id.rawValue), "node": .string(node.rawValue), "state": .string(state.rawValue),
      "question": question?.stored, "openedAt": .integer(openedAt), "answer": answer?.stored,
      "closedAt": .int(closedAt),
    ])
  }

  init(stored fields: Fields) throws(Fields.Mismatch) {
    self.init(
      id: GateID(try fields.text("id")), node: NodeID(try fields.text("node")), question: nil,
      openedAt: try fields.integer("openedAt"))
    state = try fields.word("state")
    if fields["question"] != nil { question = try Question(stored: fields.object("question")) }
    if fields["answer"] != nil { answer = try GateAnswer(stored: fields.object("answer")) }
    closedAt = try fields.optionalInteger("closedAt")
  }
}

extension GateRecord.Question {
  /// The timeout in milliseconds.
  fileprivate var stored: JSONValue {
    .stored([
      "title": .string(title), "message": .string(message),
      "options": options.stored,
      "form": form.isEmpty ? nil : .array(form.map(\.stored)),
      "timeout": .int(timeout.map { $0.components.seconds * 1000 + $0.components.attoseconds / 1_000_000_000_000_000 }),
      "default": .text(defaultDecision),
    ])
  }

  fileprivate init(stored fields: Fields) throws(Fields.Mismatch) {
    var approval = Approval(message: Template(segments: []))
    approval.decisions = try [Approval.Decision](stored: fields.list("options"))
    if fields["form"] != nil {
      for field in try fields.list("form") { approval.form.append(try InputDeclaration(stored: Fields(field))) }
    }
    approval.timeout = try fields.optionalInteger("timeout").map { .milliseconds($0) }
    approval.defaultDecision = try fields.optionalText("default")
    self.init(title: try fields.text("title"), message: try fields.text("message"), of: approval)
  }
}

extension InputDeclaration {
  fileprivate var stored: JSONValue {
    .stored([
      "name": .string(name), "type": .string(kind.rawValue),
      "values": values.isEmpty ? nil : .array(values.map(JSONValue.string)), "required": .bool(isRequired),
      "default": defaultValue, "description": .text(description), "pattern": .text(pattern),
    ])
  }

  fileprivate init(stored fields: Fields) throws(Fields.Mismatch) {
    self.init(name: try fields.text("name"), kind: try fields.word("type"))
    if fields["values"] != nil { values = try fields.list("values").compactMap(\.stringValue) }
    isRequired = try fields.bool("required")
    defaultValue = fields["default"]
    description = try fields.optionalText("description")
    pattern = try fields.optionalText("pattern")
  }
}
