internal import IonWorkflow

/// How a runtime is told to run a text or a file.
///
/// A text is handed over as an argument where the runtime can take one, so that what it imports is looked up from the
/// working path, as people expect of a text that stands in their workflow; from a file where it can't, or where it is long.
struct ScriptRuntime {
  /// The program, looked up on the step's `PATH`.
  let program: String
  /// What comes before a text; nil where the runtime only runs files.
  private let evaluate: [String]?
  /// What comes before a file's path.
  private let run: [String]
  /// The ending that a script file of this runtime has, for looking up names and for texts that become files.
  let fileExtension: String

  init(_ name: String, dependencies: [String]) {
    switch name {
    case "sh": self.init("sh", evaluate: ["-c"], run: [], fileExtension: "sh")
    case "bash": self.init("bash", evaluate: ["-c"], run: [], fileExtension: "sh")
    case "python", "python3": self.init("python3", evaluate: ["-c"], run: [], fileExtension: "py")
    case "node": self.init("node", evaluate: ["-e"], run: [], fileExtension: "js")
    case "bun": self.init("bun", evaluate: ["-e"], run: ["run"], fileExtension: "ts")
    case "uv":
      let with = dependencies.flatMap { ["--with", $0] }
      self.init("uv", evaluate: ["run"] + with + ["python", "-c"], run: ["run"] + with, fileExtension: "py")
    case "pwsh":
      self.init("pwsh", evaluate: ["-NoProfile", "-Command"], run: ["-NoProfile", "-File"], fileExtension: "ps1")
    case "ruby", "perl": self.init(name, evaluate: ["-e"], run: [], fileExtension: name == "ruby" ? "rb" : "pl")
    case "swift": self.init("swift", evaluate: nil, run: [], fileExtension: "swift")
    default: self.init(name, evaluate: nil, run: [], fileExtension: "")
    }
  }

  private init(_ program: String, evaluate: [String]?, run: [String], fileExtension: String) {
    self.program = program
    self.evaluate = evaluate
    self.run = run
    self.fileExtension = fileExtension
  }

  /// The arguments that run a text; nil where it has to be a file. The kernel refuses one argument over 128 KB.
  func arguments(text: String) -> [String]? {
    guard text.utf8.count <= 100 * 1024 else { return nil }
    return evaluate.map { $0 + [text] }
  }

  func arguments(file: AbsolutePath) -> [String] { run + [file.text] }
}
