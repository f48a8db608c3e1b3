/// What ends a list of commands.
enum BashCloser {
  case end
  case parenthesis
  /// The `}` of `${ …; }`.
  case brace
}

/// Where the lexer stands in a list of commands.
private struct BashCommandList {
  enum Case {
    case subject, beforeIn, pattern, commands
  }

  enum Head {
    /// Behind `for` or `select`, and behind the name.
    case name, beforeIn
    case functionName
  }

  var command = BashCommand()
  /// The `case`s that are open, innermost last.
  var cases: [Case] = []
  var head: Head?
  /// The name that `for` or `select` assigns to, until its words are read.
  var loopName: String?
  /// Whether a pattern of a `case` has begun, so that `esac` is a pattern.
  var hasPattern = false
  /// How many `{` are open.
  var braces = 0
  /// Whether `coproc` stands in front: then a name may come before the command.
  var isCoprocess = false
  /// The first here-document that belongs to the command.
  var firstPending: Int
}

extension BashLexer {
  /// Reads commands up to what closes them, and goes behind it; false where it is missing.
  @discardableResult
  mutating func readCommands(until closer: BashCloser) -> Bool {
    var list = BashCommandList(firstPending: pending.count)
    while !isAtEnd {
      switch current {
      case UInt8(ascii: " "), UInt8(ascii: "\t"): skip()
      case UInt8(ascii: "\\") where byte(at + 1) == UInt8(ascii: "\n"): skip(2)
      case UInt8(ascii: "#"): skipComment()
      case UInt8(ascii: "\n"):
        finish(&list)
        skip()
        readHereDocuments()
        list.firstPending = 0
      case UInt8(ascii: ";"): readSemicolon(&list)
      case UInt8(ascii: "&"), UInt8(ascii: "|"): readConnective(&list)
      case UInt8(ascii: "("): readOpen(&list)
      case UInt8(ascii: ")"):
        let isPattern = list.cases.last == .pattern
        finish(&list)
        skip()
        if isPattern {
          list.cases[list.cases.count - 1] = .commands
        } else if closer == .parenthesis {
          return true
        }
      case UInt8(ascii: "<"), UInt8(ascii: ">"):
        if byte(after(at)) == UInt8(ascii: "(") { readCommandWord(&list) } else { readRedirection(&list) }
      default:
        readCommandWord(&list)
        if closer == .brace, list.braces < 0 { return true }
      }
    }
    finish(&list)
    return closer == .end
  }

  private mutating func finish(_ list: inout BashCommandList) {
    if !list.command.words.isEmpty || !list.command.inputMarks.isEmpty { check(list.command) }
    if let name = list.loopName, list.command.name == "in" {
      names.addLoop(over: name, list.command.words.flatMap(\.references))
      list.loopName = nil
    }
    if list.firstPending < pending.count {
      let (isReparsed, filled) = (readsScript(list.command), filledNames(list.command))
      for index in list.firstPending..<pending.count where pending[index].isReparsed == nil {
        (pending[index].isReparsed, pending[index].filled) = (isReparsed, filled)
      }
    }
    list.firstPending = pending.count
    list.command = BashCommand()
    list.isCoprocess = false
  }

  private mutating func readSemicolon(_ list: inout BashCommandList) {
    finish(&list)
    let second = after(at)
    list.head = nil
    skip()
    guard list.cases.last == .commands else { return }
    if byte(second) == UInt8(ascii: ";") || byte(second) == UInt8(ascii: "&") {
      let third = after(second)
      at = byte(second) == UInt8(ascii: ";") && byte(third) == UInt8(ascii: "&") ? third : second
      skip()
      list.cases[list.cases.count - 1] = .pattern
      list.hasPattern = false
    }
  }

  private mutating func readConnective(_ list: inout BashCommandList) {
    let second = after(at)
    if current == UInt8(ascii: "&"), byte(second) == UInt8(ascii: ">") {
      at = second
      readRedirection(&list)
      return
    }
    if list.cases.last != .pattern { finish(&list) }
    skip()
  }

  /// A parenthesis where no word goes on: arithmetic, a subshell, a function's empty list, or in front of a pattern.
  private mutating func readOpen(_ list: inout BashCommandList) {
    if list.cases.last == .pattern {
      list.hasPattern = true
      skip()
      return
    }
    let second = after(at)
    if byte(second) == UInt8(ascii: "("), list.command.words.isEmpty, !list.command.hasPrefix {
      if readDoubleParentheses(from: second + 1) {
        list.head = nil
        return
      }
    }
    finish(&list)
    list.head = nil
    let (open, known) = (at, occurrences.count)
    skip()
    var isClosed = false
    nested { isClosed = $0.readCommands(until: .parenthesis) }
    if !isClosed { reportUnterminated("this parenthesis", from: open, known: known) }
  }

  // MARK: Words

  private mutating func readCommandWord(_ list: inout BashCommandList) {
    if readLeadingWord(&list) { return }
    let isFirst = list.command.words.isEmpty
    // `!(` is a negated subshell here; as a pattern it is a word's, and never the first.
    if isFirst, !list.command.hasPrefix, current == UInt8(ascii: "!"), byte(after(at)) == UInt8(ascii: "(") {
      skip()
      return
    }
    let start = at
    let word = readWord(isFirst ? .assignment : .command)
    if isRedirected(word, from: start) {
      // The descriptor of `{name[…]}>` goes into an array.
      require(.integer, word.references)
      return
    }
    if isFirst, let keyword = word.keyword, !list.command.hasPrefix, readKeyword(keyword, &list) { return }
    if isFirst, list.isCoprocess {
      list.isCoprocess = false
      if startsCompoundCommand { return }
    }
    if isFirst, word.valueOffset != nil, let assignment = word.assignment {
      list.command.hasPrefix = true
      checkAssignment(word, assignment)
    } else {
      list.command.words.append(word)
    }
  }

