import Foundation
import GRDB
import Glibc
import IonJSON
import IonLock
import IonScheduler
import IonStore
import IonWorkflow

/// A folder of a test's own that goes away with it.
final class TemporaryFolder: Sendable {
  let path: AbsolutePath

  init() {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ion-store-\(UUID().uuidString)")
    path = AbsolutePath(folder.path)!
  }

  deinit { remove() }

  func remove() { _ = try? FileManager.default.removeItem(atPath: path.text) }

  var database: String { path.appending("store.sqlite").text }
  var lock: String { path.appending("owner.lock").text }

  func open(clock: StoreClock = .system) async throws -> CodebaseStore {
    try await CodebaseStore.open(folder: path, clock: clock)
  }

  /// Runs SQL on the database behind the store's back.
  func tamper(_ sql: String) throws {
    let queue = try DatabaseQueue(path: database)
    try queue.writeWithoutTransaction { db in try db.execute(sql: sql) }
    try queue.close()
  }

  /// What a query gives, read behind the store's back.
  func ask<Value: DatabaseValueConvertible & Sendable>(_ sql: String, as: Value.Type = Value.self) throws -> [Value] {
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: database, configuration: configuration)
    defer { try? queue.close() }
    return try queue.read { db in try Value.fetchAll(db, sql: sql) }
  }

  /// Moves everything that is in the write-ahead log into the database's file. Nobody else may have it open.
  func fold() throws { try tamper("PRAGMA wal_checkpoint(TRUNCATE)") }

  /// Copies the files as they are at this moment, as a crash would leave them.
  func copy() throws -> TemporaryFolder {
    let copy = TemporaryFolder()
    try FileManager.default.createDirectory(atPath: copy.path.text, withIntermediateDirectories: true)
    for name in ["store.sqlite", "store.sqlite-wal", "owner.lock"] {
      let source = path.appending(name).text
      guard FileManager.default.fileExists(atPath: source) else { continue }
      try FileManager.default.copyItem(atPath: source, toPath: copy.path.appending(name).text)
    }
    return copy
  }

  func contents(_ name: String) -> Data? { FileManager.default.contents(atPath: path.appending(name).text) }

  func replace(_ name: String, with data: Data) throws {
    try data.write(to: URL(fileURLWithPath: path.appending(name).text))
  }

  func mode(_ name: String) -> mode_t? {
    var facts = stat()
    return stat(path.appending(name).text, &facts) == 0 ? facts.st_mode & 0o777 : nil
  }
}

/// A clock that a test sets. Who sleeps by it is told at once that the time is over.
final class ManualClock: Sendable {
  private let now = Guarded<WallTime>(1_700_000_000_000)
  private let slept = Guarded<[Duration]>([])
  /// Is told how many have slept before one goes on.
  private let onSleep: @Sendable (Int) -> Void

  init(onSleep: @escaping @Sendable (Int) -> Void = { _ in }) { self.onSleep = onSleep }

  var clock: StoreClock {
    StoreClock(
      wall: { [now] in now.withLock { $0 } }, boot: { 42 },
      sleep: { [slept, onSleep] duration throws(CancellationError) in
        let count = slept.withLock { slept in
          slept.append(duration)
          return slept.count
        }
        onSleep(count)
      })
  }

  /// How long the sleeps would have taken.
  var sleepingTime: Duration { slept.withLock { $0.reduce(.zero, +) } }

  func advance(by milliseconds: WallTime) { now.withLock { $0 += milliseconds } }
}

/// A run with two nodes, as an engine would create it.
func draft(
  _ id: String, workflow: String = "build", nodes: [NodeID] = ["compile", "test"], createdAt: WallTime = 1000,
  key: String? = nil, parametersHash: String = "p"
) -> RunDraft {
  var request = RunRequest(workingPath: AbsolutePath("/home/ada")!, message: "go", inputs: ["level": 3])
  request.frozenFiles = ["lint.py": "hash-of-script"]
  var run = RunRecord(
    id: RunID(id), number: 0, workflow: workflow, definitionHash: "hash-of-definition",
    definitionPath: AbsolutePath("/home/ada/.ion/workflows/build.yaml"), status: .running, request: request,
    createdAt: createdAt)
  run.counts = [.pending: nodes.count]
  return RunDraft(
    run: run, nodes: nodes.enumerated().map { NodeRecord(run: RunID(id), node: $1, index: $0) },
    texts: ["hash-of-definition": "name: build\0é\n", "hash-of-script": "print(1)"],
    notices: [.message(level: .info, text: "created")],
    idempotency: key.map { RunDraft.Idempotency(key: $0, parametersHash: parametersHash) })
}

let output = NodeOutput(text: "fine", file: nil, length: 4, sha256: "hash-of-output")

/// The turn in which a node succeeds.
func success(_ run: RunRecord, _ node: NodeID, index: Int = 0, output: NodeOutput = output) -> Turn {
  var row = NodeRecord(run: run.id, node: node, index: index, status: .succeeded)
  row.attempt = 1
  row.startedAt = 1100
  row.endedAt = 1200
  row.output = output
  var record = run
  record.counts = [.succeeded: 1, .pending: 1]
  var turn = Turn(run: run.id, events: [.slotGranted(node), .stepSucceeded(node, output)])
  turn.record = record
  turn.nodes = [row]
  turn.notices = [.progress(progress(record, [row]))]
  return turn
}

/// The turn in which a run ends well.
func end(_ run: RunRecord, status: RunStatus = .succeeded) -> Turn {
  var record = run
  record.status = status
  record.endedAt = 2000
  var turn = Turn(run: run.id, events: [], durability: .barrier)
  turn.record = record
  turn.notices = [.progress(progress(record, []))]
  return turn
}

private func progress(_ record: RunRecord, _ nodes: [NodeRecord]) -> ProgressNotice {
  let counts = Dictionary(uniqueKeysWithValues: record.counts.map { ($0.key.rawValue, $0.value) })
  let lean = nodes.map { node in
    var node = node
    node.output?.text = nil
    return node
  }
  return ProgressNotice(
    status: record.status, attempt: record.attempt, counts: counts, nodes: lean, error: record.error, time: 2000)
}

/// The same numbers for the same seed (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var number = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    number = (number ^ (number >> 27)) &* 0x94D0_49BB_1331_11EB
    return number ^ (number >> 31)
  }
}
