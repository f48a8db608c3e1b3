internal import GRDB
internal import IonWorkflow

/// The read-write connection to a store's database. Only the owner of the store has anything done by it.
struct WritingConnection: Sendable {
  let files: StoreFiles
  let identity: FileIdentity
  private let queue: DatabaseQueue

  /// Opens an existing file, empty or not, in WAL mode.
  init(_ files: StoreFiles) throws(StoreFailure) {
    self.files = files
    do {
      queue = try DatabaseQueue(path: files.database.text, configuration: Self.configuration)
    } catch { throw files.failure(error) }
    guard let identity = files.databaseIdentity() else { throw .damaged("\(files.database) was removed") }
    self.identity = identity
  }

  static var configuration: Configuration {
    var configuration = Configuration()
    configuration.label = "store"
    configuration.journalMode = .wal
    configuration.busyMode = .timeout(5)
    configuration.foreignKeysEnabled = false
    // A log that once grew beside a long reader gives its room back.
    configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA journal_size_limit = 16777216") }
    return configuration
  }

  /// Brings the schema up to date; a newer one is left alone.
  func migrate() async throws(StoreFailure) {
    let version = try await access { db in try Schema.version(of: db) }
    guard version <= Schema.version else { throw .newerVersion(found: version, known: Schema.version) }
    guard version < Schema.version else { return }
    let files = files
    let outcome: Result<Void, StoreFailure> = await withCheckedContinuation { continuation in
      Schema.migrator.asyncMigrate(queue) { result in
        continuation.resume(returning: result.map { _ in }.mapError(files.failure))
      }
    }
    try outcome.get()
  }

  /// Runs a body on the connection's own queue, outside of a transaction. It isn't cut short by the caller's
  /// cancellation: what was begun is finished.
  func access<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(StoreFailure)
    -> Value
  {
    let files = files
    let outcome: Result<Value, StoreFailure> = await withCheckedContinuation { continuation in
      queue.asyncWriteWithoutTransaction { db in
        continuation.resume(returning: Result { try body(db) }.mapError(files.failure))
      }
    }
    return try outcome.get()
  }
}

extension WritingConnection {
  /// Runs a body on the connection at once, and blocks the calling thread meanwhile: for transactions that wait for no
  /// disk. Two changes of threads would take as long as such a transaction itself.
  func accessNow<Value>(_ body: (Database) throws -> Value) throws(StoreFailure) -> Value {
    do { return try queue.writeWithoutTransaction(body) } catch { throw files.failure(error) }
  }
}

extension Database {
  /// Runs a body in one IMMEDIATE transaction, at a power cut as durable as asked: `synchronous` is NORMAL between
  /// barriers, and can't be changed inside of a transaction.
  func transaction<Value>(_ durability: Turn.Durability, _ body: () throws -> Value) throws -> Value {
    guard durability == .barrier else { return try immediate(body) }
    // Not from the statement cache: this pragma acts when it is prepared.
    try execute(sql: "PRAGMA synchronous = FULL")
    let outcome = Result { try immediate(body) }
    try execute(sql: "PRAGMA synchronous = NORMAL")
    return try outcome.get()
  }

  private func immediate<Value>(_ body: () throws -> Value) throws -> Value {
    var value: Value?
    try inTransaction(.immediate) {
      value = try body()
      return .commit
    }
    return value!
  }
}
