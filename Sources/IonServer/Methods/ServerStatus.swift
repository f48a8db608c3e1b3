internal import Glibc
internal import IonEngine
public import IonRPC
public import IonWorkflow

/// `server/status`: what this server is, and what goes on in it.
public enum ServerStatus: ServedRequest {
  public static let method = "server/status"
  public static let ordering = Ordering.concurrent

  public typealias Params = Nothing

  public struct Result: WireShape {
    public static let notes = [
      "version": "Ion's version.",
      "pid": "The server's process.",
      "memoryBytes": "What the process has in memory now.",
      "activeRuns": "The runs that go on in this process.",
      "codebases": "The codebases that are registered.",
    ]

    public var version: String
    public var pid: Int
    public var memoryBytes: Int
    public var activeRuns: [RunID]
    public var codebases: [CodebaseID]
  }

  public static let spec = Spec<Self>(
    summary: "What this server is, and what goes on in it.",
    examples: [
      .init(
        "at work", Nothing(),
        Result(
          version: "0.1.0", pid: 4711, memoryBytes: 23_068_672, activeRuns: [Sample.run], codebases: [Sample.codebaseID]
        ))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    var runs: [RunID] = []
    let workspaces = await session.engine.registered
    for workspace in workspaces { runs += await workspace.liveRuns }
    return Result(
      version: session.version, pid: Int(getpid()), memoryBytes: memory(), activeRuns: runs,
      codebases: workspaces.map(\.codebase.id))
  }

  /// Resident pages by `/proc/self/statm`, in bytes; 0 where it can't be read.
  private static func memory() -> Int {
    guard let file = fopen("/proc/self/statm", "re") else { return 0 }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 128)
    guard fgets(&buffer, Int32(buffer.count), file) != nil else { return 0 }
    let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}
