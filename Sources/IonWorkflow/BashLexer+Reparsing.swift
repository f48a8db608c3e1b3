/// Which of a command's arguments it reads as code.
private enum CodeArguments {
  case all
  /// The first that is no option, unless an option names a file of code.
  case firstOperand
  /// All behind the first that is no option.
  case behindFirstOperand
}

/// A command that reads some of its arguments as code.
private struct CodeReader {
  var arguments: CodeArguments
  /// How many words follow an option as its values; none for those that aren't listed.
  var values: [String: Int] = [:]
  /// Options whose value is code.
  var code: Set<String> = []
  /// Options whose value is a file of code, so that no operand is.
  var files: Set<String> = []
}

/// What reads code by its name alone.
private let codeReaders: [String: CodeReader] = {
  let awk = CodeReader(
    arguments: .firstOperand, values: ["-F": 1, "-v": 1, "-i": 1, "-l": 1], code: ["-e", "--source"],
    files: ["-f", "--file", "-E"])
  let jq = CodeReader(
    arguments: .firstOperand,
    values: ["--arg": 2, "--argjson": 2, "--slurpfile": 2, "--rawfile": 2, "--indent": 1, "-L": 1],
    files: ["-f", "--from-file"])
  let ssh = CodeReader(
    arguments: .behindFirstOperand,
    values: Dictionary(uniqueKeysWithValues: "BbcDEeFIiJLlmOoPpQRSWw".map { ("-\($0)", 1) }))
  return [
    "eval": CodeReader(arguments: .all), "alias": CodeReader(arguments: .all),
    "compgen": CodeReader(arguments: .all), "complete": CodeReader(arguments: .all),
    "trap": CodeReader(arguments: .firstOperand),
    "awk": awk, "gawk": awk, "mawk": awk, "nawk": awk, "jq": jq, "yq": jq, "ssh": ssh,
    "sed": CodeReader(
      arguments: .firstOperand, values: ["-l": 1, "--line-length": 1], code: ["-e", "--expression"],
      files: ["-f", "--file"]),
  ]
}()

/// Programs that read code behind an option, wherever in a command they stand (`sudo`, `docker exec`, `xargs`): the
/// letters of those options, and whole ones.
private let interpreters: [String: (letters: String, words: Set<String>)] = {
  var table: [String: (letters: String, words: Set<String>)] = [
    "node": ("ep", ["--eval", "--print"]), "bun": ("ep", ["--eval", "--print"]), "perl": ("eE", []), "ruby": ("e", []),
    "php": ("r", []), "lua": ("e", []), "Rscript": ("e", []), "osascript": ("e", []), "psql": ("c", ["--command"]),
    "mysql": ("e", ["--execute"]), "pwsh": ("c", ["-Command"]), "su": ("c", ["--command"]),
  ]
  for shell in ["bash", "sh", "dash", "zsh", "ksh", "ash", "fish"] { table[shell] = ("c", []) }
  for python in ["python", "python2", "python3"] { table[python] = ("c", []) }
  return table
}()

/// Commands that run the one that their arguments name.
private let wrappers: Set<String> = [
  "command", "builtin", "exec", "env", "sudo", "doas", "nohup", "nice", "ionice", "time", "timeout", "stdbuf", "setsid",
  "xargs", "chronic",
]

extension BashLexer {
  /// Looks at a command whose words are all read.
  mutating func check(_ command: BashCommand) {
    let words = unwrapped(command.words)
    if let name = words.first?.programName {
      checkBuiltin(name, words.dropFirst())
      if let reader = codeReaders[name] { checkCode(reader, name, words.dropFirst()) }
    }
    checkInterpreters(command.words)
    if readsScript(command) { warnOfReparsing(command.inputMarks, by: "the command") }
    addInput(command.inputMarks, filling: filledNames(command))
  }

  /// Warns that references get to something that reads them as code.
  mutating func warnOfReparsing(_ indices: [Int], by reader: String) {
    for index in indices {
      faults.append(
        TextFault(
          .warning, code: "reparsedText", message: "\(reader) reads the value of this reference as code, not as text",
          range: occurrences[index].range,
          hint: "pass the value as an argument or by the environment, such as `bash -c '… \"$1\"' bash $id.output`"))
    }
  }

