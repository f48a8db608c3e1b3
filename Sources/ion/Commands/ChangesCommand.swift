internal import ArgumentParser
internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// `ion changes`
struct ChangesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "changes", abstract: "Show what an isolated run changed.",
    discussion: """
      An isolated run works in a git worktree of its own; nothing of it is in your checkout before ion apply takes it.

      EXAMPLES
        ion changes 7k2m                  the files
        ion changes 7k2m --diff           the whole diff
        ion changes 7k2m --diff src/a.c   the diff of a file or a folder
      """)

  @Argument(help: "The run's id, or its first characters.")
  var run: String

  @Argument(help: "Files or folders, as the list has them; with --diff alone.")
  var files: [String] = []

  @Flag(name: .long, help: "Print the diff.")
  var diff = false

  @OptionGroup var common: WorkspaceOptions

  func validate() throws {
    guard files.isEmpty || diff else { throw ValidationError("Files are for the diff: add --diff.") }
  }

  func run() async throws {
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      let id = try await invocation.run(run)
      var params: JSONObject = [
        "runId": .string(id.rawValue), "limit": .integer(Int64(ChangeCount.range.upperBound)),
        "diffBytes": .integer(diff ? Int64(DiffSize.range.upperBound) : 0),
      ]
      if !files.isEmpty { params["files"] = .array(files.map(JSONValue.string)) }
      let changes = try await invocation.client.call(ShowChanges.self, params)
      if invocation.isJSON {
        Console.line(Decoded.json(changes).serializedText())
        return .succeeded
      }
      let style = Style(isOn: Console.isColoured)
      if let text = changes.diff {
        Console.lines(
          text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
            ChangesText.diffLine(String($0), style: style)
          })
        if changes.diffTruncated == true { Console.warn("the diff is longer; name files or folders to see the rest") }
      } else {
        Console.lines(ChangesText.lines(changes, style: style))
      }
      for complaint in changes.unreadable ?? [] { Console.warn(TerminalText.plain(complaint)) }
      return .succeeded
    }
  }
}

/// `ion apply`
struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Take what an isolated run changed over into your files.",
    discussion: """
      All of it is taken, or nothing: where your own changes and the run's don't go together, it says so and leaves \
      everything as it is. Nothing is committed or staged. Once everything of a run that succeeded is taken, its worktree \
      and branch go, unless it committed something there.

      EXAMPLES
        ion apply 7k2m
        ion apply 7k2m src/parser.c docs
      """)

  @Argument(help: "The run's id, or its first characters.")
  var run: String

  @Argument(help: "Only these files or folders, as ion changes lists them.")
  var files: [String] = []

  @OptionGroup var common: WorkspaceOptions

  func run() async throws {
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      let id = try await invocation.run(run)
      let applied = try await invocation.client.call(
        ApplyChanges.self,
        [
          "runId": .string(id.rawValue),
          "files": files.isEmpty ? .null : .array(files.map(JSONValue.string)),
        ])
      Console.lines(
        invocation.isJSON
          ? [Decoded.json(applied).serializedText()]
          : ChangesText.lines(applied, style: Style(isOn: Console.isColoured)))
      return .succeeded
    }
  }
}

/// `ion discard`
struct DiscardCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "discard", abstract: "Drop what an isolated run changed: its worktree and its branch.",
    discussion: """
      What was taken before stays where it is. The run and its logs stay, too; it can't be resumed.

      EXAMPLES
        ion discard 7k2m
      """)

  @Argument(help: "The run's id, or its first characters.")
  var run: String

  @OptionGroup var common: WorkspaceOptions

  func run() async throws {
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      let id = try await invocation.run(run)
      let run = try await invocation.client.call(DiscardChanges.self, ["runId": .string(id.rawValue)])
      guard !invocation.isJSON else {
        Console.line(Decoded.json(run).serializedText())
        return .succeeded
      }
      Console.line("The worktree of \(run.runId) and its branch \(run.isolation?.branch ?? "") are gone.")
      return .succeeded
    }
  }
}
