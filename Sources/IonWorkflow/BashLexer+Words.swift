/// What a word is part of, and so what ends it.
enum BashWordPlace {
  /// A command, with a subscript or a list where it assigns.
  case assignment
  case command
  /// The list of an array assignment.
  case element
  /// `[[ … ]]`, where parentheses group.
  case conditional
  /// The right side of `==`, where they are part of patterns.
  case pattern
  /// The right side of `=~`.
  case regularExpression
}

extension BashLexer {
  /// Reads one word, and at least one byte.
  mutating func readWord(_ place: BashWordPlace) -> BashWord {
    let outer = word
    word = BashWord()
    defer { word = outer }
    let start = at
    if place == .element, current == UInt8(ascii: "[") { readAssignedSubscript() }
    var mayAssign = place == .assignment || place == .command
    while !isAtEnd {
      if mayAssign, !current.isNamePart, after(at - 1) == at {
        mayAssign = readAssignment(place)
        continue
      }
      if !readWordByte(place) { break }
    }
    if at == start { skip() }
    return word
  }

  /// What may follow a name at the start of a word: a subscript, or `=(`. False once the word goes on as any other.
  private mutating func readAssignment(_ place: BashWordPlace) -> Bool {
    guard let first = word.skeleton.first, !first.isASCIIDigit, !word.isQuoted,
      word.skeleton.allSatisfy(\.isNamePart)
    else { return false }
    if current == UInt8(ascii: "["), place == .assignment { readAssignedSubscript() }
    var equals = at
    if byte(equals) == UInt8(ascii: "+") { equals = after(equals) }
    guard byte(equals) == UInt8(ascii: "=") else { return false }
    let list = after(equals)
    at = equals
    skip()
    word.append(UInt8(ascii: "="))
    word.valueOffset = word.skeleton.count
    guard byte(list) == UInt8(ascii: "(") else { return false }
    at = list + 1
    readList()
    return false
  }

  /// `[…]` at the start of an assignment. Where no `=` follows it is a pattern like any other, and its references words.
  private mutating func readAssignedSubscript() {
    let first = word.marks.count
    word.append(current)
    skip()
    readSubscript()
    let next = current == UInt8(ascii: "+") ? byte(after(at)) : current
    if next == UInt8(ascii: "=") { return }
    for (_, occurrence) in word.marks[first...] {
      occurrences[occurrence].rule = .anyText
      if occurrences[occurrence].position == .arithmetic { occurrences[occurrence].position = .bare }
    }
  }

  /// The list of an array assignment, from behind its parenthesis to behind the closing one.
  private mutating func readList() {
    let (open, known) = (at - 1, occurrences.count)
    var elements: [Int] = []
    var isClosed = false
    nested { lexer in
      while !lexer.isAtEnd, !isClosed {
        switch lexer.current {
        case UInt8(ascii: ")"):
          isClosed = true
          lexer.skip()
        case UInt8(ascii: "\n"):
          lexer.skip()
          lexer.readHereDocuments()
        case UInt8(ascii: "#"): lexer.skipComment()
        case UInt8(ascii: " "), UInt8(ascii: "\t"): lexer.skip()
        default: elements += lexer.readWord(.element).references
        }
      }
    }
    word.isCompound = true
    word.elements += elements
    if !isClosed { reportUnterminated("this list", from: open, known: known) }
  }

  /// One step of a word; false where it ends.
  private mutating func readWordByte(_ place: BashWordPlace) -> Bool {
    switch current {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: ";"), UInt8(ascii: "&"),
      UInt8(ascii: ")"):
      return false
    case UInt8(ascii: "|"):
      guard place == .regularExpression else { return false }
      word.append(current)
      skip()
    case UInt8(ascii: "<"), UInt8(ascii: ">"):
      guard byte(after(at)) == UInt8(ascii: "(") else { return false }
      readProcessSubstitution()
    case UInt8(ascii: "("):
      guard place == .regularExpression || (place != .conditional && isBehindPatternOperator) else { return false }
      readGroup()
    case UInt8(ascii: "'"): readSingleQuoted()
    case UInt8(ascii: "\""): readDoubleQuoted()
    default: readQuotedByte(.bare)
    }
    return true
  }

  /// Whether the byte before starts `@(…)` or its kin.
  private var isBehindPatternOperator: Bool {
    guard let last = word.skeleton.last, at > 0, text.bytes[at - 1] == last else { return false }
    return "?*+@!".utf8.contains(last)
  }

  /// `(…)` of a pattern or a regular expression.
  private mutating func readGroup() {
    let (open, known) = (at, occurrences.count)
    word.append(current)
    skip()
    var isClosed = false
    nested { lexer in
      while !lexer.isAtEnd, !isClosed {
        switch lexer.current {
        case UInt8(ascii: ")"):
          isClosed = true
          lexer.word.append(lexer.current)
          lexer.skip()
        case UInt8(ascii: "("): lexer.readGroup()
        case UInt8(ascii: "'"): lexer.readSingleQuoted()
        case UInt8(ascii: "\""): lexer.readDoubleQuoted()
        default: lexer.readQuotedByte(.bare)
        }
      }
    }
    if !isClosed { reportUnterminated("this parenthesis", from: open, known: known) }
  }

  mutating func skipComment() {
    while !isAtEnd, current != UInt8(ascii: "\n") { skip() }
  }
}
