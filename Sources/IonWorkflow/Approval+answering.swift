internal import IonJSON

/// What is wrong with one part of an answer to a gate.
public struct AnswerFault: Error, Hashable, Sendable {
  public enum Part: Hashable, Sendable {
    case decision, comment
    /// One field of the form.
    case form(String)
  }

  public var part: Part
  /// What is wrong, a whole sentence without its full stop.
  public var message: String
  /// What to do about it; nil where the message says it all.
  public var hint: String?

  public init(_ part: Part, _ message: String, hint: String? = nil) {
    self.part = part
    self.message = message
    self.hint = hint
  }
}

/// Everything that is wrong with an answer, at least one fault.
public struct AnswerFailure: Error, Hashable, Sendable {
  public var faults: [AnswerFault]

  public init(_ faults: [AnswerFault]) { self.faults = faults }
}

extension Approval {
  /// What says yes, and what says no where no `decisions` are declared.
  public static let approve = "approve"
  public static let reject = "reject"

  /// How much a person may write, and what an answer may come to in all, in bytes of UTF-8.
  public static let answerLimit = NodeOutput.inlineLimit

  /// What a person may choose, in the order in which it is shown.
  public var options: [Decision] {
    decisions.isEmpty
      ? [Decision(id: Self.approve, label: "Approve"), Decision(id: Self.reject, label: "Reject")] : decisions
  }

  /// Whether a decision ends the run: a rejection that the workflow makes no provision for.
  public func cancelsRun(_ decision: String) -> Bool {
    decisions.isEmpty && onReject == nil && decision == Self.reject
  }

  /// An answer with its form checked and typed. Where the run ends with the decision, the form's required fields may be
  /// left out.
  /// - Throws: `AnswerFailure` with every fault, not the first alone.
  public func check(_ answer: GateAnswer) throws(AnswerFailure) -> GateAnswer {
    var faults: [AnswerFault] = []
    let ids = options.map(\.id)
    if !ids.contains(where: { $0.utf8.elementsEqual(answer.decision.utf8) }) {
      let all = ids.map { "`\($0)`" }.joined(separator: ", ")
      faults.append(
        AnswerFault(
          .decision, "`\(answer.decision)` is no decision of this gate, which has \(all)",
          hint: Spelling.hint(for: answer.decision, among: ids)))
    }
    let comment = answer.comment ?? ""
    if comment.utf8.contains(0) { faults.append(AnswerFault(.comment, "The comment has a NUL character")) }
    if comment.utf8.count > Self.answerLimit {
      faults.append(
        AnswerFault(.comment, "The comment is \(comment.utf8.count) bytes, more than the limit of \(Self.answerLimit)"))
    }
    var checked = answer
    checked.form = [:]
    do throws(InputFailure) {
      checked.form = try InputCheck.check(
        asked(of: answer.form, leniently: cancelsRun(answer.decision)), supplied: answer.form
      ).all
    } catch {
      faults += error.faults.map(fault)
    }
    if faults.isEmpty, output(for: checked).utf8.count > Self.answerLimit {
      faults.append(AnswerFault(.comment, "The whole answer is larger than the limit of \(Self.answerLimit) bytes"))
    }
    if !faults.isEmpty { throw AnswerFailure(faults) }
    return checked
  }

  /// The answer that the timeout gives; nil where there is no `default`. Of the form it has what doesn't need a person.
  public var defaultAnswer: GateAnswer? {
    guard let defaultDecision else { return nil }
    var answer = GateAnswer(decision: defaultDecision, decidedBy: GateAnswer.timeout)
    do throws(InputFailure) {
      answer.form = try InputCheck.check(asked(of: [:], leniently: true), supplied: [:]).all
    } catch {
      // A default that its own pattern refuses is left out, as a required field is.
      answer.form = [:]
    }
    return answer
  }

  /// The node's output for an answer: `{decision, text, form}` with a form, `{decision, text}` with `decisions`, the
  /// comment with `capture_response`, else nothing.
  public func output(for answer: GateAnswer) -> String {
    let text = answer.comment ?? ""
    guard !form.isEmpty || !decisions.isEmpty else { return captureResponse ? text : "" }
    var object: JSONObject = ["decision": .string(answer.decision), "text": .string(text)]
    if !form.isEmpty {
      let fields = form.compactMap { field in
        answer.form[field.name].map { JSONObject.Member(key: field.name, value: $0) }
      }
      object["form"] = .object(JSONObject(uniqueMembers: fields))
    }
    return JSONValue.object(object).serializedText()
  }

  /// The questions that an answer is held against.
  private func asked(of supplied: [String: JSONValue], leniently: Bool) -> [InputDeclaration] {
    leniently ? form.filter { !$0.isRequired || supplied[$0.name] != nil } : form
  }

  private func fault(_ fault: InputFault) -> AnswerFault {
    let message =
      fault.reason == .unknown
      ? "`\(fault.name)` is no field of this gate's form" : "The field `\(fault.name)` \(fault.message)"
    let all = form.map { "`\($0.name)`" }.joined(separator: ", ")
    let hint = fault.reason == .unknown ? (form.isEmpty ? "it has none" : "the fields are \(all)") : fault.hint
    return AnswerFault(.form(fault.name), message, hint: hint)
  }
}
