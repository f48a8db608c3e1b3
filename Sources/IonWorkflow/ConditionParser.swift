import IonJSON

extension Condition {
  /// How deep parentheses and lists may be nested.
  public static let maximumDepth = 64

  /// Reads the text of a `when`.
  /// - Returns: The condition, and where its references stand in the text.
  /// - Throws: The first `TextFault`, always an error: what can't be read where, and what was probably meant. A condition
  ///   that could never be evaluated is refused too: a bare text or status, `in` a number, an unknown status word.
  public static func parse(
    _ text: String
  ) throws(TextFault) -> (condition: Condition, references: [PlacedReference]) {
    var parser = try ConditionParser(text)
    let condition = try parser.condition()
    return (condition, parser.references)
  }
}

/// Recursive descent over a condition's tokens, one token ahead.
private struct ConditionParser {
  private var lexer: ConditionLexer
  private var token: ConditionToken
  private(set) var references: [PlacedReference] = []
  /// The opening parentheses and brackets that aren't closed yet.
  private var opened: [Range<Int>] = []

  init(_ text: String) throws(TextFault) {
    lexer = ConditionLexer(text)
    token = try lexer.token()
  }

  mutating func condition() throws(TextFault) -> Condition {
    let condition = try alternatives()
    guard token.kind == .end else { throw misplaced() }
    return condition
  }

  private mutating func alternatives() throws(TextFault) -> Condition {
    var parts = [try conjunction()]
    while token.kind == .or {
      try advance()
      parts.append(try conjunction())
    }
    return parts.count == 1 ? parts[0] : .or(parts)
  }

  private mutating func conjunction() throws(TextFault) -> Condition {
    var parts = [try negatable()]
    while token.kind == .and {
      try advance()
      parts.append(try negatable())
    }
    return parts.count == 1 ? parts[0] : .and(parts)
  }

  private mutating func negatable() throws(TextFault) -> Condition {
    guard token.kind == .not else { return try atom() }
    try advance()
    if token.kind == .not { throw lexer.fault(token.range, "one `!` is enough") }
    return .not(try atom())
  }

  private mutating func atom() throws(TextFault) -> Condition {
    guard token.kind == .open else { return try comparison() }
    try open()
    let inner = try alternatives()
    guard token.kind == .close else { throw misplaced() }
    try close()
    return inner
  }

  private mutating func comparison() throws(TextFault) -> Condition {
    let start = token.range.lowerBound
    let left = try operand()
    guard case .comparison(let comparison) = token.kind else {
      try checkBare(left, start..<token.range.lowerBound)
      return .operand(left)
    }
    let sign = token.range
    try advance()
    let rightStart = token.range
    let right = try operand()
    if case .comparison = token.kind {
      throw lexer.fault(token.range, "a comparison can't be compared again", hint: "join two comparisons with `&&`")
    }
    try check(left, comparison, right, sign: sign, leftStart: start, rightStart: rightStart.lowerBound)
    return .comparison(left, comparison, right)
  }

  private mutating func operand() throws(TextFault) -> Condition.Operand {
    switch token.kind {
    case .reference(let reference):
      references.append(PlacedReference(reference, range: token.range))
      try advance()
      return .reference(reference)
    case .literal(let value):
      try advance()
      return .literal(value)
    case .openList: return .list(try list())
    case .comparison, .and, .or, .not, .open, .close, .closeList, .comma, .end: throw missingOperand()
    }
  }

  private mutating func list() throws(TextFault) -> [Condition.Operand] {
    try open()
    var members: [Condition.Operand] = []
    while token.kind != .closeList || !members.isEmpty {
      members.append(try operand())
      if token.kind == .closeList { break }
      guard token.kind == .comma else { throw misplaced() }
      try advance()
    }
    try close()
    return members
  }

  private mutating func advance() throws(TextFault) { token = try lexer.token() }

  private mutating func open() throws(TextFault) {
    guard opened.count < Condition.maximumDepth else {
      throw lexer.fault(token.range, "the condition is nested deeper than \(Condition.maximumDepth) levels")
    }
    opened.append(token.range)
    try advance()
  }

  private mutating func close() throws(TextFault) {
    opened.removeLast()
    try advance()
  }
}

// MARK: - Faults

