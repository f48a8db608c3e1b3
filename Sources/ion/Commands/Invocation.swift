internal import ArgumentParser
internal import IonEngine
internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// One use of the command line: its client, its folder's codebase, and how it ends.
struct Invocation: Sendable {
  let client: LocalClient
  let root: AbsolutePath
  let codebase: CodebaseID
  /// The configurations that count here and are there.
  let configurations: [WorkflowURI]
  let isJSON: Bool
  /// What waits go by.
  let clock: any EngineClock

  /// Whether runs are drawn live, as people at a terminal see them.
  var isLive: Bool { !isJSON && Console.isTerminal }

  /// Runs a command's body with a client on its folder; failures go to stderr and become exit codes.
  static func run(
    _ options: WorkspaceOptions, _ body: (Invocation) async throws(CommandFailure) -> ExitStatus
  ) async throws {
    ProcessSetUp.prepare()
    let status: ExitStatus
    do throws(CommandFailure) {
      let root = try options.root()
      let logger = LogFiles.logger()
      let engine = try EngineFactory.make(logger: logger).engine
      let client = try await LocalClient(engine: engine, root: root, logger: logger)
      do throws(CommandFailure) {
        let codebase = try await codebase(of: root, client)
        status = try await body(
          Invocation(
            client: client, root: root, codebase: codebase,
            configurations: await engine.configurations.map { WorkflowURI($0) }, isJSON: options.json,
            clock: engine.dependencies.clock))
      } catch {
        await client.close()
        throw error
      }
      await client.close()
    } catch {
      Console.warn(error.message)
      throw ExitCode(error.code.rawValue)
    }
    if let failure = Console.failure {
      Console.warn("stdout can't be written: \(failure)")
      throw ExitCode((status == .succeeded ? .failed : status).rawValue)
    }
    if status != .succeeded { throw ExitCode(status.rawValue) }
  }

  /// The codebase that the client's hello registered. Where it could not, registering it by name says why; that makes a
  /// store, which commands that only look have no need of.
  private static func codebase(of root: AbsolutePath, _ client: LocalClient) async throws(CommandFailure) -> CodebaseID
  {
    if let known = try await client.call(ListCodebases.self).codebases.first { return known.codebaseId }
    return try await client.call(RegisterCodebase.self, ["rootUri": .string(FileURI(root).description)]).codebaseId
  }

  /// The id of a run that people named by its first characters.
  func run(_ start: String) async throws(CommandFailure) -> RunID {
    var cursor: String?
    var matches: [RunID] = []
    repeat {
      let page = try await client.call(
        ListRuns.self,
        ["codebaseId": .string(codebase.rawValue), "children": true, "cursor": .optional(cursor), "limit": 1000])
      for run in page.runs {
        if run.runId.rawValue == start { return run.runId }
        if run.runId.rawValue.hasPrefix(start) { matches.append(run.runId) }
      }
      cursor = page.nextCursor
    } while cursor != nil
    guard let only = matches.first else {
      throw CommandFailure("There is no run `\(start)` here; `ion runs` lists them.", code: .usage)
    }
    guard matches.count == 1 else {
      let names = matches.prefix(5).map(\.rawValue).joined(separator: ", ")
      throw CommandFailure("`\(start)` is the start of several runs (\(names)); give more of it.", code: .usage)
    }
    return only
  }
}