  /// The words that stand at fixed places of `case`, `for` and `function`; false where there is none here.
  private mutating func readLeadingWord(_ list: inout BashCommandList) -> Bool {
    if let head = list.head {
      let word = readWord(.command)
      switch head {
      case .name:
        list.head = .beforeIn
        list.loopName = word.leadingName
      case .functionName: list.head = nil
      case .beforeIn:
        list.head = nil
        // The list of words is no command, and nothing in it assigns.
        if word.keyword == "in" {
          list.command.words.append(word)
        } else if let keyword = word.keyword {
          _ = readKeyword(keyword, &list)
        }
      }
      return true
    }
    guard let last = list.cases.indices.last else { return false }
    switch list.cases[last] {
    case .commands: return false
    case .subject:
      _ = readWord(.command)
      list.cases[last] = .beforeIn
    case .beforeIn:
      _ = readWord(.command)
      list.cases[last] = .pattern
      list.hasPattern = false
    case .pattern:
      let word = readWord(.command)
      if word.keyword == "esac", !list.hasPattern { list.cases.removeLast() }
      list.hasPattern = true
    }
    return true
  }

  /// Acts on a reserved word; false where the word is none.
  private mutating func readKeyword(_ word: String, _ list: inout BashCommandList) -> Bool {
    switch word {
    case "if", "then", "elif", "else", "fi", "while", "until", "do", "done", "!": break
    case "time": skipTimeOptions()
    case "coproc": list.isCoprocess = true
    case "{": list.braces += 1
    case "}": list.braces -= 1
    case "for", "select": list.head = .name
    case "function": list.head = .functionName
    case "case": list.cases.append(.subject)
    case "esac" where list.cases.last == .commands: list.cases.removeLast()
    case "[[": readConditional()
    default: return false
    }
    return true
  }

  /// `-p` and `--` behind `time`: what follows is still the start of a command.
  private mutating func skipTimeOptions() {
    skipBlanks()
    while current == UInt8(ascii: "-"), byte(at + 1) == UInt8(ascii: "p") || byte(at + 1) == UInt8(ascii: "-"),
      " \t".utf8.contains(byte(at + 2))
    {
      skip(2)
      skipBlanks()
    }
  }

  /// Whether the next word can't be an argument: it starts a compound command.
  private var startsCompoundCommand: Bool {
    var start = at
    while " \t".utf8.contains(byte(start)) { start += 1 }
    if byte(start) == UInt8(ascii: "(") { return true }
    let word = text.bytes[start..<end].prefix(8).prefix { !" \t\n;".utf8.contains($0) }
    return ["{", "if", "while", "until", "for", "case", "select", "[["].contains(String(decoding: word, as: UTF8.self))
  }

  // MARK: Redirections

  /// Whether a word is the descriptor of a redirection that follows it: `2>` or `{name}>`.
  private func isRedirected(_ word: BashWord, from start: Int) -> Bool {
    guard current == UInt8(ascii: "<") || current == UInt8(ascii: ">"), byte(after(at)) != UInt8(ascii: "(") else {
      return false
    }
    if word.isQuoted || at == start { return false }
    if word.skeleton.allSatisfy(\.isASCIIDigit) { return true }
    guard word.skeleton.first == UInt8(ascii: "{"), word.skeleton.last == UInt8(ascii: "}") else { return false }
    let name = word.skeleton.dropFirst().dropLast()
    let rest = name.drop(while: \.isNamePart)
    return name.first?.isNamePart == true
      && (rest.isEmpty || (rest.first == UInt8(ascii: "[") && rest.last == UInt8(ascii: "]")))
  }

  private mutating func readRedirection(_ list: inout BashCommandList) {
    list.command.hasPrefix = list.command.hasPrefix || list.command.words.isEmpty
    let second = after(at)
    guard current == UInt8(ascii: "<"), byte(second) == UInt8(ascii: "<") else {
      skip()
      while "<>&|".utf8.contains(current), byte(after(at)) != UInt8(ascii: "(") { skip() }
      readTarget(&list)
      return
    }
    let third = after(second)
    if byte(third) == UInt8(ascii: "<") {
      at = third + 1
      list.command.inputMarks += readTarget(&list)
    } else {
      let stripsTabs = byte(third) == UInt8(ascii: "-")
      at = stripsTabs ? third + 1 : second + 1
      skipBlanks()
      readDelimiter(strippingTabs: stripsTabs)
    }
  }

  /// The word behind a redirection, and the references in it.
  @discardableResult
  private mutating func readTarget(_ list: inout BashCommandList) -> [Int] {
    skipBlanks()
    guard !isAtEnd, !"\n;&|()".utf8.contains(current) else { return [] }
    return readWord(.command).references
  }

  mutating func skipBlanks() {
    while !isAtEnd {
      if current == UInt8(ascii: " ") || current == UInt8(ascii: "\t") {
        skip()
      } else if current == UInt8(ascii: "\\"), byte(at + 1) == UInt8(ascii: "\n") {
        skip(2)
      } else {
        return
      }
    }
  }
}
