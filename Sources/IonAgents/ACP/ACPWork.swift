internal import IonJSON

/// Something that an agent asks its client to do with files and terminals.
enum ACPWork: Hashable {
  /// Lines of a text file, from a first one (counted from 1) on; all of them where nothing is said.
  case readFile(path: String, line: Int?, limit: Int?)
  case writeFile(path: String, content: String)
  case createTerminal(ACPTerminalRequest)
  case terminalOutput(String)
  case waitForExit(String)
  case killTerminal(String)
  case releaseTerminal(String)

  /// The methods that `read` knows.
  static let methods: Set<String> = [
    "fs/read_text_file", "fs/write_text_file", "terminal/create", "terminal/output", "terminal/wait_for_exit",
    "terminal/kill", "terminal/release",
  ]

  /// What one of `methods` asks for.
  static func read(_ method: String, _ parameters: JSONValue) throws(ACPError) -> ACPWork {
    switch method {
    case "fs/read_text_file":
      return .readFile(
        path: try text("path", of: parameters), line: count("line", of: parameters),
        limit: count("limit", of: parameters))
    case "fs/write_text_file":
      return .writeFile(path: try text("path", of: parameters), content: try text("content", of: parameters))
    case "terminal/create": return .createTerminal(try ACPTerminalRequest(parameters))
    case "terminal/output": return .terminalOutput(try text("terminalId", of: parameters))
    case "terminal/wait_for_exit": return .waitForExit(try text("terminalId", of: parameters))
    case "terminal/kill": return .killTerminal(try text("terminalId", of: parameters))
    case "terminal/release": return .releaseTerminal(try text("terminalId", of: parameters))
    default: throw .unknownMethod(method)
    }
  }

  /// Whether it changes nothing, and leaves nothing behind.
  var isHarmless: Bool {
    switch self {
    case .readFile, .terminalOutput, .waitForExit, .killTerminal, .releaseTerminal: true
    case .writeFile, .createTerminal: false
    }
  }

  /// What it is as a use of a tool; nil for what only goes on with one.
  var use: ToolCall? {
    switch self {
    case .readFile(let path, _, _): Self.reading(path)
    case .writeFile(let path, _): Self.writing(path)
    case .createTerminal(let wanted): wanted.use
    case .terminalOutput, .waitForExit, .killTerminal, .releaseTerminal: nil
    }
  }

  static func reading(_ path: String) -> ToolCall {
    ToolCall(id: "", title: "read \(path.shortened(to: 200))", kind: .read, paths: [path])
  }

  static func writing(_ path: String) -> ToolCall {
    ToolCall(id: "", title: "write \(path.shortened(to: 200))", kind: .edit, paths: [path])
  }

  static func text(_ key: String, of parameters: JSONValue) throws(ACPError) -> String {
    guard let text = parameters[key]?.stringValue else { throw .badParameters("`\(key)` must be a text") }
    return text
  }

  /// A number that isn't negative; nil where there is none, as the schema has it for absurd ones.
  private static func count(_ key: String, of parameters: JSONValue) -> Int? {
    parameters[key]?.integerValue.flatMap { $0 < 0 ? nil : Int($0) }
  }
}

/// A command that an agent has its client run.
struct ACPTerminalRequest: Hashable {
  struct Variable: Hashable {
    var name: String
    var value: String
  }

  var command: String
  var arguments: [String]
  /// Variables beside those that the agent itself has.
  var environment: [Variable]
  /// Where it starts; nil for the working path.
  var folder: String?
  /// How many bytes of its output are kept at most; nil where the agent doesn't say.
  var outputLimit: Int?

  init(_ parameters: JSONValue) throws(ACPError) {
    command = try ACPWork.text("command", of: parameters)
    guard !command.isEmpty else { throw .badParameters("`command` is empty") }
    arguments = (parameters["args"]?.arrayValue ?? []).compactMap(\.stringValue)
    environment = (parameters["env"]?.arrayValue ?? []).compactMap { entry in
      guard let name = entry["name"]?.stringValue, let value = entry["value"]?.stringValue else { return nil }
      return Variable(name: name, value: value)
    }
    folder = parameters["cwd"]?.stringValue
    outputLimit = parameters["outputByteLimit"]?.integerValue.flatMap { $0 < 0 ? nil : Int($0) }
  }
}

extension ACPTerminalRequest {
  /// The shells whose `-c` only says which line they run.
  private static let shells: Set<String> = ["sh", "bash", "dash", "zsh", "ksh"]

  /// The line for a shell that it is, where it is one; agents give it as a whole, or to a shell.
  var shellLine: String? {
    if arguments.isEmpty { return command.contains(where: Self.isShells) ? command : nil }
    let name = command.unicodeScalars.split(separator: "/").last.map { String($0) } ?? command
    let isLine = arguments.count == 2 && ["-c", "-lc", "-cl"].contains(arguments[0]) && Self.shells.contains(name)
    return isLine ? arguments[1] : nil
  }

  /// It as a line for a shell.
  private var line: String { shellLine ?? ([command] + arguments).map(Self.quoted).joined(separator: " ") }

  var use: ToolCall {
    ToolCall(id: "", title: "run `\(line.shortened(to: 200))`", input: line, kind: .execute)
  }

  /// Whether a character stands in no program's name, but in lines for the shell.
  private static func isShells(_ character: Character) -> Bool {
    character.isWhitespace || "|&;<>()$`\"'*?".contains(character)
  }

  /// A word as a shell reads it back.
  private static func quoted(_ word: String) -> String {
    let isPlain = !word.isEmpty && !word.contains { isShells($0) || "\\#~[]{}!".contains($0) }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}

/// What came of an agent's request.
struct ACPWorkResult: Hashable {
  var answer: Result<JSONValue, ACPError>
  /// The file that was written.
  var edit: FileEdit?

  init(_ answer: Result<JSONValue, ACPError>, edit: FileEdit? = nil) {
    self.answer = answer
    self.edit = edit
  }
}