extension ConditionParser {
  private func missingOperand() -> TextFault {
    let hint = "write a reference, a quoted text, a number, true, false, null or a list"
    guard token.kind == .end else {
      return lexer.fault(token.range, "a value is missing before `\(lexer.text(token.range))`", hint: hint)
    }
    let isEmpty = lexer.bytes.allSatisfy { $0 <= 0x20 }
    return lexer.fault(token.range, isEmpty ? "the condition is empty" : "a value is missing at the end", hint: hint)
  }

  /// The token can't stand where an expression or an element of a list has ended.
  private func misplaced() -> TextFault {
    if let unclosed = opened.last, token.kind == .end {
      let bracket = lexer.text(unclosed)
      return lexer.fault(unclosed, "this `\(bracket)` is never closed", hint: "add a `\(bracket == "(" ? ")" : "]")`")
    }
    let text = lexer.text(token.range)
    switch token.kind {
    case .close, .closeList:
      return lexer.fault(token.range, "`\(text)` closes nothing that is open here")
    case .reference, .literal, .open, .openList, .not:
      return lexer.fault(
        token.range, "an operator is missing before `\(text)`", hint: "join two conditions with `&&` or `||`")
    case .comma: return lexer.fault(token.range, "a comma stands only in a list", hint: "join two conditions with `&&`")
    case .comparison, .and, .or, .end: return lexer.fault(token.range, "`\(text)` can't stand here")
    }
  }

  private func checkBare(_ operand: Condition.Operand, _ stretch: Range<Int>) throws(TextFault) {
    let text = lexer.text(stretch).trimmingBlanks
    let range = stretch.lowerBound..<stretch.lowerBound + text.utf8.count
    switch operand {
    case .literal(.bool): return
    case .literal, .list:
      throw lexer.fault(range, "`\(text)` alone is neither true nor false", hint: "compare it with something")
    case .reference(let reference):
      switch reference.root {
      case .output, .loopPrevious, .input, .boundInput, .matrix: return
      case .status:
        throw lexer.fault(
          range, "a status is text, neither true nor false", hint: "write `\(text) == 'succeeded'`, say")
      case .variable:
        throw lexer.fault(range, "`\(text)` is text, neither true nor false", hint: "write `\(text) != ''`, say")
      }
    }
  }

  private func check(
    _ left: Condition.Operand, _ comparison: Condition.Comparison, _ right: Condition.Operand, sign: Range<Int>,
    leftStart: Int, rightStart: Int
  ) throws(TextFault) {
    switch comparison {
    case .equal, .notEqual:
      try checkStatus(left, right, rightStart..<token.range.lowerBound)
      try checkStatus(right, left, leftStart..<sign.lowerBound)
    case .isIn:
      try checkContainer(right, "`in` needs a list, a text or a reference behind it", sign)
      try checkStatus(left, right, rightStart..<token.range.lowerBound)
    case .contains:
      try checkContainer(left, "`contains` needs a list, a text or a reference before it", sign)
      try checkStatus(right, left, leftStart..<sign.lowerBound)
    case .less, .lessOrEqual, .greater, .greaterOrEqual: return
    }
  }

  private func checkContainer(
    _ operand: Condition.Operand, _ message: String, _ sign: Range<Int>
  ) throws(TextFault) {
    switch operand {
    case .list, .reference, .literal(.string): return
    case .literal: throw lexer.fault(sign, message)
    }
  }

  /// Refuses a text that no status has, where a status is compared with it: `$x.status == 'success'` would never hold.
  private func checkStatus(
    _ operand: Condition.Operand, _ other: Condition.Operand, _ stretch: Range<Int>
  ) throws(TextFault) {
    guard case .reference(let reference) = operand, case .status = reference.root else { return }
    let words: [JSONValue] =
      switch other {
      case .literal(let value): [value]
      case .list(let members): members.compactMap { if case .literal(let value) = $0 { value } else { nil } }
      case .reference: []
      }
    for case .string(let word) in words where NodeStatus(rawValue: word) == nil {
      let text = lexer.text(stretch).trimmingBlanks
      let statuses = NodeStatus.allCases.filter(\.isSettled).map(\.rawValue)
      throw lexer.fault(
        stretch.lowerBound..<stretch.lowerBound + text.utf8.count, "`\(word)` is no status",
        hint: Spelling.hint(for: word, among: statuses) ?? "a status is \(statuses.joined(separator: ", "))")
    }
  }
}

extension String {
  /// The text without the white space at its end.
  fileprivate var trimmingBlanks: String {
    let kept = utf8.reversed().drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return String(decoding: kept.reversed(), as: UTF8.self)
  }
}
