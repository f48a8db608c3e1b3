internal import ArgumentParser
internal import IonJSON
internal import IonServer
internal import IonWorkflow
internal import IonWorkflowFile

/// `ion list`
struct ListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the workflows that can be run here.",
    discussion: """
      EXAMPLES
        ion list
        ion list --json | jq -r '.workflows[].name'
      """)

  @OptionGroup var common: WorkspaceOptions

  func run() async throws {
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      let page = try await invocation.client.call(
        ListWorkflows.self, ["codebaseId": .string(invocation.codebase.rawValue), "limit": 1000])
      if invocation.isJSON {
        Console.line(Decoded.json(page).serializedText())
        return .succeeded
      }
      let style = Style(isOn: Console.isColoured)
      let own = page.workflows.filter { $0.scope != .builtin }
      if own.isEmpty { Console.line("No workflows here yet; `ion init` makes a first one in .ion/workflows/.") }
      let rows = page.workflows.map { workflow in
        let mark = workflow.valid ? style.green("✓") : style.red("✗")
        let note = workflow.valid ? workflow.description ?? "" : "has errors: ion check"
        let origin = workflow.scope == .builtin ? " (comes with Ion)" : ""
        return ["\(mark) \(workflow.name)", style.dim(TerminalText.plain(note) + origin)]
      }
      Console.lines(TerminalText.columns(rows))
      return .succeeded
    }
  }
}

/// `ion runs`
struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List the runs of this codebase, newest first.",
    discussion: """
      EXAMPLES
        ion runs
        ion runs --workflow build --status failed --limit 5
        ion runs --children 7k2m     the runs that this one started
      """)

  @Option(name: .long, help: "Only runs of this workflow.")
  var workflow: String?

  @Option(name: .long, help: "Only runs of this status; may be repeated.")
  var status: [RunStatus] = []

  @Option(name: .long, help: "Only the child runs of this run: its id, or its first characters.")
  var children: String?

  @Option(name: .long, help: "How many at most (1 to 1000).")
  var limit = 20

  @OptionGroup var common: WorkspaceOptions

  func validate() throws {
    guard (1...1000).contains(limit) else { throw ValidationError("--limit must be 1 to 1000.") }
  }

  func run() async throws {
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      var parent: RunID?
      if let children { parent = try await invocation.run(children) }
      let page = try await invocation.client.call(
        ListRuns.self,
        [
          "codebaseId": .string(invocation.codebase.rawValue), "workflow": .optional(workflow),
          "status": status.isEmpty ? .null : .array(status.map { .string($0.rawValue) }),
          "parentRunId": .optional(parent?.rawValue), "limit": .integer(Int64(limit)),
        ])
      if invocation.isJSON {
        Console.line(Decoded.json(page).serializedText())
        return .succeeded
      }
      if page.runs.isEmpty {
        let isFiltered = workflow != nil || parent != nil || !status.isEmpty
        Console.line(isFiltered ? "No run is like that." : "No runs yet: `ion run WORKFLOW` makes one.")
      }
      let style = Style(isOn: Console.isColoured)
      Console.lines(TerminalText.columns(page.runs.map { RunText.row($0, style: style) }))
      return .succeeded
    }
  }
}

/// `ion show`
struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show how a run and its nodes stand.",
    discussion: """
      EXAMPLES
        ion show 7k2m
      """)

  @Argument(help: "The run's id, or its first characters.")
  var run: String

  @OptionGroup var common: WorkspaceOptions

  func run() async throws {
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      let id = try await invocation.run(run)
      let run = try await invocation.client.call(GetStatus.self, ["runId": .string(id.rawValue), "nodes": true])
      if invocation.isJSON {
        Console.line(Decoded.json(run).serializedText())
        return .succeeded
      }
      let style = Style(isOn: Console.isColoured)
      Console.line(RunText.line(run, style: style))
      if let parent = run.parentRunId, let node = run.parentNodeId {
        Console.line(style.dim("  child of \(parent.rawValue.prefix(8)), node \(node)"))
      }
      if let error = run.error { Console.line("  " + TerminalText.plain(error)) }
      for line in RunText.result(run, inLines: true) { Console.line("  " + line) }
      Console.lines(TerminalText.columns(ItemRows.told(run.nodes ?? []).map { RunText.row($0, style: style) }))
      Console.lines(AgentsText.lines(run.nodes ?? [], total: run.usage, style: style))
      Console.lines(RunText.gates(of: run, style: style))
      return .succeeded
    }
  }
}
