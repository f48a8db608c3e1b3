import IonJSON

/// One word of a condition, and where it stands.
struct ConditionToken {
  enum Kind: Equatable {
    case reference(Reference)
    case literal(JSONValue)
    case comparison(Condition.Comparison)
    case and, or, not
    case open, close, openList, closeList, comma
    case end
  }

  var kind: Kind
  var range: Range<Int>
}

/// Splits a condition into tokens, one at a time. What can't be one is a fault that says what was probably meant.
struct ConditionLexer {
  let bytes: [UInt8]
  private var next = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func token() throws(TextFault) -> ConditionToken {
    while next < bytes.count, bytes[next].isBlank { next += 1 }
    guard next < bytes.count else { return ConditionToken(kind: .end, range: next..<next) }
    switch bytes[next] {
    case UInt8(ascii: "$"): return try reference()
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return try quoted()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case let byte where byte.isASCIILetter || byte == UInt8(ascii: "_"): return try word()
    default: return try symbol()
    }
  }

  /// The text of a stretch.
  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private mutating func take(_ kind: ConditionToken.Kind, upTo end: Int) -> ConditionToken {
    let token = ConditionToken(kind: kind, range: next..<end)
    next = end
    return token
  }

  private mutating func quoted() throws(TextFault) -> ConditionToken {
    let quoted = try QuotedText.read(bytes, at: next)
    return take(.literal(.string(quoted.text)), upTo: quoted.end)
  }

  private mutating func number() throws(TextFault) -> ConditionToken {
    let end = bytes[next...].firstIndex { !($0.isNamePart || [0x2B, 0x2D, 0x2E].contains($0)) } ?? bytes.count
    guard let value = JSONValue(decimal: text(next..<end)) else {
      throw fault(
        next..<end, "`\(text(next..<end))` is no number",
        hint: "a number is written as in JSON, without leading zeros or a plus; put text in quotes")
    }
    return take(.literal(value), upTo: end)
  }

  private mutating func symbol() throws(TextFault) -> ConditionToken {
    let run = text(next..<(bytes[next...].firstIndex { !Self.signs.contains($0) } ?? bytes.count))
    let foreign = Self.foreignSigns.first { run.hasPrefix($0.0) }
    let symbol = Self.symbols.first { bytes[next...].starts(with: $0.0.utf8) }
    // `==` starts with a foreign `=`, and a foreign `===` with `==`: the longer one was meant.
    if let symbol, symbol.0.utf8.count >= foreign?.0.utf8.count ?? 0 {
      return take(symbol.1, upTo: next + symbol.0.utf8.count)
    }
    if let foreign {
      let range = next..<next + foreign.0.utf8.count
      throw fault(range, "`\(foreign.0)` is no operator here", hint: "did you mean `\(foreign.1)`?")
    }
    let character = String(String(decoding: bytes[next...].prefix(4), as: UTF8.self).unicodeScalars.prefix(1))
    throw fault(
      next..<next + character.utf8.count, "`\(character)` has no meaning in a condition",
      hint: ["‘", "’", "“", "”"].contains(character) ? "use straight quotes: '…'" : nil)
  }

  private static let signs = Set("=<>&|~!".utf8)

  private static let symbols: [(String, ConditionToken.Kind)] = [
    ("==", .comparison(.equal)), ("!=", .comparison(.notEqual)), ("<=", .comparison(.lessOrEqual)),
    (">=", .comparison(.greaterOrEqual)), ("<", .comparison(.less)), (">", .comparison(.greater)), ("&&", .and),
    ("||", .or), ("!", .not), ("(", .open), (")", .close), ("[", .openList), ("]", .closeList), (",", .comma),
  ]

  /// What other languages write, longest first, and what it is here.
  private static let foreignSigns: [(String, String)] = [
    ("===", "=="), ("!==", "!="), ("=>", ">="), ("=<", "<="), ("<>", "!="), ("=~", "contains"),
    ("!~", "!(… contains …)"),
    ("~", "contains"), ("=", "=="), ("&", "&&"), ("|", "||"),
  ]

