extension BashLexer {
  /// Holds the references of a command to what bash computes or expands again by itself: `let`, `declare`, names with
  /// subscripts. (Whatever other programs make of their arguments is told as a warning.)
  mutating func checkBuiltin(_ name: String, _ arguments: ArraySlice<BashWord>) {
    switch name {
    case "let": require(.integer, arguments.flatMap(\.references))
    case "declare", "typeset", "local", "export", "readonly": checkDeclaration(name, arguments)
    case "unset":
      for word in arguments { checkName(word, by: name) }
    case "read":
      for word in operands(arguments, valued: Self.readOptions) { checkName(word, by: name) }
      if let array = value(of: "-a", in: arguments) { names.addArray(array.leadingName) }
    case "mapfile", "readarray":
      for word in operands(arguments, valued: Self.mapfileOptions) { names.addArray(word.leadingName) }
      if let code = value(of: "-C", in: arguments) { warnOfReparsing(code.references, by: "`\(name) -C`") }
    case "printf":
      if let target = value(of: "-v", in: arguments.prefix(2)) {
        checkName(target, by: "printf -v")
        names.addAssignment(to: target.leadingName, arguments.flatMap(\.references))
      }
    case "wait":
      if let target = value(of: "-p", in: arguments) { checkName(target, by: "wait -p") }
    case "test", "[":
      for (option, word) in zip(arguments, arguments.dropFirst()) where option.literal == "-v" {
        require(.integer, word.references)
      }
    default: break
    }
  }

  /// `name=…` in front of a command or as one.
  mutating func checkAssignment(_ word: BashWord, _ assignment: (name: String, value: Int)) {
    let behindName = word.skeleton.dropFirst(assignment.name.utf8.count).first
    if word.isCompound || behindName == UInt8(ascii: "[") { names.addArray(assignment.name) }
    let marks = word.references(from: assignment.value)
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
      // The target of a nameref is a name as well.
      let isNameref = evaluatesNames && flags.contains(UInt8(ascii: "n"))
      if evaluatesNames { checkName(word, upTo: isNameref ? nil : assignment?.value, by: command) }
      if isNameref { names.addReference(name, isBound: assignment != nil) }
      guard let assignment else { continue }
      // The value of a nameref is a name, and warned of above.
      if !isNameref { checkAssignment(word, assignment) }
      guard let first = word.skeleton[assignment.value...].first, !word.isCompound else { continue }
      let value = word.references(from: assignment.value)
      if first == UInt8(ascii: "("), isArray || evaluatesNames {
        warnOfReparsing(value, by: "`\(command)`")
      } else if first >= BashWord.expansion, isArray {
        require(.notParenthesized, value)
      } else if first >= BashWord.expansion, evaluatesNames {
        names.addDeclaration(of: name, value)
      }
    }
  }

  /// A name that a builtin takes: bash computes the subscripts in it.
  private mutating func checkName(_ word: BashWord, upTo end: Int? = nil, by command: String) {
    let (subscripts, others) = word.references(upTo: end ?? word.skeleton.count)
    require(.integer, subscripts)
    warnOfReparsing(others, by: "`\(command)`")
  }

  // MARK: Input

  /// The options of `read` and `mapfile` that take a value.
  private static let readOptions: Set<String> = ["-p", "-d", "-i", "-n", "-N", "-t", "-u", "-a"]
  private static let mapfileOptions: Set<String> = ["-d", "-n", "-O", "-s", "-u", "-C", "-c"]

  /// The variables that a command fills from its input; nil where it is none itself, so that commands inside it may.
  func filledNames(_ command: BashCommand) -> [String]? {
    let words = unwrapped(command.words)
    guard let name = words.first?.programName else { return words.isEmpty ? nil : [] }
    let found: [BashWord]
    switch name {
    case "read": found = operands(words.dropFirst(), valued: Self.readOptions)
    case "mapfile", "readarray": found = operands(words.dropFirst(), valued: Self.mapfileOptions)
    default: return []
    }
    return found.isEmpty ? [name == "read" ? "REPLY" : "MAPFILE"] : found.map(\.leadingName)
  }

  /// Tells the names that are filled what they are filled with.
  mutating func addInput(_ occurrences: [Int], filling filled: [String]?) {
    if let filled {
      for name in filled { names.addFilled(name, from: occurrences) }
    } else {
      names.addInput(occurrences)
    }
  }

  // MARK: Arguments

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
