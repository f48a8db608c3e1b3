/// A here-document whose text is still to come.
struct PendingHereDocument {
  /// The delimiter without its quotes.
  var delimiter: [UInt8]
  var isQuoted: Bool
  var stripsTabs: Bool
  /// Where the delimiter stands in the body, quotes included.
  var word: Range<Int>
  /// How many newlines are in it, which must stay for the sake of the lines behind it.
  var newlines: Int
  /// Whether the command that gets the text reads it as a script; nil until the command is known.
  var isReparsed: Bool?
  /// The variables that the command fills from the text; nil where commands inside it may read the text.
  var filled: [String]?
}

extension BashLexer {
  /// The word behind `<<`.
  mutating func readDelimiter(strippingTabs: Bool) {
    skipBlanks()
    guard !isAtEnd, !"\n;&|()<>".utf8.contains(current) else { return }
    let start = at
    let (outer, waiting) = (unrecorded, pending)
    unrecorded = 0
    _ = readWord(.command)
    let passed = unrecorded ?? 0
    (unrecorded, pending) = (outer, waiting)
    if passed > 0 {
      report(
        TextFault(
          .warning, code: "unreadReference",
          message: "the word behind `<<` is plain text, and so is the reference in it",
          range: start..<at))
    }
    let word = BashDelimiter(text.bytes[start..<at])
    pending.append(
      PendingHereDocument(
        delimiter: word.text, isQuoted: word.isQuoted, stripsTabs: strippingTabs, word: text.origin(of: start..<at),
        newlines: newlines(in: start..<at)))
  }

  /// Reads the texts of the here-documents that wait for the line that starts here.
  mutating func readHereDocuments() {
    let waiting = pending
    pending = []
    for document in waiting {
      let start = at
      let closing = findEnd(of: document)
      let body = start..<(closing?.line ?? at)
      let (outer, next) = (word, at)
      word = BashWord()
      if document.isQuoted {
        readQuoted(document, body, closing?.delimiter)
      } else {
        readExpanded(document, body)
      }
      if document.isReparsed == true { warnOfReparsing(word.references, by: "the command") }
      addInput(word.references, filling: document.filled)
      (word, at) = (outer, hasGivenUp ? end : next)
    }
    pending = []
  }

  /// Goes behind a here-document; where its last line and the delimiter in it start, or nil where there is none: then it
  /// goes on to the end of what is read.
  private mutating func findEnd(of document: PendingHereDocument) -> (line: Int, delimiter: Range<Int>)? {
    while !isAtEnd {
      let start = at
      if document.stripsTabs { while current == UInt8(ascii: "\t") { skip() } }
      let content = at
      let line = readLine(joining: !document.isQuoted)
      if line == document.delimiter { return (start, content..<max(content, at - (isBehindNewline ? 1 : 0))) }
      // Inside `$(…)` bash takes `EOF)` for an end as well, and goes on behind the delimiter.
      let rest = line.dropFirst(document.delimiter.count)
      if substitutions > 0, line.starts(with: document.delimiter), rest.contains(UInt8(ascii: ")")) {
        at = content + document.delimiter.count
        return (start, content..<at)
      }
    }
    return nil
  }

  private var isBehindNewline: Bool { at > 0 && text.bytes[at - 1] == UInt8(ascii: "\n") }

  /// Goes to the next line; what was left on this one, with the lines that backslashes join to it where they do.
  private mutating func readLine(joining: Bool) -> [UInt8] {
    var line: [UInt8] = []
    while !isAtEnd, current != UInt8(ascii: "\n") {
      if joining, current == UInt8(ascii: "\\") {
        if byte(at + 1) != UInt8(ascii: "\n") { line += text.bytes[at..<min(at + 2, end)] }
        skip(2)
      } else {
        line.append(current)
        skip()
      }
    }
    skip()
    return line
  }

  /// A text in which bash expands, without what it takes off first.
  private mutating func readExpanded(_ document: PendingHereDocument, _ body: Range<Int>) {
    let read: (inout BashLexer) -> Void = { lexer in
      while !lexer.isAtEnd { lexer.readQuotedByte(.hereDocument) }
    }
    let pairs = zip(text.bytes[body], text.bytes[body].dropFirst())
    let hasContinuation = pairs.contains { $0 == (UInt8(ascii: "\\"), UInt8(ascii: "\n")) }
    guard document.stripsTabs || hasContinuation else { return readApart(text, body, read) }
    var inner = BashText(within: text, addingBackquotes: 0)
    var next = body.lowerBound
    var isLineStart = true
    while next < body.upperBound {
      let follows = next + 1 < body.upperBound ? text.bytes[next + 1] : 0
      switch text.bytes[next] {
      case UInt8(ascii: "\t") where isLineStart && document.stripsTabs: next += 1
      case UInt8(ascii: "\\") where follows == UInt8(ascii: "\n"):
        isLineStart = false
        next += 2
      case UInt8(ascii: "\\") where follows != 0:
        isLineStart = false
        inner.append(UInt8(ascii: "\\"), from: next..<next + 1, of: text)
        inner.append(follows, from: next + 1..<next + 2, of: text)
        next += 2
      case let byte:
        isLineStart = byte == UInt8(ascii: "\n")
        inner.append(byte, from: next..<next + 1, of: text)
        next += 1
      }
    }
    readApart(inner, nil, read)
  }

