import IonJSON
import IonWorkflow
import Testing

/// What a gate makes of answers: which fit, what is wrong with the others, and what the node's output is.
@Suite struct GateAnswerTests {
  private func approval(
    decisions: [String] = [], form: [InputDeclaration] = [], captures: Bool = false, otherwise: String? = nil
  ) -> Approval {
    var approval = Approval(message: Template(segments: []))
    approval.decisions = decisions.map { .init(id: $0, label: $0) }
    approval.form = form
    approval.captureResponse = captures
    approval.defaultDecision = otherwise
    return approval
  }

  private let version: InputDeclaration = {
    var field = InputDeclaration(name: "version")
    field.isRequired = true
    field.pattern = "[0-9.]+"
    return field
  }()

  private let count: InputDeclaration = {
    var field = InputDeclaration(name: "count", kind: .number)
    field.defaultValue = 2
    return field
  }()

  private func answer(_ decision: String, _ comment: String? = nil, _ form: [String: JSONValue] = [:]) -> GateAnswer {
    GateAnswer(decision: decision, comment: comment, form: form, decidedBy: "Ada")
  }

  private func faults(_ answer: GateAnswer, at approval: Approval) -> [AnswerFault] {
    do throws(AnswerFailure) {
      _ = try approval.check(answer)
      return []
    } catch {
      return error.faults
    }
  }

  @Test(arguments: [
    (false, "fine", ""), (true, "fine", "fine"), (true, nil, ""),
  ]) func aBareGateGivesNothingOrTheComment(captures: Bool, comment: String?, output: String) throws {
    let gate = approval(captures: captures)
    #expect(gate.output(for: try gate.check(answer("approve", comment))) == output)
  }

  @Test func decisionsGiveWhichOneAndTheComment() throws {
    let gate = approval(decisions: ["approve", "later"])
    #expect(
      gate.output(for: try gate.check(answer("later", "not \"now\""))) == #"{"decision":"later","text":"not \"now\""}"#)
    #expect(gate.output(for: try gate.check(answer("approve"))) == #"{"decision":"approve","text":""}"#)
  }

  @Test func aFormGivesItsTypedValuesBesideThem() throws {
    let gate = approval(form: [version, count])
    let checked = try gate.check(answer("approve", "go", ["version": "1.2"]))
    #expect(gate.output(for: checked) == #"{"decision":"approve","text":"go","form":{"version":"1.2","count":2}}"#)
  }

  @Test func everythingThatIsWrongIsTold() {
    let faults = faults(
      answer("aprove", "a\0b", ["version": "one", "count": "2", "colour": "red"]), at: approval(form: [version, count]))
    #expect(
      faults.map(\.part) == [.decision, .comment, .form("version"), .form("count"), .form("colour")])
    #expect(faults.first?.hint == "did you mean `approve`?")
    #expect(faults[2].message == "The field `version` must match `[0-9.]+` as a whole, and `one` doesn't")
    #expect(faults[4].message == "`colour` is no field of this gate's form")
  }

  @Test func whatARejectionLeavesOutIsNotMissed() throws {
    let gate = approval(form: [version])
    #expect(faults(answer("approve"), at: gate).map(\.part) == [.form("version")])
    #expect(try gate.check(answer("reject")).form == [:])
    #expect(faults(answer("reject", nil, ["version": "x"]), at: gate).map(\.part) == [.form("version")])
  }

  @Test func anAnswerHasItsLimit() {
    let long = String(repeating: "x", count: Approval.answerLimit)
    #expect(faults(answer("approve", long), at: approval()).isEmpty)
    #expect(faults(answer("approve", long + "x"), at: approval()).map(\.part) == [.comment])
    #expect(faults(answer("approve", long), at: approval(decisions: ["approve"])).map(\.part) == [.comment])
  }

  @Test func aTimeoutAnswersWithWhatNeedsNoPerson() throws {
    let gate = approval(form: [version, count], otherwise: "approve")
    let taken = try #require(gate.defaultAnswer)
    #expect(taken.decidedBy == "timeout")
    #expect(gate.output(for: taken) == #"{"decision":"approve","text":"","form":{"count":2}}"#)
    #expect(approval().defaultAnswer == nil)
  }

  @Test func onlyAnUndeclaredRejectionCancelsTheRun() {
    #expect(approval().cancelsRun("reject") && !approval().cancelsRun("approve"))
    #expect(!approval(decisions: ["approve", "reject"]).cancelsRun("reject"))
  }

  @Test func anIDNamesItsRun() {
    #expect(GateID("review#3/test", of: "r1", attempt: 2).run == "r1")
    #expect(GateID("nothing").run == nil && GateID("/x").run == nil && GateID("").run == nil)
  }
}
