import IonJSON
import IonScheduler
import IonWorkflow
import IonWorkflowFile
import Testing

/// What is asked at gates, and what comes of the answers.
extension Subject {
  static let gates = Subject(
    "gates", takes: ["approval", "continue_on_error", "answer", "late"],
    gives: [
      "refused": .exactly, "says": .mention, "hint": .exactly, "output": .exactly, "gate": .exactly, "after": .exactly,
      "run": .exactly, "why": .mention, "options": .exactly, "runs": .exactly,
    ], always: ["refused"]
  ) { row, _ in
    var gate: JSONObject = ["id": "gate", "approval": row["approval"] ?? .null]
    gate["continue_on_error"] = row["continue_on_error"]
    let file: JSONValue = [
      "name": "w", "nodes": [.object(gate), ["id": "after", "bash": "true", "depends_on": ["gate"]]],
    ]
    let reading = WorkflowReader.read(file.serializedText())
    guard let definition = reading.definition, case .approval(let approval) = definition.nodes[0].kind else {
      let first = reading.diagnostics.first { $0.severity == .error }
      return ["refused": .string(first?.code ?? ""), "says": .string(first?.message ?? "")]
    }
    var play = Play(definition)
    do throws(AnswerFailure) {
      play.answers["gate"] = try answer(to: approval, row).map { [$0] }
    } catch {
      var outcome: JSONObject = ["refused": "answer"]
      outcome["says"] = error.faults.first.map { .string($0.message) }
      outcome["hint"] = error.faults.first?.hint.map { .string($0) }
      return outcome
    }
    play.play()
    return outcome(of: play, approval, definition.nodes[0].kind.isRunnable)
  }

  private static func answer(to approval: Approval, _ row: TableRow) throws(AnswerFailure) -> Play.Answer? {
    if row["late"] == true { return .late }
    guard let given = row["answer"] else { return nil }
    var answer = GateAnswer(
      decision: given["decision"]?.stringValue ?? given.stringValue ?? "", comment: given["comment"]?.stringValue,
      decidedBy: "Ada")
    for member in given["form"]?.objectValue?.members ?? [] { answer.form[member.key] = member.value }
    let checked = try approval.check(answer)
    return .given(checked, output: approval.output(for: checked))
  }

  private static func outcome(of play: Play, _ approval: Approval, _ isRunnable: Bool) -> JSONObject {
    let node = play.run.node("gate")
    var outcome: JSONObject = [
      "gate": .string(node?.status.rawValue ?? ""), "after": .string(play.run.node("after")?.status.rawValue ?? ""),
      "run": .string(play.run.status.rawValue), "options": .array(approval.options.map { .string($0.id) }),
      "runs": .bool(isRunnable),
    ]
    outcome["output"] = node?.output?.text.map { .string($0) }
    outcome["why"] = (play.run.outcome?.reason ?? node?.summary).map { .string($0) }
    return outcome
  }
}
