extension BashLexer {
  /// Holds the references of a command to what bash computes or expands again by itself: `let`, `declare`, names with
  /// subscripts. (Whatever other programs make of their arguments is told as a warning.)
  mutating func checkBuiltin(_ name: String, _ arguments: ArraySlice<BashWord>) {
    switch name {
    case "let": require(.integer, arguments.flatMap { $0.marks.map(\.occurrence) })
    case "declare", "typeset", "local", "export", "readonly": checkDeclaration(name, arguments)
    case "unset":
      for word in arguments { checkName(word, upTo: word.skeleton.count, by: name) }
    case "read":
      for word in operands(arguments, valued: ["-p", "-d", "-i", "-n", "-N", "-t", "-u", "-a"]) {
        checkName(word, upTo: word.skeleton.count, by: name)
      }
      value(of: "-a", in: arguments).map { names.addArray($0.leadingName) }
    case "mapfile", "readarray":
      for word in operands(arguments, valued: ["-d", "-n", "-O", "-s", "-u", "-C", "-c"]) {
        names.addArray(word.leadingName)
      }
      value(of: "-C", in: arguments).map { warnOfReparsing($0.marks.map(\.occurrence), by: "`\(name) -C`") }
    case "printf": value(of: "-v", in: arguments).map { checkName($0, upTo: $0.skeleton.count, by: "printf -v") }
    case "wait": value(of: "-p", in: arguments).map { checkName($0, upTo: $0.skeleton.count, by: "wait -p") }
    case "test", "[":
      for (option, word) in zip(arguments, arguments.dropFirst()) where option.literal == "-v" {
        require(.integer, word.marks.map(\.occurrence))
      }
    default: break
    }
  }

  /// `name=…` in front of a command or as one.
  mutating func checkAssignment(_ word: BashWord, _ assignment: (name: String, value: Int)) {
    if word.isCompound || word.skeleton.count > assignment.name.utf8.count,
      word.isCompound || word.skeleton[assignment.name.utf8.count] == UInt8(ascii: "[")
    {
      names.addArray(assignment.name)
    }
    let marks = word.marks.filter { $0.offset >= assignment.value }.map(\.occurrence)
    names.addAssignment(to: assignment.name, marks + word.elements)
    if ["PS4", "PROMPT_COMMAND", "BASH_ENV", "ENV"].contains(assignment.name) {
      warnOfReparsing(marks, by: "`\(assignment.name)`")
    }
  }

  private mutating func checkDeclaration(_ command: String, _ arguments: ArraySlice<BashWord>) {
    var flags: Set<UInt8> = []
    for word in arguments {
      if word.isOption || word.skeleton.first == UInt8(ascii: "+") {
        flags.formUnion(word.skeleton.dropFirst())
        continue
      }
      let assignment = word.assignment
      let name = assignment?.name ?? word.leadingName
      if flags.contains(UInt8(ascii: "i")) { names.addInteger(name) }
      let isArray = flags.contains(UInt8(ascii: "a")) || flags.contains(UInt8(ascii: "A"))
      if isArray || word.isCompound { names.addArray(name) }
      // `export` and `readonly` refuse a name that isn't plain.
      let evaluatesNames = command != "export" && command != "readonly"
      if evaluatesNames { checkName(word, upTo: assignment?.value ?? word.skeleton.count, by: command) }
      guard let assignment else { continue }
      checkAssignment(word, assignment)
      let value = word.marks.filter { $0.offset >= assignment.value }
      if flags.contains(UInt8(ascii: "n")) { checkTarget(value, in: word, by: command) }
      guard let first = word.skeleton[assignment.value...].first, !word.isCompound else { continue }
      let occurrences = value.map(\.occurrence)
      if first == UInt8(ascii: "("), isArray || evaluatesNames {
        warnOfReparsing(occurrences, by: "`\(command)`")
      } else if first >= BashWord.expansion, isArray {
        require(.notParenthesized, occurrences)
      } else if first >= BashWord.expansion, evaluatesNames {
        names.addDeclaration(of: name, occurrences)
      }
    }
  }

  /// A name that a builtin takes: bash computes the subscripts in it.
  private mutating func checkName(_ word: BashWord, upTo end: Int, by command: String) {
    checkTarget(word.marks.filter { $0.offset < end }, in: word, by: command)
  }

  private mutating func checkTarget(
    _ marks: [(offset: Int, occurrence: Int)], in word: BashWord, by command: String
  ) {
    for mark in marks {
      if word.isSubscript(at: mark.offset) {
        require(.integer, [mark.occurrence])
      } else {
        warnOfReparsing([mark.occurrence], by: "`\(command)`")
      }
    }
  }

  /// The words that are neither options nor the values of those that take one.
  private func operands(_ arguments: ArraySlice<BashWord>, valued: Set<String>) -> [BashWord] {
    var found: [BashWord] = []
    var isValue = false
    for word in arguments {
      if isValue {
        isValue = false
      } else if word.isOption {
        isValue = word.literal.map(valued.contains) ?? false
      } else {
        found.append(word)
      }
    }
    return found
  }

  /// The word behind an option, or the option's own where its value is part of it.
  private func value(of option: String, in arguments: ArraySlice<BashWord>) -> BashWord? {
    guard let index = arguments.firstIndex(where: { $0.skeleton.starts(with: option.utf8) }) else { return nil }
    if arguments[index].skeleton.count > option.utf8.count { return arguments[index] }
    return index + 1 < arguments.endIndex ? arguments[index + 1] : nil
  }
}
