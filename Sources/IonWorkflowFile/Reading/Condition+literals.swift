internal import IonJSON
internal import IonWorkflow

extension Condition {
  /// The comparisons in the condition, in order.
  private var comparisons: [(left: Operand, comparison: Comparison, right: Operand)] {
    switch self {
    case .operand: []
    case .comparison(let left, let comparison, let right): [(left, comparison, right)]
    case .not(let condition): condition.comparisons
    case .and(let conditions), .or(let conditions): conditions.flatMap(\.comparisons)
    }
  }

  /// The whole outputs that have to equal a literal, or to be ordered with one. Looking for a literal within an output is
  /// another matter.
  var answersComparedWithLiterals: [Reference] {
    comparisons.flatMap { left, comparison, right -> [Reference] in
      switch comparison {
      case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
        (right.hasLiteral ? [left] : []).compactMap(\.wholeOutput)
          + (left.hasLiteral ? [right] : []).compactMap(\.wholeOutput)
      case .isIn: right.isList && right.hasLiteral ? [left].compactMap(\.wholeOutput) : []
      case .contains: left.isList && left.hasLiteral ? [right].compactMap(\.wholeOutput) : []
      }
    }
  }

  /// What is compared by its size with a text that spells a number, and that text: both count as texts then.
  var sizesComparedWithTexts: [Reference: String] {
    var found: [Reference: String] = [:]
    for (left, comparison, right) in comparisons
    where [.less, .lessOrEqual, .greater, .greaterOrEqual].contains(comparison) {
      switch (left, right) {
      case (.reference(let reference), .literal(.string(let text))),
        (.literal(.string(let text)), .reference(let reference)):
        if PlainScalar.number(text) != nil { found[reference] = text }
      default: break
      }
    }
    return found
  }
}

extension Condition.Operand {
  fileprivate var isList: Bool { if case .list = self { true } else { false } }

  fileprivate var hasLiteral: Bool {
    switch self {
    case .reference: false
    case .literal: true
    case .list(let operands): operands.contains { $0.hasLiteral }
    }
  }

  /// The output that the operand reads whole; nil for every other operand.
  fileprivate var wholeOutput: Reference? {
    guard case .reference(let reference) = self, case .output = reference.root, reference.path.isEmpty else {
      return nil
    }
    return reference
  }
}
