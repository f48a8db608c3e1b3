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
