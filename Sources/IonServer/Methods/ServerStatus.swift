internal import IonEngine
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `server/status`: what this process is and does.
public enum ServerStatus: ServedRequest {
  public static let method = "server/status"
  public static let ordering = Ordering.concurrent

  public typealias Params = Nothing

  public struct Result: WireShape, Hashable {
    public static let notes: [String: String] = [
      "version": "Ion's version.",
      "protocolVersion": "The version of this protocol.",
      "pid": "The server's process.",
      "uptimeMs": "Milliseconds since the process started, those in which the machine slept among them.",
      "activeRuns": "The runs that are going on in this process.",
      "memoryBytes": "Memory that the process has in use; absent where the system doesn't say.",
      "stores": "The stores of the registered codebases.",
    ]

    public var version: String
    public var protocolVersion: Int
    public var pid: Int
    public var uptimeMs: Int64
    public var activeRuns: [ActiveRun]
    public var memoryBytes: Int64?
    public var stores: [Store]
  }

  public struct ActiveRun: WireShape, Hashable {
    public static let notes: [String: String] = [
      "codebaseId": "The codebase whose store has the run.",
      "runId": "The run.",
      "workflow": "The workflow's name.",
      "status": "Where the run stands.",
    ]

    public var codebaseId: CodebaseID
    public var runId: RunID
    public var workflow: String
    public var status: RunStatus
  }

  public struct Store: WireShape, Hashable {
    public static let notes: [String: String] = [
      "codebaseId": "The codebase.",
      "fileUri": "The store's folder.",
      "bytes": "What the database takes on disk; absent where nothing was kept yet.",
      "storeId": "Names the store; absent where `bytes` is, and where it can't be read.",
      "ownerPid": "The process with live runs in it; absent where there is none.",
      "error": "Why it can't be read; absent where it can.",
    ]

    public var codebaseId: CodebaseID
    public var fileUri: FileURI
    public var bytes: Int64?
    public var storeId: String?
    public var ownerPid: Int?
    public var error: String?
  }

  public static let spec = Spec<Self>(
    summary: "Says what this server is, what it is doing, and what its stores are like.",
    errors: [.storeDamaged, .unusable],
    examples: [
      .init(
        "one live run", Params(),
        Result(
          version: "0.1.0", protocolVersion: 1, pid: 4_711, uptimeMs: 3_600_000,
          activeRuns: [
            ActiveRun(
              codebaseId: Sample.codebaseID, runId: Sample.run, workflow: "build-and-test", status: .running)
          ],
          memoryBytes: 31_457_280,
          stores: [
            Store(
              codebaseId: Sample.codebaseID,
              fileUri: FileURI(Sample.root.appending(".ion/codebases/\(Sample.codebaseID)")), bytes: 90_112,
              storeId: Sample.storeID, ownerPid: 4_711, error: nil)
          ]))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    var runs: [ActiveRun] = []
    var stores: [Store] = []
    for workspace in await session.engine.registered {
      runs += try await session.serving { () async throws(EngineFailure) in try await active(in: workspace) }
      stores.append(await store(of: workspace))
    }
    let process = OwnProcess.look()
    return Result(
      version: session.version, protocolVersion: 1, pid: process.pid, uptimeMs: process.uptimeMs, activeRuns: runs,
      memoryBytes: process.memoryBytes, stores: stores)
  }

  private static func active(in workspace: Workspace) async throws(EngineFailure) -> [ActiveRun] {
    var runs: [ActiveRun] = []
    for id in await workspace.liveRuns {
      let run = try await workspace.record(of: id)
      runs.append(
        ActiveRun(codebaseId: workspace.codebase.id, runId: id, workflow: run.workflow, status: run.status))
    }
    return runs
  }

  private static func store(of workspace: Workspace) async -> Store {
    let figures = workspace.storeFigures
    var store = Store(
      codebaseId: workspace.codebase.id, fileUri: FileURI(figures.folder), bytes: figures.bytes, storeId: nil,
      ownerPid: nil, error: nil)
    guard workspace.hasStore else { return store }
    do throws(EngineFailure) {
      store.storeId = try await workspace.storeState().id
      store.ownerPid = try await workspace.owner().map { Int($0.pid) }
    } catch {
      store.error = error.message
    }
    return store
  }
}