  /// A text that bash leaves alone. Where it has references it must be expanded, and so the rest of it escaped.
  private mutating func readQuoted(_ document: PendingHereDocument, _ body: Range<Int>, _ closing: Range<Int>?) {
    let known = occurrences.count
    var specials: [Int] = []
    readApart(text, body) { lexer in
      var isEscaped = false
      while !lexer.isAtEnd {
        let byte = lexer.current
        if byte == UInt8(ascii: "$"), !isEscaped, lexer.readReference(.quotedHereDocument) { continue }
        if "$`\\".utf8.contains(byte) { specials.append(lexer.at) }
        isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        lexer.skip()
      }
    }
    guard occurrences.count > known else { return }
    let delimiter = document.plainDelimiter(for: text.bytes[body])
    let continuations = String(repeating: "\\\n", count: document.newlines)
    replacements.append(BashBody.Replacement(range: document.word, text: delimiter + continuations))
    let escape = String(repeating: "\\", count: 1 << text.backquotes)
    for special in specials {
      let place = text.origin(of: special..<special + 1).lowerBound
      replacements.append(BashBody.Replacement(range: place..<place, text: escape))
    }
    if let closing, !delimiter.utf8.elementsEqual(document.delimiter) {
      replacements.append(BashBody.Replacement(range: text.origin(of: closing), text: delimiter))
    }
  }
}

extension PendingHereDocument {
  /// A delimiter that needs no quotes: this one where it is plain, else a word that no line of the text can be.
  fileprivate func plainDelimiter(for text: ArraySlice<UInt8>) -> String {
    let isPlain = delimiter.allSatisfy { $0.isNamePart || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    if isPlain, delimiter.first?.isNamePart == true { return String(decoding: delimiter, as: UTF8.self) }
    var (run, longest) = (0, 0)
    for byte in text {
      run = byte == UInt8(ascii: "E") ? run + 1 : 0
      longest = max(longest, run)
    }
    return "ION_" + String(repeating: "E", count: longest + 1)
  }
}

/// The word behind `<<` without its quotes.
struct BashDelimiter {
  private(set) var text: [UInt8] = []
  /// Whether any of it is quoted: then the here-document's text is not expanded.
  private(set) var isQuoted = false

  init(_ word: ArraySlice<UInt8>) {
    var rest = word
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\\"):
        guard let escaped = rest.popFirst(), escaped != UInt8(ascii: "\n") else { break }
        isQuoted = true
        text.append(escaped)
      case UInt8(ascii: "$") where rest.first == UInt8(ascii: "'"):
        rest.removeFirst()
        readQuoted(&rest, until: UInt8(ascii: "'"), escapes: Self.escapes)
      case UInt8(ascii: "$") where rest.first == UInt8(ascii: "\""): break
      case UInt8(ascii: "'"): readQuoted(&rest, until: byte, escapes: [:])
      case UInt8(ascii: "\""):
        let same = Dictionary(uniqueKeysWithValues: "$`\"\\".utf8.map { ($0, $0) })
        readQuoted(&rest, until: byte, escapes: same)
      default: text.append(byte)
      }
    }
  }

  /// What backslashes mean in `$'…'`; numbers are left out, for a delimiter that nobody writes.
  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "n"): 10, UInt8(ascii: "t"): 9, UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12,
    UInt8(ascii: "v"): 11, UInt8(ascii: "r"): 13, UInt8(ascii: "e"): 27, UInt8(ascii: "\\"): 92, UInt8(ascii: "'"): 39,
    UInt8(ascii: "\""): 34, UInt8(ascii: "?"): 63,
  ]

  private mutating func readQuoted(_ rest: inout ArraySlice<UInt8>, until quote: UInt8, escapes: [UInt8: UInt8]) {
    isQuoted = true
    while let byte = rest.popFirst(), byte != quote {
      if byte == UInt8(ascii: "\\"), let next = rest.first, let meant = escapes[next] {
        rest.removeFirst()
        text.append(meant)
      } else {
        text.append(byte)
      }
    }
  }
}
