internal import GRDB
internal import IonWorkflow

/// The read-only connections to a store's database: they work beside any owner, see whole transactions only, and never
/// write, not even a checkpoint.
struct Readers: Sendable {
  private let files: StoreFiles
  private let pool: DatabasePool
  /// The file that is open.
  let identity: FileIdentity

  /// Opens an existing database.
  init(_ files: StoreFiles) throws(StoreFailure) {
    self.files = files
    guard let identity = files.databaseIdentity() else { throw .damaged("\(files.database) was removed") }
    self.identity = identity
    var configuration = Configuration()
    configuration.label = "store"
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    configuration.foreignKeysEnabled = false
    configuration.maximumReaderCount = 4
    do {
      pool = try DatabasePool(path: files.database.text, configuration: configuration)
    } catch { throw files.failure(error) }
  }

  /// Runs a body on one snapshot of the database. It isn't cut short by the caller's cancellation. Throws `.damaged` where
  /// the database was removed or replaced.
  func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(StoreFailure) -> Value
  {
    try files.expect(identity)
    let files = files
    let outcome: Result<Value, StoreFailure> = await withCheckedContinuation { continuation in
      pool.asyncRead { database in
        continuation.resume(returning: Result { try body(database.get()) }.mapError(files.failure))
      }
    }
    return try outcome.get()
  }

  /// `PRAGMA data_version`, which is only comparable on one connection: the pool's first one, which serves nothing else.
  func dataVersion() async throws(StoreFailure) -> Int {
    try files.expect(identity)
    let files = files
    let outcome: Result<Int, StoreFailure> = await withCheckedContinuation { continuation in
      pool.asyncWriteWithoutTransaction { db in
        let version = Result { try Int.fetchOne(db, sql: "PRAGMA data_version") ?? 0 }
        continuation.resume(returning: version.mapError(files.failure))
      }
    }
    return try outcome.get()
  }
}
