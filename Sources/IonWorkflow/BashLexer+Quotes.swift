/// The kinds of text in which a `$` is read.
enum BashQuoting {
  case bare
  case double
  case hereDocument
  case arithmetic

  /// What a reference that stands in it is recorded as.
  var position: BashBody.Position {
    switch self {
    case .bare: .bare
    case .double, .hereDocument: .doubleQuoted
    case .arithmetic: .arithmetic
    }
  }

  /// Whether single quotes inside its `${x:-…}` stand for themselves.
  var isDouble: Bool { self != .bare }
}

extension BashLexer {
  /// Reads on behind a backslash and the byte that it quotes.
  mutating func readEscape() {
    let escaped = byte(at + 1)
    if escaped != UInt8(ascii: "\n"), escaped != 0 {
      word.isQuoted = true
      word.append(escaped)
    }
    skip(2)
  }

  /// `'…'`, from its first quote.
  mutating func readSingleQuoted() {
    let (open, known) = (at, occurrences.count)
    word.isQuoted = true
    skip()
    // A backslash is text here, and yet keeps a dollar from being a reference, as everywhere.
    var isEscaped = false
    while !isAtEnd, current != UInt8(ascii: "'") {
      if current == UInt8(ascii: "$"), !isEscaped, readReference(.singleQuoted) { continue }
      isEscaped = current == UInt8(ascii: "\\") && !isEscaped
      word.append(current)
      skip()
    }
    close(open, known, "this single quote")
  }

  /// `$'…'`, from its dollar.
  mutating func readDollarQuoted() {
    let (open, known) = (at, occurrences.count)
    word.isQuoted = true
    at = after(at)
    skip()
    while !isAtEnd, current != UInt8(ascii: "'") {
      if current == UInt8(ascii: "$"), readReference(.dollarQuoted) { continue }
      if current == UInt8(ascii: "\\") {
        word.appendExpansion()
        skip(2)
      } else {
        word.append(current)
        skip()
      }
    }
    close(open, known, "this single quote")
  }

  /// `"…"`, from its first quote.
  mutating func readDoubleQuoted() {
    let (open, known) = (at, occurrences.count)
    word.isQuoted = true
    skip()
    nested { lexer in
      while !lexer.isAtEnd, lexer.current != UInt8(ascii: "\"") { lexer.readQuotedByte(.double) }
    }
    close(open, known, "this double quote")
  }

  /// One step of text in which only backslashes, dollars and backquotes mean something.
  mutating func readQuotedByte(_ quoting: BashQuoting) {
    switch current {
    case UInt8(ascii: "\\"): readEscape()
    case UInt8(ascii: "$"): readDollar(quoting)
    case UInt8(ascii: "`"): readBackquoted(quoting)
    default:
      word.append(current)
      skip()
    }
  }

  /// Quotes that hide what would end the text around them, while bash goes on expanding inside: those in arithmetic, and
  /// those in a `${x:-…}` that is itself quoted. With escapes, a backslash keeps a quote from ending them.
  mutating func readHidingQuotes(_ quoting: BashQuoting, withEscapes: Bool = false) {
    let (open, known, quote) = (at, occurrences.count, current)
    skip()
    nested { lexer in
      while !lexer.isAtEnd, lexer.current != quote {
        if lexer.current == UInt8(ascii: "\\"), quote == UInt8(ascii: "'"), !withEscapes,
          lexer.byte(lexer.at + 1) == quote
        {
          lexer.skip()
        } else {
          lexer.readQuotedByte(quoting)
        }
      }
    }
    close(open, known, "this quote")
  }

  /// `` `…` ``, from its first quote.
  mutating func readBackquoted(_ quoting: BashQuoting) {
    guard text.backquotes < Self.backquoteLimit else { return giveUp() }
    let (open, known) = (at, occurrences.count)
    word.appendExpansion()
    var inner = BashText(within: text, addingBackquotes: 1)
    skip()
    while !isAtEnd, current != UInt8(ascii: "`") {
      guard current == UInt8(ascii: "\\"), at + 1 < end else {
        inner.append(current, from: at..<at + 1, of: text)
        skip()
        continue
      }
      let escaped = byte(at + 1)
      switch escaped {
      case UInt8(ascii: "\n"): break
      case UInt8(ascii: "\\"), UInt8(ascii: "$"), UInt8(ascii: "`"): inner.append(escaped, from: at..<at + 2, of: text)
      case UInt8(ascii: "\"") where quoting == .double: inner.append(escaped, from: at..<at + 2, of: text)
      default:
        inner.append(current, from: at..<at + 1, of: text)
        inner.append(escaped, from: at + 1..<at + 2, of: text)
      }
      skip(2)
    }
    readSubstituted { lexer in
      lexer.readApart(inner, nil) { $0.readCommands(until: .end) }
      lexer.pending = []
    }
    close(open, known, "this backquote")
  }

  /// Goes behind a closing quote, or says that there is none.
  mutating func close(_ open: Int, _ known: Int, _ what: String) {
    if isAtEnd { reportUnterminated(what, from: open, known: known) } else { skip() }
  }
}
