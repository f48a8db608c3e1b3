internal import GRDB
internal import IonLock
internal import IonWorkflow

/// This process's right to write to a store, and the one connection that does.
///
/// The kernel lock is taken with the first hold and given back with the last one; in between everybody in the process
/// who opened the store by the same `CodebaseStore` shares it. The connection stays open after that, but does nothing
/// without the lock.
final class Ownership: Sendable {
  private enum State {
    case free
    /// Somebody takes the lock; the others wait to be told how that went.
    case taking(waiting: [CheckedContinuation<Void, Never>])
    case held(count: Int, Tenure, lock: OwnerLock)
  }

  private enum Next { case join(Tenure), take, wait }

  private let files: StoreFiles
  private let clock: StoreClock
  private let state = Guarded<State>(.free)
  private let connection = Guarded<WritingConnection?>(nil)

  init(_ files: StoreFiles, clock: StoreClock) {
    self.files = files
    self.clock = clock
  }

  deinit {
    // Whoever forgot to release has no store to write to any more.
    state.withLock { state in if case .held(_, _, let lock) = state { lock.release() } }
  }

  /// Takes the lock, or joins this process's hold of it. The database must be the expected file; with nil it is made
  /// where it is missing.
  func take(expecting file: FileIdentity?) async throws(StoreFailure) -> StoreOwnership {
    while true {
      switch state.withLock({ Self.next(&$0) }) {
      case .join(let tenure): return hold(tenure)
      case .take: return hold(try await takeLock(expecting: file))
      case .wait: await waitForTaker()
      }
    }
  }

  private static func next(_ state: inout State) -> Next {
    switch state {
    case .free:
      state = .taking(waiting: [])
      return .take
    case .taking: return .wait
    case .held(let count, let tenure, let lock):
      state = .held(count: count + 1, tenure, lock: lock)
      return .join(tenure)
    }
  }

  private func waitForTaker() async {
    await withCheckedContinuation { continuation in
      let isOver = state.withLock { state in
        guard case .taking(let waiting) = state else { return true }
        state = .taking(waiting: waiting + [continuation])
        return false
      }
      if isOver { continuation.resume() }
    }
  }

  private func takeLock(expecting file: FileIdentity?) async throws(StoreFailure) -> Tenure {
    do throws(StoreFailure) {
      if let file { try files.expect(file) }
      let lock = try await OwnerLock.take(files, clock)
      do throws(StoreFailure) {
        let tenure = try await begin(lock, expecting: file)
        settle(.held(count: 1, tenure, lock: lock))
        return tenure
      } catch {
        lock.write(OwnerNote(holder: nil, epoch: lock.earlierNote?.epoch ?? 0, seq: lock.earlierNote?.seq ?? 0))
        lock.release()
        throw error
      }
    } catch {
      settle(.free)
      throw error
    }
  }

  private func settle(_ settled: State) {
    let waiting = state.withLock { state in
      defer { state = settled }
      if case .taking(let waiting) = state { return waiting }
      return []
    }
    for continuation in waiting { continuation.resume() }
  }

  private func hold(_ tenure: Tenure) -> StoreOwnership {
    let isReleased = Guarded(false)
    return StoreOwnership(epoch: tenure.epoch) { [self] in
      let isFirst = isReleased.withLock { isReleased in
        defer { isReleased = true }
        return !isReleased
      }
      if isFirst { release() }
    }
  }

  private func release() {
    state.withLock { state in
      guard case .held(let count, let tenure, let lock) = state else { return }
      guard count == 1 else {
        state = .held(count: count - 1, tenure, lock: lock)
        return
      }
      lock.write(OwnerNote(holder: nil, epoch: tenure.epoch, seq: tenure.lastSeq))
      lock.release()
      state = .free
    }
  }

  /// The present tenure; nil where this process doesn't own the store.
  var tenure: Tenure? {
    state.withLock { state in if case .held(_, let tenure, _) = state { tenure } else { nil } }
  }

  /// Opens the database for writing, brings it up to date and starts a new epoch. The lock is held.
  private func begin(_ lock: OwnerLock, expecting file: FileIdentity?) async throws(StoreFailure) -> Tenure {
    let identity = ProcessIdentity.current()
    let earlier = lock.earlierNote
    lock.write(OwnerNote(holder: identity, epoch: earlier?.epoch ?? 0, seq: earlier?.seq ?? 0))
    let connection = try openConnection(expecting: file)
    try await connection.migrate()
    let (files, clock) = (files, clock)
    let tenure = try await connection.access { db in
      try Tenure.begin(db, connection: connection, process: identity, earlier: earlier, files: files, clock: clock)
    }
    lock.write(OwnerNote(holder: identity, epoch: tenure.epoch, seq: tenure.lastSeq))
    return tenure
  }

  private func openConnection(expecting file: FileIdentity?) throws(StoreFailure) -> WritingConnection {
    if let file { try files.expect(file) } else { try files.prepareDatabaseFile(files.database) }
    if let open = connection.withLock({ $0 }), open.identity == files.databaseIdentity() { return open }
    let opened = try WritingConnection(files)
    connection.withLock { $0 = opened }
    return opened
  }
}
