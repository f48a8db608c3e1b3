internal import GRDB
internal import IonWorkflow

/// One codebase's runs in one SQLite file (`store.sqlite`), owned by one process at a time and read by any number.
///
/// The log (`event`) is the truth: facts, which a run is folded from, and notices, which people are told, share one
/// sequence of numbers. Every other table is a fold of the log, written in the same transaction. Numbers only rise and
/// none is used twice. They leave no gaps but three kinds: where a run was deleted (its `runDeleted` notice stays), where
/// an owner of another boot took over, and where the file was found behind what its last owner noted; in the latter two
/// commits may be lost, and the numbers jump by `Tenure.jump`.
///
/// The value is a handle: copies share connections and ownership. Two stores opened on one folder don't, not even in one
/// process: they are two owners.
public struct CodebaseStore: WorkflowStore {
  public let id: String
  /// What happened when the store was opened.
  public let report: OpeningReport
  let files: StoreFiles
  let ownership: Ownership
  let readers: Readers
  let clock: StoreClock

  /// Takes the kernel lock, or joins this store's hold of it, for as long as the result isn't released.
  public func own() async throws(StoreFailure) -> StoreOwnership {
    if let found = report.newerVersion { throw .newerVersion(found: found, known: Schema.version) }
    return try await ownership.take(expecting: readers.identity)
  }

  /// The living process that owns the store; nil where none does.
  public func owner() async throws(StoreFailure) -> OwnerInfo? {
    guard let holder = OwnerNote.read(files)?.holder, holder.isAlive else { return nil }
    return OwnerInfo(pid: holder.pid, startTicks: holder.startTicks, bootID: holder.bootID)
  }

  /// A number that differs from the one before whenever anybody has written in between; for watching beside another
  /// owner. Throws `.damaged` where the database was removed or replaced.
  public func dataVersion() async throws(StoreFailure) -> Int { try await readers.dataVersion() }
}
