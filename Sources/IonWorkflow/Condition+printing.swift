import IonJSON

extension Condition: CustomStringConvertible {
  /// The condition as a workflow file may write it, which `parse` reads back: one blank around operators, text in double
  /// quotes, and no parentheses that change nothing.
  public var description: String {
    switch self {
    case .operand(let operand): operand.description
    case .comparison(let left, let comparison, let right): "\(left) \(comparison.rawValue) \(right)"
    case .not(let inner): "!" + inner.printed(inParentheses: inner.isCompound || inner.isNegation)
    case .and(let parts): parts.map { $0.printed(inParentheses: $0.isCompound) }.joined(separator: " && ")
    case .or(let parts): parts.map { $0.printed(inParentheses: $0.isDisjunction) }.joined(separator: " || ")
    }
  }

  private func printed(inParentheses: Bool) -> String { inParentheses ? "(\(self))" : description }

  private var isCompound: Bool {
    switch self {
    case .and, .or: true
    case .operand, .comparison, .not: false
    }
  }

  private var isDisjunction: Bool { if case .or = self { true } else { false } }
  private var isNegation: Bool { if case .not = self { true } else { false } }
}

extension Condition.Operand: CustomStringConvertible {
  /// `$plan.output.title`, `"text"`, `3`, `[1, 2]`.
  public var description: String {
    switch self {
    case .reference(let reference): reference.description
    case .literal(.string(let text)): QuotedText.quoted(text)
    case .literal(let value): value.serializedText()
    case .list(let members): "[" + members.map(\.description).joined(separator: ", ") + "]"
    }
  }
}
