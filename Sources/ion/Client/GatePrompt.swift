internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// A gate as it is answered at a terminal: line by line, the decision first, then the form. Pure: lines in, words out.
struct GatePrompt {
  /// What follows a line.
  enum Step {
    /// Words to show, with the next question last.
    case ask(String)
    /// The answer, complete.
    case answer(JSONObject)
    /// The person wants to decide later.
    case leave
  }

  let gate: ApprovalShape
  private var params: JSONObject
  private var form = JSONObject()
  /// The fields that are to be asked, the next one first; nil before the decision.
  private var fields: ArraySlice<InputShape>?

  init(_ gate: ApprovalShape) {
    self.gate = gate
    params = ["approvalId": .string(gate.approvalId.rawValue)]
  }

  /// What is asked first.
  var question: String {
    let options = gate.options.enumerated().map { "\($0 + 1) \(TerminalText.plain($1.title))" }
    return "  " + options.joined(separator: "   ")
      + "\n  Your decision, and a comment behind it where you like; nothing decides later: "
  }

  /// Takes a line of the person's; nil is the end of all lines.
  mutating func take(_ line: String?) -> Step {
    guard let line else { return .leave }
    guard let asked = fields, let field = asked.first else { return decide(line) }
    let text = line.trimmed
    if !text.isEmpty { form[field.name] = InputArguments.value(text, field) }
    fields = asked.dropFirst()
    return next
  }

  private mutating func decide(_ line: String) -> Step {
    let text = line.trimmed
    if text.isEmpty { return .leave }
    let word = text.prefix { !$0.isWhitespace }
    guard let option = option(String(word)) else {
      return .ask("  `\(word)` is none of them.\n" + question)
    }
    params["optionId"] = .string(option.optionId)
    let comment = String(text.dropFirst(word.count)).trimmed
    if !comment.isEmpty { params["comment"] = .string(comment) }
    fields = option.kind == .reject ? [] : (gate.form ?? [])[...]
    return next
  }

  /// By its number, its id or title, or the beginning of one that no other has.
  private func option(_ word: String) -> ApprovalOptionShape? {
    if let number = Int(word) { return gate.options.indices.contains(number - 1) ? gate.options[number - 1] : nil }
    let meant = word.lowercased()
    let names = { (option: ApprovalOptionShape) in [option.optionId.lowercased(), option.title.lowercased()] }
    if let exact = gate.options.first(where: { names($0).contains(meant) }) { return exact }
    let near = gate.options.filter { names($0).contains { $0.hasPrefix(meant) } }
    return near.count == 1 ? near[0] : nil
  }

  private var next: Step {
    guard let field = fields?.first else {
      var params = params
      params["form"] = .object(form)
      return .answer(params)
    }
    let values = field.values.map { " (\($0.joined(separator: ", ")))" } ?? ""
    let usual = field.default.map { " [\($0.canonicalText)]" } ?? (field.required ? "" : " [nothing]")
    let about = field.description.map { " – \(TerminalText.plain($0))" } ?? ""
    return .ask("  \(field.name)\(about)\(values)\(usual): ")
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