  /// Whether a command without operands reads its script from its input.
  func readsScript(_ command: BashCommand) -> Bool {
    let words = unwrapped(command.words)
    if words.first?.programName == "ssh" { return operandCount(words.dropFirst()) <= 1 }
    guard let last = words.lastIndex(where: { $0.programName.map { interpreters[$0] != nil } ?? false }) else {
      return false
    }
    let rest = words[(last + 1)...]
    let database = ["psql", "mysql"].contains(words[last].programName)
    return rest.allSatisfy { $0.isOption || $0.literal == "-" || $0.literal == "/dev/stdin" || database }
      || rest.first?.literal == "-s" || rest.first?.literal == "-"
  }

  private func operandCount(_ words: ArraySlice<BashWord>) -> Int {
    operands(words, of: codeReaders["ssh"] ?? CodeReader(arguments: .all)).operands.count
  }

  /// The words from the command's name on, behind `sudo`, `env x=y` and the like.
  func unwrapped(_ words: [BashWord]) -> ArraySlice<BashWord> {
    var rest = words[...]
    while let name = rest.first?.programName, wrappers.contains(name) {
      rest.removeFirst()
      while let word = rest.first, word.isOption || word.assignment != nil || word.skeleton.first?.isASCIIDigit == true
      {
        rest.removeFirst()
        if let option = word.literal, ["-u", "-g", "-s", "-k", "-I", "-a", "-C"].contains(option) {
          _ = rest.popFirst()
        }
      }
    }
    return rest
  }

  private mutating func checkCode(_ reader: CodeReader, _ name: String, _ arguments: ArraySlice<BashWord>) {
    let (operands, code, hasFile) = operands(arguments, of: reader)
    var suspects = code
    switch reader.arguments {
    case .all: suspects = Array(arguments)
    case .firstOperand where code.isEmpty && !hasFile: suspects += operands.prefix(1)
    case .firstOperand: break
    case .behindFirstOperand: suspects += operands.dropFirst()
    }
    warnOfReparsing(suspects.flatMap(\.references), by: "`\(name)`")
  }

  private func operands(
    _ arguments: ArraySlice<BashWord>, of reader: CodeReader
  ) -> (operands: [BashWord], code: [BashWord], hasFile: Bool) {
    var found: (operands: [BashWord], code: [BashWord], hasFile: Bool) = ([], [], false)
    var rest = arguments
    while let word = rest.popFirst() {
      guard word.isOption, let option = word.literal else {
        if !word.isOption { found.operands.append(word) }
        continue
      }
      if reader.code.contains(option) {
        found.code += rest.prefix(1)
        rest = rest.dropFirst()
      } else if reader.files.contains(option) {
        found.hasFile = true
        rest = rest.dropFirst()
      } else {
        rest = rest.dropFirst(reader.values[option] ?? 0)
      }
      // A host or a program comes first; what follows has options of its own.
      if reader.arguments == .behindFirstOperand, !found.operands.isEmpty { break }
    }
    found.operands += reader.arguments == .behindFirstOperand ? Array(rest) : []
    return found
  }

  /// `python -c …`, `sudo bash -lc …`, `docker exec it sh -c …`.
  private mutating func checkInterpreters(_ words: [BashWord]) {
    var active: (name: String, letters: String, words: Set<String>)?
    var isValue = false
    var isCode = false
    for word in words {
      if isCode {
        guard !word.isOption else { continue }
        warnOfReparsing(word.references, by: "`\(active?.name ?? "")`")
        (active, isCode) = (nil, false)
      } else if isValue {
        isValue = false
      } else if let interpreter = active, word.isOption || word.skeleton.first == UInt8(ascii: "+") {
        isCode = word.isCodeOption(letters: interpreter.letters, words: interpreter.words)
        isValue = ["-o", "+o", "-O", "+O", "-W", "-X", "-I", "--rcfile", "--init-file", "--require"].contains(
          word.literal)
      } else {
        let name = word.programName ?? ""
        active = interpreters[name].map { (name, $0.letters, $0.words) }
      }
    }
  }
}

extension BashWord {
  /// Whether the word is an option, or ends a cluster of options, behind which code follows.
  fileprivate func isCodeOption(letters: String, words: Set<String>) -> Bool {
    guard let literal, skeleton.first == UInt8(ascii: "-") else { return false }
    if words.contains(literal) { return true }
    return skeleton[1] != UInt8(ascii: "-") && skeleton[1...].contains { letters.utf8.contains($0) }
      && (letters == "c" || letters.utf8.contains(skeleton[skeleton.count - 1]))
  }
}
