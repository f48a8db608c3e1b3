internal import ArgumentParser
internal import IonEngine
internal import IonJSON
internal import IonProcess
internal import IonServer
internal import IonWorkflow

/// `ion log`
struct LogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Print what a run says, or what a node of it printed.",
    discussion: """
      EXAMPLES
        ion log 7k2m                      the run's messages
        ion log 7k2m test                 both streams of a node, in order of arrival
        ion log 7k2m test --stream stderr --attempt 1
        ion log 7k2m test --follow        go on until the run ends
        ion log 7k2m plan --turn 1        an agent's turn as its program printed it
        ion log 7k2m plan --turn 1 --terminal 2    what ran in a terminal that it opened
      """)

  @Argument(help: "The run's id, or its first characters.")
  var run: String

  @Argument(help: "The node.")
  var node: String?

  @Option(name: .long, help: "Only this stream; both where nothing is said.")
  var stream: StepStream?

  @Option(name: .long, help: "Which start of the node; the last one where nothing is said.")
  var attempt: Int?

  @Option(name: .long, help: "An agent's turn, from 1, as its program printed it.")
  var turn: Int?

  @Option(name: .long, help: "A terminal that the agent opened in the turn, from 1.")
  var terminal: Int?

  @Flag(name: [.short, .long], help: "Go on printing until the run ends.")
  var follow = false

  @OptionGroup var common: WorkspaceOptions

  func validate() throws {
    if let attempt, attempt < 1 { throw ValidationError("Attempts count from 1.") }
    if let turn, turn < 1 { throw ValidationError("Turns count from 1.") }
    if let terminal, terminal < 1 { throw ValidationError("Terminals count from 1.") }
    if terminal != nil, turn == nil { throw ValidationError("--terminal needs --turn.") }
    guard node == nil else { return }
    if turn != nil { throw ValidationError("--turn needs a node.") }
    if stream != nil { throw ValidationError("--stream needs a node.") }
    if attempt != nil { throw ValidationError("--attempt needs a node.") }
  }

  func run() async throws {
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      let id = try await invocation.run(run)
      if let attempt, let node, !follow { try await check(attempt, of: node, id, invocation) }
      var offset: Int64 = 0
      while true {
        let isLive = follow ? try await status(id, invocation).isLive : false
        offset = try await print(id, from: offset, invocation)
        guard isLive else { return .succeeded }
        // The run may be another process's: its log is looked at, as nobody tells of it.
        do { try await invocation.clock.sleep(for: .milliseconds(200)) } catch { return .succeeded }
      }
    }
  }

  /// An attempt that the node never had has no log; that it printed nothing would be wrong to say.
  private func check(
    _ attempt: Int, of node: String, _ id: RunID, _ invocation: Invocation
  ) async throws(CommandFailure) {
    let run = try await invocation.client.call(GetStatus.self, ["runId": .string(id.rawValue), "nodes": true])
    guard let found = run.nodes?.first(where: { $0.nodeId.rawValue.utf8.elementsEqual(node.utf8) }),
      found.attempt < attempt
    else { return }
    let count = found.attempt == 1 ? "1 attempt" : "\(found.attempt) attempts"
    throw CommandFailure("Node `\(node)` has \(count).", code: .usage)
  }

  private func status(_ id: RunID, _ invocation: Invocation) async throws(CommandFailure) -> RunStatus {
    try await invocation.client.call(GetStatus.self, ["runId": .string(id.rawValue)]).status
  }

  /// Prints everything from an offset on; returns where it ends now.
  private func print(
    _ id: RunID, from start: Int64, _ invocation: Invocation
  ) async throws(CommandFailure) -> Int64 {
    var offset = start
    while true {
      let slice = try await invocation.client.call(
        ReadLog.self,
        [
          "runId": .string(id.rawValue), "nodeId": .optional(node), "stream": .optional(stream?.rawValue),
          "attempt": attempt.map { .integer(Int64($0)) } ?? .null, "turn": turn.map { .integer(Int64($0)) } ?? .null,
          "terminal": terminal.map { .integer(Int64($0)) } ?? .null,
          "offset": .integer(offset), "limitBytes": 262_144,
        ])
      Console.write(slice.text)
      let next = Int64(slice.nextOffset)
      guard next > offset, !slice.eof else { return next }
      offset = next
    }
  }
}

/// `ion artifacts`
struct ArtifactsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "artifacts", abstract: "List the files that a run made.",
    discussion: """
      EXAMPLES
        ion artifacts 7k2m
        ion artifacts 7k2m --json | jq -r '.artifacts[].fileUri'
      """)

  @Argument(help: "The run's id, or its first characters.")
  var run: String

  @OptionGroup var common: WorkspaceOptions

  func run() async throws {
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      let id = try await invocation.run(run)
      let page = try await invocation.client.call(ListArtifacts.self, ["runId": .string(id.rawValue), "limit": 1000])
      if invocation.isJSON {
        Console.line(Decoded.json(page).serializedText())
        return .succeeded
      }
      if page.artifacts.isEmpty { Console.line("The run made no artifacts.") }
      Console.lines(
        TerminalText.columns(page.artifacts.map { ["\($0.size) bytes", $0.mediaType, $0.fileUri.path.text] }))
      return .succeeded
    }
  }
}
