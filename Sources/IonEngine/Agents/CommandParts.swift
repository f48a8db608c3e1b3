/// A line for a shell, taken apart at what joins commands (`;`, `&&`, `||`, `|`, `&`, a new line).
///
/// It is read as far as quotes and backslashes go, and no further. Where in doubt, a line has more in it than its parts.
struct CommandParts: Hashable {
  /// The commands, in order.
  private(set) var commands: [String] = []
  /// Whether something happens that stands in none of them: commands within commands, files that are read or written.
  private(set) var hasMore = false

  private var part = ""
  private var rest: Substring

  init(_ line: String) {
    rest = line[...]
    while let character = rest.popFirst() { take(character) }
    cut()
  }

  private mutating func take(_ character: Character) {
    switch character {
    case "\\": add(character, rest.popFirst())
    case "'": quote(character)
    case "\"": quote(character)
    case "&" where rest.first == ">": break
    case ";", "&", "|": cut()
    case "<": more(character)
    case ">": redirect()
    case "`", "(", ")": more(character)
    case "{" where part.allSatisfy(\.isWhitespace): more(character)
    case _ where character.isNewline: cut()
    default: part.append(character)
    }
  }

  private mutating func add(_ first: Character, _ second: Character?) {
    part.append(first)
    if let second { part.append(second) }
  }

  private mutating func more(_ character: Character) {
    part.append(character)
    hasMore = true
  }

  private mutating func cut() {
    let command = part.drop(while: \.isWhitespace)
    if !command.isEmpty { commands.append(String(command)) }
    part = ""
  }

  /// Takes what is quoted. In double quotes commands may stand, too.
  private mutating func quote(_ mark: Character) {
    part.append(mark)
    while let character = rest.popFirst() {
      part.append(character)
      if character == mark { return }
      guard mark == "\"" else { continue }
      if character == "\\", let next = rest.popFirst() { part.append(next) }
      if character == "`" || (character == "$" && rest.first == "(") { hasMore = true }
    }
    // It doesn't end.
    hasMore = true
  }

  /// Takes where output goes: to another output, or to nowhere, is no file.
  private mutating func redirect() {
    if rest.first == ">" { rest.removeFirst() }
    if rest.first == "&" {
      let target = rest.dropFirst().prefix { !$0.isWhitespace && !";|&<>".contains($0) }
      guard !target.isEmpty, target.allSatisfy({ $0.isNumber || $0 == "-" }) else { return hasMore = true }
      rest = rest[target.endIndex...]
    } else {
      let blanks = rest.prefix { $0 == " " || $0 == "\t" }
      let target = rest[blanks.endIndex...].prefix { !$0.isWhitespace && !";|&<>".contains($0) }
      guard target == "/dev/null" else { return hasMore = true }
      rest = rest[target.endIndex...]
    }
    // The number of the output that goes there.
    if let last = part.last, last == "1" || last == "2", part.dropLast().last?.isWhitespace ?? false {
      part.removeLast()
    }
  }
}
