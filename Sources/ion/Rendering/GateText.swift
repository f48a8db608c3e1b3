internal import IonServer
internal import IonWorkflow

/// A gate as lines of text.
enum GateText {
  /// What is asked, and the commands that answer it. An agent's question can be answered only where its run goes on.
  static func lines(_ gate: ApprovalShape, style: Style) -> [String] {
    question(gate, style: style) + commands(gate).map { "  " + style.dim($0) }
  }

  /// What is asked.
  static func question(_ gate: ApprovalShape, style: Style) -> [String] {
    ["\(style.yellow("?")) \(style.bold(TerminalText.plain(gate.title)))"] + message(gate)
  }

  /// The message, set in; lines of a terminal's own are left to it.
  static func message(_ gate: ApprovalShape) -> [String] {
    var lines = gate.message.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    return lines.map { "  " + TerminalText.plain(String($0)) }
  }

  /// One command for each decision, as it may be typed.
  private static func commands(_ gate: ApprovalShape) -> [String] {
    if gate.ofAgent == true {
      return ["its agent waits: answer it in the terminal or the editor where the run goes on"]
    }
    let name = "\(gate.runId.rawValue.prefix(shownLength)) \(gate.nodeId)"
    let form = (gate.form ?? []).filter(\.required).map { " --form \($0.name)=…" }.joined()
    return gate.options.map { option in
      switch option.optionId {
      case Approval.approve: "ion approve \(name)\(form)"
      case Approval.reject: "ion reject \(name)"
      default: "ion approve \(name) --decision \(option.optionId)\(form)"
      }
    }
  }

  /// How much of a run's id is shown: what tells runs of a day apart.
  static let shownLength = 8
}
