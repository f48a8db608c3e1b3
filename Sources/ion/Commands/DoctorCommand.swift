internal import ArgumentParser
internal import Glibc
internal import IonJSON
internal import IonProcess
internal import IonServer
internal import IonWorkflow

/// `ion doctor`
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check that Ion can work here, and say what to do where it can't.",
    discussion: """
      EXAMPLES
        ion doctor
      """)

  @OptionGroup var common: WorkspaceOptions

  func run() async throws {
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      var checkup = Checkup()
      let status = try await invocation.client.call(ServerStatus.self)
      checkup.note(.good, "ion", "\(status.version), process \(status.pid)")
      checkup.note(.good, "codebase", "\(invocation.codebase) at \(invocation.root)")
      checkup.programs()
      checkup.folders()
      try await checkup.workflows(invocation)
      checkup.show(asJSON: invocation.isJSON)
      return checkup.isGood ? .succeeded : .failed
    }
  }
}

/// What was looked at, and what came of it.
private struct Checkup {
  enum Verdict: String { case good, missing, bad }

  private var findings: [(verdict: Verdict, what: String, text: String)] = []

  var isGood: Bool { !findings.contains { $0.verdict == .bad } }

  mutating func note(_ verdict: Verdict, _ what: String, _ text: String) { findings.append((verdict, what, text)) }

  /// The programs that steps are run with. Only bash must be there.
  mutating func programs() {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    for (name, use) in [
      ("bash", "`bash` nodes"), ("git", "codebases and worktrees"),
      ("python3", "`script` nodes with `runtime: python`"),
      ("node", "`script` nodes with `runtime: node`"),
    ] {
      let found = path.split(separator: ":").lazy.map { "\($0)/\(name)" }.first { (path: String) in
        access(path, X_OK) == 0
      }
      if let found {
        note(.good, name, found)
      } else {
        note(name == "bash" ? .bad : .missing, name, "not on PATH; needed for \(use)")
      }
    }
  }

  /// The folders that Ion writes to.
  mutating func folders() {
    let environment = Dictionary(ProcessEnvironment.current()) { _, last in last }
    for (what, folder) in [("log", LogFiles.folder()), ("locks", UserFolders.locks(environment))] {
      let probe = folder.appending(".probe-\(getpid())")
      if TextFile.write([], to: probe) {
        unlink(probe.text)
        note(.good, what, folder.text)
      } else {
        note(.bad, what, "\(folder) can't be written: \(String(cString: strerror(errno)))")
      }
    }
  }

  mutating func workflows(_ invocation: Invocation) async throws(CommandFailure) {
    let page = try await invocation.client.call(
      ListWorkflows.self, ["codebaseId": .string(invocation.codebase.rawValue), "limit": 1000])
    let broken = page.workflows.filter { !$0.valid }.map(\.name)
    if broken.isEmpty {
      note(.good, "workflows", "\(page.workflows.count), all valid")
    } else {
      let verb = broken.count == 1 ? "has" : "have"
      note(.bad, "workflows", "\(broken.joined(separator: ", ")) \(verb) errors; `ion check` lists them")
    }
  }

  func show(asJSON: Bool) {
    if asJSON {
      let list = findings.map { finding -> JSONValue in
        ["check": .string(finding.what), "verdict": .string(finding.verdict.rawValue), "text": .string(finding.text)]
      }
      return Console.line(JSONValue.array(list).serializedText())
    }
    let style = Style(isOn: Console.isColoured)
    let rows = findings.map { finding in
      let mark =
        switch finding.verdict {
        case .good: style.green("✓")
        case .missing: style.yellow("–")
        case .bad: style.red("✗")
        }
      return ["\(mark) \(finding.what)", finding.text]
    }
    Console.lines(TerminalText.columns(rows))
  }
}