  /// A fault of the condition's grammar.
  func fault(_ range: Range<Int>, _ message: String, hint: String? = nil) -> TextFault {
    TextFault(.error, code: "badCondition", message: message, range: range, hint: hint)
  }
}

// MARK: - References and words

extension ConditionLexer {
  private mutating func reference() throws(TextFault) -> ConditionToken {
    guard let match = ReferenceScanner.scan(bytes, at: next, includingVariables: true) else { throw noReference() }
    if var fault = match.fault {
      fault.severity = .error
      throw fault
    }
    try checkEnd(of: match)
    return take(.reference(match.reference), upTo: match.end)
  }

  /// A reference ends at a blank, a bracket or a sign: `$x.output.a-b` would else be read as something it isn't.
  private func checkEnd(of match: ReferenceScanner.Match) throws(TextFault) {
    guard match.end < bytes.count, [UInt8(ascii: "-"), UInt8(ascii: ".")].contains(bytes[match.end]) else { return }
    let rest = bytes[match.end...].prefix { $0.isNamePart || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    let hint: String? =
      switch (match.reference.path.last, bytes[match.end]) {
      case (.field(let name), UInt8(ascii: "-")):
        "a field with a hyphen is written [\"\(name)\(String(decoding: rest, as: UTF8.self))\"]"
      case (_, UInt8(ascii: ".")) where match.reference.canHavePath: "a field is a name, and an index is written [0]"
      default: nil
      }
    throw fault(
      match.end..<rest.endIndex, "`\(text(match.end..<rest.endIndex))` can't follow `\(match.reference)`", hint: hint)
  }

  private func noReference() -> TextFault {
    if let miss = ReferenceScanner.nearMiss(bytes, at: next) {
      return fault(miss.range, "`\(text(miss.range))` is no reference", hint: miss.hint)
    }
    guard let name = ReferenceScanner.name(bytes, at: next + 1, hyphens: true) else {
      return fault(next..<next + 1, "a name is missing behind the `$`", hint: "write `$id.output`, say")
    }
    let word = text(name)
    let near = Spelling.nearest(to: word, among: Variable.allCases.map(\.rawValue)).first
    return fault(
      next..<name.upperBound, "`$\(word)` is no reference",
      hint: near.map { "did you mean `$\($0)`?" } ?? "did you mean `$\(word).output`?")
  }

  private mutating func word() throws(TextFault) -> ConditionToken {
    let end = bytes[next...].firstIndex { !($0.isNamePart || $0 == 0x2D || $0 == 0x2E) } ?? bytes.count
    switch text(next..<end) {
    case "true": return take(.literal(true), upTo: end)
    case "false": return take(.literal(false), upTo: end)
    case "null": return take(.literal(nil), upTo: end)
    case "in": return take(.comparison(.isIn), upTo: end)
    case "contains": return take(.comparison(.contains), upTo: end)
    case let word:
      throw fault(next..<end, "`\(word)` is neither a reference nor a quoted text", hint: Self.meant(by: word))
    }
  }

  private static func meant(by word: String) -> String {
    if Reference.parse("$" + word) != nil { return "did you mean `$\(word)`?" }
    switch word.lowercased() {
    case "and": return "did you mean `&&`?"
    case "or": return "did you mean `||`?"
    case "not": return "did you mean `!`?"
    case "is", "eq", "equals": return "did you mean `==`?"
    case "ne", "neq": return "did you mean `!=`?"
    case "none", "nil", "undefined": return "did you mean `null`?"
    case "true", "false", "null", "in", "contains": return "did you mean `\(word.lowercased())`?"
    default: return "put text in quotes: '\(word)'"
    }
  }
}

extension Reference {
  /// Whether fields and indices may follow the root.
  var canHavePath: Bool {
    switch root {
    case .output, .loopPrevious: true
    case .status, .input, .boundInput, .matrix, .variable: false
    }
  }
}

extension UInt8 {
  /// White space of a condition.
  fileprivate var isBlank: Bool { [0x20, 0x09, 0x0A, 0x0D].contains(self) }
}
