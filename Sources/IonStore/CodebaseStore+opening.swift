internal import GRDB
public import IonWorkflow

extension CodebaseStore {
  /// Opens the store in a folder, and makes both where they are missing.
  ///
  /// It takes milliseconds, however large the store is; only a database that was found damaged is read whole. Ownership is
  /// taken for a moment where the store must be made, brought up to date or rebuilt, and given back: `own` is for writing.
  /// What was damaged is moved to `store.sqlite.damaged-<n>`, and `report` says so; the rebuilt store has a new id, since
  /// what it lost can't be told. A store of a newer Ion can be read.
  ///
  /// Throws `.unusable` where the folder can't hold a store, `.owned` where another process would have to be waited for
  /// too long, `.damaged` where the database is damaged and another process owns it.
  public static func open(
    folder: AbsolutePath, clock: StoreClock = .system
  ) async throws(StoreFailure) -> CodebaseStore {
    let files = StoreFiles(folder: folder)
    try files.prepareFolder()
    let ownership = Ownership(files, clock: clock)
    var report = OpeningReport()
    if files.isSuspect { try await clearSuspicion(files, clock, into: &report) }
    // Each round changes what the next one finds; another process can undo that only by being damaged itself.
    for _ in 0..<3 {
      switch try await Finding(files) {
      case .usable(let readers, let id, let version):
        if version > Schema.version { report.newerVersion = version }
        return CodebaseStore(id: id, report: report, files: files, ownership: ownership, readers: readers, clock: clock)
      case .outdated:
        try await patiently(clock) { () async throws(StoreFailure) in
          try await ownership.take(expecting: nil).release()
        }
      case .damaged(let message): try await rebuild(files, clock, because: message, into: &report)
      }
    }
    throw .failed("the store in \(folder) can't be opened: its database changes all the time")
  }

  /// What a folder holds.
  private enum Finding {
    case usable(Readers, id: String, version: Int)
    /// There is no database, or one that is only half made, or whose schema must be brought up to date.
    case outdated
    case damaged(String)

    init(_ files: StoreFiles) async throws(StoreFailure) {
      guard files.databaseIdentity() != nil else {
        self = files.hasOrphanedLog ? .damaged("\(files.database) is gone, or empty, and its log is not") : .outdated
        return
      }
      guard !files.hasUnfinishedJournal else {
        self = .outdated
        return
      }
      do throws(StoreFailure) {
        let readers = try Readers(files)
        let (version, id) = try await readers.read { db in
          let version = try Schema.version(of: db)
          guard version >= Schema.version else { return (version, "") }
          // The log's last row is where an interrupted write or a cut file shows first.
          if version == Schema.version {
            try Schema.check(db)
            if let last = try db.row(.lastEvent) { _ = try EventRow(last) }
          }
          guard let row = try db.row(.storeID) else { throw Fields.Mismatch(description: "the store has no id") }
          return (version, try row.read(0))
        }
        self = version < Schema.version ? .outdated : .usable(readers, id: id, version: version)
      } catch .damaged(let message) { self = .damaged(message) }
    }
  }

  /// Tries again while another process owns the store, which may be making it right now.
  private static func patiently(
    _ clock: StoreClock, _ attempt: () async throws(StoreFailure) -> Void
  ) async throws(StoreFailure) {
    var triesLeft = 250
    while true {
      do throws(StoreFailure) {
        return try await attempt()
      } catch .owned(let pid) {
        triesLeft -= 1
        guard triesLeft > 0 else { throw .owned(pid: pid) }
        do { try await clock.sleep(.milliseconds(20)) } catch { throw .owned(pid: pid) }
      }
    }
  }

  /// Looks at every page and every event of a database that somebody found damaged, unless its owner is at work.
  private static func clearSuspicion(
    _ files: StoreFiles, _ clock: StoreClock, into report: inout OpeningReport
  ) async throws(StoreFailure) {
    let lock: OwnerLock
    do throws(StoreFailure) { lock = try await OwnerLock.take(files, clock) } catch .owned { return }
    defer { lock.release() }
    guard files.databaseIdentity() != nil else { return files.clearSuspicion() }
    do throws(StoreFailure) {
      try await Salvage.check(files)
      files.clearSuspicion()
    } catch .damaged { try await Salvage.rebuild(files, into: &report) }
  }

  private static func rebuild(
    _ files: StoreFiles, _ clock: StoreClock, because message: String, into report: inout OpeningReport
  ) async throws(StoreFailure) {
    let before = files.databaseIdentity()
    let lock: OwnerLock
    do throws(StoreFailure) { lock = try await OwnerLock.take(files, clock) } catch .owned { throw .damaged(message) }
    defer { lock.release() }
    // Whoever had the lock before may have rebuilt it.
    if files.databaseIdentity() == before { try await Salvage.rebuild(files, into: &report) }
  }
}
