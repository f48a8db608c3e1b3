import IonJSON
import IonWorkflow
import IonWorkflowFile
import Testing

/// What is made of values: conditions, texts, `with`, outputs.
extension Subject {
  static let conditions = Subject(
    "conditions", takes: ["when"],
    gives: ["is": .exactly, "fails": .mention, "refused": .mention, "at": .exactly, "hint": .exactly],
    always: ["is", "fails", "refused"]
  ) { row, table in
    let text = try row.text("when")
    let condition: Condition
    do throws(TextFault) {
      condition = try Condition.parse(text).condition
    } catch {
      return refusal(error, of: text)
    }
    return verdict(of: condition, in: try ValueScope(table.given))
  }

  static let texts = Subject(
    "texts", takes: ["text"],
    gives: [
      "is": .exactly, "fails": .mention, "refused": .exactly, "warns": .exactly, "at": .exactly, "hint": .exactly,
    ],
    always: ["is", "fails", "refused", "warns"]
  ) { row, table in
    let text = try row.text("text")
    let (template, _, faults) = Template.parse(text)
    var outcome: JSONObject = [:]
    if let fault = faults.first {
      outcome = refusal(fault, of: text)
      outcome["refused"] = nil
      outcome[fault.severity == .error ? "refused" : "warns"] = .string(fault.code)
      if fault.severity == .error { return outcome }
    }
    let scope = try ValueScope(table.given)
    do throws(ReferenceFailure) {
      outcome["is"] = .string(try template.resolve(in: scope))
    } catch {
      outcome["fails"] = .string(error.message)
    }
    return outcome
  }

  static let bindings = Subject(
    "with", takes: ["with"],
    gives: ["is": .exactly, "text": .exactly, "fails": .mention, "refused": .exactly],
    always: ["is", "fails", "refused"]
  ) { row, table in
    let known = ["outputs", "answers", "statuses"].flatMap { table.given[$0]?.objectValue?.keys ?? [] }
    var nodes: [JSONValue] = known.map { ["id": .string($0), "bash": "true"] }
    nodes.append([
      "id": "reader", "bash": "true", "depends_on": .array(known.map { .string($0) }),
      "with": ["value": row["with"] ?? .null],
    ])
    let reading = WorkflowReader.read(JSONValue.object(["name": "w", "nodes": .array(nodes)]).serializedText())
    guard let binding = reading.definition?.nodes.last?.bindings.first else {
      return ["refused": .string(reading.diagnostics.first?.code ?? "no value")]
    }
    let scope = try ValueScope(table.given)
    do throws(ReferenceFailure) {
      return ["is": try binding.value.resolve(in: scope), "text": .string(try binding.value.resolveText(in: scope))]
    } catch {
      return ["fails": .string(error.message)]
    }
  }

  static let outputs = Subject(
    "outputs", takes: ["printed"], gives: ["value": .exactly, "text": .exactly], always: ["value"]
  ) { row, _ in
    let document = OutputDocument(text: try row.text("printed"))
    var outcome: JSONObject = ["text": document.text.map(JSONValue.string) ?? .null]
    outcome["value"] = document.json ?? .string(document.text ?? "")
    return outcome
  }

  private static func verdict(of condition: Condition, in scope: ValueScope) -> JSONObject {
    do throws(ReferenceFailure) {
      return ["is": .bool(try condition.evaluate(in: scope))]
    } catch {
      return ["fails": .string(error.message)]
    }
  }

  /// What is said of a text that can't be read, and the stretch at which it is said.
  private static func refusal(_ fault: TextFault, of text: String) -> JSONObject {
    let stretch = String(decoding: Array(text.utf8)[fault.range], as: UTF8.self)
    var outcome: JSONObject = ["refused": .string(fault.message), "at": .string(stretch)]
    outcome["hint"] = fault.hint.map(JSONValue.string)
    return outcome
  }
}
