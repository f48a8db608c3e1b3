import IonJSON

extension Condition {
  /// Whether the condition holds. `&&` and `||` go from left to right and stop once the answer is known, so that a status
  /// can guard an output: `$test.status == 'succeeded' && $test.output.ok`.
  /// - Throws: `ReferenceFailure` where a reference that is needed has no value, or one that can't be used so.
  public func evaluate(in scope: ValueScope) throws(ReferenceFailure) -> Bool {
    switch self {
    case .operand(let operand): return try Self.truth(of: operand, in: scope)
    case .comparison(let left, let comparison, let right):
      return try Self.compare(left, comparison, right, in: scope)
    case .not(let inner): return try !inner.evaluate(in: scope)
    case .and(let parts):
      for part in parts where try !part.evaluate(in: scope) { return false }
      return true
    case .or(let parts):
      for part in parts where try part.evaluate(in: scope) { return true }
      return false
    }
  }

  private static func truth(of operand: Operand, in scope: ValueScope) throws(ReferenceFailure) -> Bool {
    switch operand {
    case .literal(let value): return value == .bool(true)
    case .list: return false
    case .reference(let reference):
      let value = try reference.resolve(in: scope)
      guard case .bool(let flag) = value else { throw ReferenceFailure(reference, .notBoolean(kind: value.kindName)) }
      return flag
    }
  }

  private static func compare(
    _ left: Operand, _ comparison: Comparison, _ right: Operand, in scope: ValueScope
  ) throws(ReferenceFailure) -> Bool {
    let (a, b) = (try left.resolved(in: scope), try right.resolved(in: scope))
    switch comparison {
    case .equal, .notEqual:
      try refuseFreeForm(left, a, against: right)
      try refuseFreeForm(right, b, against: left)
      return a.isEqual(to: b) == (comparison == .equal)
    case .less, .lessOrEqual, .greater, .greaterOrEqual:
      try refuseFreeForm(left, a, against: right)
      try refuseFreeForm(right, b, against: left)
      return comparison.holds(a.order(against: b))
    case .isIn:
      if case .list = right { try refuseFreeForm(left, a, against: right) }
      return try contains(right, b, a)
    case .contains:
      if case .list = left { try refuseFreeForm(right, b, against: left) }
      return try contains(left, a, b)
    }
  }

  /// An agent's prose never equals a literal for sure; looking for a word in it is another matter.
  private static func refuseFreeForm(
    _ operand: Operand, _ value: ResolvedValue, against other: Operand
  ) throws(ReferenceFailure) {
    if case .reference(let reference) = operand, value.isFreeForm, other.hasLiteral {
      throw ReferenceFailure(reference, .freeForm)
    }
  }

  private static func contains(
    _ operand: Operand, _ container: ResolvedValue, _ element: ResolvedValue
  ) throws(ReferenceFailure) -> Bool {
    switch container.value {
    case .array(let elements):
      var wanted = element
      // Printed once, not once for each element.
      wanted.rawText = element.text
      return elements.contains { ResolvedValue(value: $0).isEqual(to: wanted) }
    case .object(let object): return object[element.text] != nil
    case .string(let text): return text.utf8.contains(element.text.utf8)
    case .null, .bool, .integer, .number:
      // A whole output that happens to be a number or the like is still a text to look in.
      if let text = container.rawText { return text.utf8.contains(element.text.utf8) }
      guard case .reference(let reference) = operand else { return false }
      throw ReferenceFailure(reference, .notContainer(kind: container.value.kindName))
    }
  }
}

extension Condition.Operand {
  fileprivate func resolved(in scope: ValueScope) throws(ReferenceFailure) -> ResolvedValue {
    switch self {
    case .reference(let reference): return try reference.resolved(in: scope)
    case .literal(let value): return ResolvedValue(value: value)
    case .list(let members):
      var values: [JSONValue] = []
      for member in members { values.append(try member.resolved(in: scope).value) }
      return ResolvedValue(value: .array(values))
    }
  }

  /// Whether a literal is what this is, or among what it lists.
  fileprivate var hasLiteral: Bool {
    switch self {
    case .literal: true
    case .reference: false
    case .list(let members): members.contains { $0.hasLiteral }
    }
  }
}

extension Condition.Comparison {
  /// Whether a comparison by size holds for two values in this order; -1 is the left one being smaller.
  fileprivate func holds(_ order: Int) -> Bool {
    switch self {
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    case .equal, .isIn, .contains: order == 0
    case .notEqual: order != 0
    }
  }
}

extension ResolvedValue {
  /// Numbers are equal by size, lists and objects by what is in them, and everything else by its text.
  func isEqual(to other: ResolvedValue) -> Bool {
    if let same = value.isSame(as: other.value) { return same }
    return text.utf8.elementsEqual(other.text.utf8)
  }

  /// -1, 0 or 1: numbers by size, everything else by the bytes of its text.
  func order(against other: ResolvedValue) -> Int {
    if let left = value.decimal, let right = other.value.decimal { return left < right ? -1 : left == right ? 0 : 1 }
    let (left, right) = (text.utf8, other.text.utf8)
    return left.lexicographicallyPrecedes(right) ? -1 : left.elementsEqual(right) ? 0 : 1
  }
}

extension JSONValue {
  /// Whether two numbers, two lists or two objects are the same; nil for any other pair.
  fileprivate func isSame(as other: JSONValue) -> Bool? {
    switch (self, other) {
    case (.integer, .integer), (.integer, .number), (.number, .integer), (.number, .number):
      return decimal == other.decimal
    case (.array(let left), .array(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { $0.isEqual(to: $1) }
    case (.object(let left), .object(let right)):
      return left.count == right.count
        && left.members.allSatisfy { member in right[member.key].map { member.value.isEqual(to: $0) } ?? false }
    default: return nil
    }
  }

  /// Inside lists and objects types count: the text `1` isn't the number 1.
  private func isEqual(to other: JSONValue) -> Bool {
    if let same = isSame(as: other) { return same }
    switch (self, other) {
    case (.string(let left), .string(let right)): return left.utf8.elementsEqual(right.utf8)
    case (.bool(let left), .bool(let right)): return left == right
    case (.null, .null): return true
    default: return false
    }
  }
}
