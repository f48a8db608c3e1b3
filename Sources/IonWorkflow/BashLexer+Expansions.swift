extension BashLexer {
  /// What a `$` starts, from the dollar.
  mutating func readDollar(_ quoting: BashQuoting) {
    let next = after(at)
    switch byte(next) {
    case UInt8(ascii: "("): readParenthesized(next)
    case UInt8(ascii: "{"): readBraces(next, quoting)
    case UInt8(ascii: "["):
      word.appendExpansion()
      at = next + 1
      readArithmetic(until: UInt8(ascii: "]"))
    case UInt8(ascii: "'") where quoting == .bare: readDollarQuoted()
    case UInt8(ascii: "\"") where quoting == .bare:
      at = next
      readDoubleQuoted()
    default:
      if !readReference(quoting.position) { readVariable() }
    }
  }

  /// A plain variable, `$$` and its kin, or a dollar that stands for itself.
  private mutating func readVariable() {
    if let fault = ReferenceScanner.nearMiss(text.bytes, at: at) { report(fault) }
    skip()
    if current.isNamePart, !current.isASCIIDigit {
      word.appendExpansion()
      while current.isNamePart { skip() }
    } else if current.isASCIIDigit || current.isSpecialParameter {
      word.appendExpansion()
      skip()
    } else {
      word.append(UInt8(ascii: "$"))
    }
  }

  /// `$((…))` or `$(…)`.
  private mutating func readParenthesized(_ parenthesis: Int) {
    let (open, known) = (at, occurrences.count)
    word.appendExpansion()
    let second = after(parenthesis)
    if byte(second) == UInt8(ascii: "("), readDoubleParentheses(from: second + 1) { return }
    at = parenthesis + 1
    readSubstitution(open, known)
  }

  /// `$(…)`, `<(…)` or `>(…)`, from behind its parenthesis.
  mutating func readSubstitution(_ open: Int, _ known: Int) {
    var isClosed = false
    readSubstituted { lexer in
      lexer.substitutions += 1
      isClosed = lexer.readCommands(until: .parenthesis)
      lexer.substitutions -= 1
    }
    if !isClosed { reportUnterminated("this substitution", from: open, known: known) }
  }

  /// `((…))` from behind its parentheses, or false where no `))` ends it: then nothing is read.
  mutating func readDoubleParentheses(from start: Int) -> Bool {
    let place = text.origin(of: start - 1..<start).lowerBound
    if notArithmetic.contains(place) { return false }
    let before = Checkpoint(of: self)
    at = start
    if readArithmetic(until: UInt8(ascii: ")")) || hasGivenUp { return true }
    notArithmetic.insert(place)
    before.restore(&self)
    return false
  }

  /// An expression up to its closing byte, `))` for a parenthesis; false where it doesn't end like that.
  @discardableResult
  mutating func readArithmetic(until closer: UInt8) -> Bool {
    let (open, known) = (at, occurrences.count)
    var isClosed = false
    nested { isClosed = $0.readExpression(until: closer) }
    if !isClosed, isAtEnd, closer != UInt8(ascii: ")") {
      reportUnterminated("this expression", from: open - 1, known: known)
    }
    return isClosed
  }

  private mutating func readExpression(until closer: UInt8) -> Bool {
    var level = 0
    let opener: UInt8? =
      switch closer {
      case UInt8(ascii: ")"): UInt8(ascii: "(")
      case UInt8(ascii: "]"): UInt8(ascii: "[")
      default: nil
      }
    while !isAtEnd {
      switch current {
      case closer where level == 0:
        let second = after(at)
        if closer == UInt8(ascii: ")"), byte(second) != closer { return false }
        at = closer == UInt8(ascii: ")") ? second : at
        skip()
        return true
      case closer:
        level -= 1
        skip()
      case opener:
        level += 1
        skip()
      case UInt8(ascii: "'"), UInt8(ascii: "\""): readHidingQuotes(.arithmetic)
      default: readQuotedByte(.arithmetic)
      }
    }
    return false
  }

  // MARK: ${…}

  private mutating func readBraces(_ brace: Int, _ quoting: BashQuoting) {
    let (open, known) = (at, occurrences.count)
    word.appendExpansion()
    at = brace + 1
    var isClosed = false
    if [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "|")].contains(current) {
      readSubstituted { isClosed = $0.readCommands(until: .brace) }
    } else {
      nested { lexer in
        let name = lexer.readParameter()
        isClosed = lexer.readOperator(quoting, of: name)
      }
    }
    if !isClosed { reportUnterminated("this `${`", from: open, known: known) }
  }

  /// The parameter's name and subscript; the name, empty where the parameter is bash's own.
  private mutating func readParameter() -> String {
    if current == UInt8(ascii: "#") || current == UInt8(ascii: "!") {
      let next = byte(at + 1)
      if next.isNamePart || (next.isSpecialParameter && byte(at + 2) == UInt8(ascii: "}")) { skip() }
    }
    let start = at
    if current.isSpecialParameter { skip() } else { while current.isNamePart { skip() } }
    let name = text.bytes[start..<at].prefix(while: \.isNamePart)
    if current == UInt8(ascii: "[") {
      skip()
      readSubscript()
    }
    return String(decoding: name, as: UTF8.self)
  }

  /// What stands behind the name, up to the brace.
  private mutating func readOperator(_ quoting: BashQuoting, of name: String) -> Bool {
    switch current {
    case UInt8(ascii: ":") where !"-=?+".utf8.contains(byte(at + 1)):
      skip()
      return readExpression(until: UInt8(ascii: "}"))
    case UInt8(ascii: "#"), UInt8(ascii: "%"), UInt8(ascii: "/"), UInt8(ascii: "^"), UInt8(ascii: ","),
      UInt8(ascii: "~"):
      // Patterns and replacements are quoted anew, whatever stands around the braces: so the value means itself.
      return readBracedWord(.bare)
    default:
      let assigns = byte(current == UInt8(ascii: ":") ? at + 1 : at) == UInt8(ascii: "=")
      let first = word.marks.count
      let isClosed = readBracedWord(quoting)
      if assigns { names.addAssignment(to: name, word.marks[first...].map(\.occurrence)) }
      return isClosed
    }
  }

  private mutating func readBracedWord(_ quoting: BashQuoting) -> Bool {
    while !isAtEnd {
      switch current {
      case UInt8(ascii: "}"):
        skip()
        return true
      case UInt8(ascii: "'") where quoting.isDouble: readHidingQuotes(quoting)
      case UInt8(ascii: "'"): readSingleQuoted()
      case UInt8(ascii: "\"") where quoting == .arithmetic: readHidingQuotes(quoting)
      case UInt8(ascii: "\""): readDoubleQuoted()
      case UInt8(ascii: "$") where quoting == .double && byte(at + 1) == UInt8(ascii: "'"):
        skip()
        readHidingQuotes(quoting, withEscapes: true)
      default: readQuotedByte(quoting)
      }
    }
    return false
  }

  /// A subscript from behind its bracket to behind the closing one. Bash computes it, so what stands in it is a number.
  @discardableResult
  mutating func readSubscript() -> Bool {
    let first = word.marks.count
    var level = 0
    var isClosed = false
    nested { lexer in
      while !lexer.isAtEnd, !isClosed {
        switch lexer.current {
        case UInt8(ascii: "]"):
          isClosed = level == 0
          level -= 1
          lexer.word.append(lexer.current)
          lexer.skip()
        case UInt8(ascii: "["):
          level += 1
          lexer.word.append(lexer.current)
          lexer.skip()
        case UInt8(ascii: "'"): lexer.readSingleQuoted()
        case UInt8(ascii: "\""): lexer.readDoubleQuoted()
        default: lexer.readQuotedByte(.arithmetic)
        }
      }
    }
    require(.integer, word.marks[first...].map(\.occurrence))
    return isClosed
  }

  /// `<(…)` or `>(…)`, from its first byte.
  mutating func readProcessSubstitution() {
    let (open, known) = (at, occurrences.count)
    word.appendExpansion()
    at = after(at) + 1
    readSubstitution(open, known)
  }
}

extension UInt8 {
  /// Whether the byte names a parameter of bash's own, as in `$?`.
  fileprivate var isSpecialParameter: Bool { "@*#?-$!".utf8.contains(self) }
}

/// What the lexer goes back to where `((` is no arithmetic: how much there was of everything that only grows.
private struct Checkpoint {
  private let at, occurrences, replacements, faults, pending: Int
  private let hasUnterminated: Bool
  private let word: BashWord.Length
  private let names: BashNames.Length

  init(of lexer: BashLexer) {
    at = lexer.at
    occurrences = lexer.occurrences.count
    replacements = lexer.replacements.count
    faults = lexer.faults.count
    pending = lexer.pending.count
    hasUnterminated = lexer.hasUnterminated
    word = lexer.word.length
    names = lexer.names.length
  }

  func restore(_ lexer: inout BashLexer) {
    lexer.at = at
    lexer.occurrences.removeSubrange(occurrences...)
    lexer.replacements.removeSubrange(replacements...)
    lexer.faults.removeSubrange(faults...)
    lexer.pending.removeSubrange(pending...)
    lexer.hasUnterminated = hasUnterminated
    lexer.word.cut(to: word)
    lexer.names.cut(to: names)
  }
}
