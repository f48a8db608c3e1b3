internal import IonEngine
internal import IonServer

/// What came of trying an agent, for people.
enum ProviderText {
  /// In one line.
  static func line(_ check: ProviderCheckShape) -> String {
    let standing = check.default ? " (taken where nobody says one)" : ""
    switch check.condition {
    case .ready:
      let facts = [check.version, check.program, check.durationMs > 0 ? "\(check.durationMs) ms" : nil]
      return facts.compactMap(\.self).joined(separator: ", ") + standing
    case .untried:
      return [check.program, "not tried: it answers nothing but prompts"].compactMap(\.self).joined(separator: ", ")
        + standing
    case .signInNeeded:
      let ways = check.signIns.map(\.name).joined(separator: ", ")
      return "wants its user to sign in" + (ways.isEmpty ? "" : " (\(ways))") + standing
        + (check.hint.map { "; \($0)" } ?? "")
    case .missing, .failing:
      return firstLine(of: check.error ?? "it can't be used") + standing + (check.hint.map { "; \($0)" } ?? "")
    }
  }

  /// All of it.
  static func whole(_ check: ProviderCheckShape, style: Style) -> [String] {
    let (verdict, words): (Checkup.Verdict, String) =
      switch check.condition {
      case .ready: (.good, "ready")
      case .untried: (.good, "here, and not tried: it answers nothing but prompts")
      case .signInNeeded: (.bad, "wants its user to sign in")
      case .missing: (.bad, "not here")
      case .failing: (.bad, "can't be used")
      }
    let standing = check.default ? ", taken where nobody says one" : ""
    let ways = check.signIns.map { "\($0.name) (\($0.methodId))" }.joined(separator: ", ")
    let facts: [(String, String?)] = [
      ("program", check.program), ("version", check.version), ("protocol", check.protocolVersion),
      ("signed in", check.authentication == .done ? "yes" : nil), ("sign in by", ways.isEmpty ? nil : ways),
      ("took", check.condition == .untried ? nil : "\(check.durationMs) ms"),
      ("error", check.condition == .signInNeeded ? nil : check.error), ("what to do", check.hint),
      ("stderr", check.stderr),
    ]
    let rows = facts.flatMap { name, text -> [[String]] in
      let lines = (text ?? "").split(whereSeparator: \.isNewline)
      return lines.enumerated().map { index, line in
        [style.dim(index == 0 ? "  \(name)" : "  "), TerminalText.plain(String(line))]
      }
    }
    return ["\(verdict.mark(style)) \(check.providerId): \(words)\(standing)"] + TerminalText.columns(rows)
  }

  private static func firstLine(of text: String) -> String {
    String(text.prefix { !$0.isNewline })
  }
}
