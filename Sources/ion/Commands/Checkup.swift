internal import Glibc
internal import IonEngine
internal import IonJSON
internal import IonProcess
internal import IonServer
internal import IonWorkflow
internal import IonWorkflowFile

/// What `ion doctor` looked at, and what came of it.
struct Checkup {
  enum Verdict: String {
    case good, missing, bad

    func mark(_ style: Style) -> String {
      switch self {
      case .good: style.green("✓")
      case .missing: style.yellow("–")
      case .bad: style.red("✗")
      }
    }
  }

  private struct Finding {
    var verdict: Verdict
    var what: String
    var text: String
    /// For one about an agent.
    var provider: ProviderCheckShape?
  }

  private var findings: [Finding] = []

  var isGood: Bool { !findings.contains { $0.verdict == .bad } }

  mutating func note(_ verdict: Verdict, _ what: String, _ text: String, _ provider: ProviderCheckShape? = nil) {
    findings.append(Finding(verdict: verdict, what: what, text: text, provider: provider))
  }

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

  mutating func stores(_ stores: [ServerStatus.Store]) {
    for store in stores {
      if let error = store.error {
        note(.bad, "store", error)
      } else {
        let size = store.bytes.map { "\(($0 + 1023) / 1024) KB" } ?? "nothing kept yet"
        note(.good, "store", "\(size), \(store.fileUri.path)")
      }
    }
  }

  /// What is wrong with the configurations that count here, and what of them counts for nothing.
  mutating func configuration(_ invocation: Invocation) async throws(CommandFailure) {
    for uri in invocation.configurations {
      let answer = try await invocation.client.call(
        ValidateWorkflow.self,
        ["codebaseId": .string(invocation.codebase.rawValue), "uri": .string(uri.description)])
      let told = answer.diagnostics.filter { $0.severity <= 2 }.sorted { $0.severity < $1.severity }
      if told.isEmpty { note(.good, "config", uri.path.text) }
      for diagnostic in told.prefix(Self.shownFindings) {
        let text = diagnostic.message.replacing("\n", with: "; ")
        note(
          diagnostic.severity == 1 ? .bad : .missing, "config",
          "\(uri.path), line \(diagnostic.range.start.line + 1): \(text)")
      }
      if told.count > Self.shownFindings {
        note(.missing, "config", "\(told.count - Self.shownFindings) more, which `ion check` lists")
      }
    }
  }

  /// How many findings about one file are shown.
  private static let shownFindings = 5

  mutating func workflows(_ invocation: Invocation) async throws(CommandFailure) {
    let page = try await invocation.client.call(
      ListWorkflows.self, ["codebaseId": .string(invocation.codebase.rawValue), "limit": 1000])
    let broken = page.workflows.filter { !$0.valid }.map(\.name)
    if broken.isEmpty {
      let builtins = page.workflows.filter { $0.scope == .builtin }.count
      note(.good, "workflows", "\(page.workflows.count - builtins) here, all valid; \(builtins) come with Ion")
    } else {
      let verb = broken.count == 1 ? "has" : "have"
      note(.bad, "workflows", "\(broken.joined(separator: ", ")) \(verb) errors; `ion check` lists them")
    }
  }

  /// The agents, and by them whether the configuration can be read. Only the one that is taken where nobody says one must
  /// be ready.
  mutating func providers(_ invocation: Invocation) async throws(CommandFailure) {
    let checks: [ProviderCheckShape]
    do throws(CommandFailure) {
      checks = try await invocation.client.call(
        DoctorProviders.self, ["codebaseId": .string(invocation.codebase.rawValue)]
      ).checks
    } catch {
      return note(.bad, "agents", error.message)
    }
    for check in checks {
      let verdict: Verdict = check.mayTakeTurns ? .good : check.default ? .bad : .missing
      note(verdict, check.providerId, ProviderText.line(check), check)
    }
    if !checks.contains(where: \.mayTakeTurns) {
      note(.missing, "agents", "none is ready; workflows that ask agents can't run. `ion doctor AGENT` says more")
    } else if !checks.contains(where: \.default) {
      note(.missing, "agents", "none is taken by itself; say which one with `provider` in .ion/config.yaml")
    }
  }

  func show(asJSON: Bool) {
    if asJSON {
      let list = findings.map { finding -> JSONValue in
        var object: JSONObject = [
          "check": .string(finding.what), "verdict": .string(finding.verdict.rawValue), "text": .string(finding.text),
        ]
        object["provider"] = finding.provider.map(Decoded.json)
        return .object(object)
      }
      return Console.line(JSONValue.array(list).serializedText())
    }
    let style = Style(isOn: Console.isColoured)
    // Of an agent that nobody asked for, that it isn't here needs no reason.
    let isUnasked = { (finding: Finding) in
      finding.verdict == .missing && finding.provider?.condition == .missing && finding.provider?.source == .shipped
    }
    let absent = findings.filter(isUnasked).map(\.what)
    var rows = findings.filter { !isUnasked($0) }
      .map { ["\($0.verdict.mark(style)) \($0.what)", TerminalText.plain($0.text)] }
    if !absent.isEmpty {
      rows.append(["\(Verdict.missing.mark(style)) not here", absent.joined(separator: ", ")])
    }
    Console.lines(TerminalText.columns(rows))
  }
}

extension ProviderCheckShape {
  /// Whether nothing is known against it.
  var mayTakeTurns: Bool { condition == .ready || condition == .untried }
}
