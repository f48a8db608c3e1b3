internal import GRDB
internal import IonLock
internal import IonWorkflow

/// One time of owning a store, from taking its lock to giving it back.
struct Tenure: Sendable {
  let epoch: Int64
  private let connection: WritingConnection
  private let clock: StoreClock
  private let seq: Guarded<Int64>

  /// How far the numbers jump where commits of an earlier owner may be lost: more than one write-ahead log between two
  /// syncs can hold, so that no number is given twice to anybody who saw the lost ones.
  static let jump: Int64 = 100_000

  /// The last event's number, as this owner knows it.
  var lastSeq: Int64 { seq.withLock { $0 } }

  /// Starts the next epoch. The lock is held.
  static func begin(
    _ db: Database, connection: WritingConnection, process: ProcessIdentity, earlier: OwnerNote?, files: StoreFiles,
    clock: StoreClock
  ) throws -> Tenure {
    try db.transaction(.ordinary) {
      let known = try LogHead(db)
      let noted = (epoch: earlier?.epoch ?? 0, seq: earlier?.seq ?? 0)
      let boot = try db.row(.lastOwner)?.read(0, as: String.self)
      let isAnotherBoot = boot != nil && boot != process.bootID
      let isBehind = noted.epoch > known.epoch || noted.seq > known.seq
      let epoch = max(known.epoch, noted.epoch) + 1
      let seq = isAnotherBoot || isBehind ? max(known.seq, noted.seq) + jump : known.seq
      try db.run(.takeHead, [epoch, seq])
      try db.run(.insertOwner, [epoch, process.pid, String(process.startTicks), process.bootID, clock.wall()])
      return Tenure(epoch: epoch, connection: connection, clock: clock, seq: Guarded(seq))
    }
  }

  private init(epoch: Int64, connection: WritingConnection, clock: StoreClock, seq: Guarded<Int64>) {
    self.epoch = epoch
    self.connection = connection
    self.clock = clock
    self.seq = seq
  }

  /// One transaction on the log. Nothing is written where the store has another owner by now, or its file is gone.
  func write<Value: Sendable>(
    _ durability: Turn.Durability, _ body: @escaping @Sendable (inout LogWriter) throws -> Value
  ) async throws(StoreFailure) -> Value {
    switch durability {
    case .barrier: try await connection.access { [self] db in try write(db, durability, body) }
    case .ordinary: try connection.accessNow { db in try write(db, durability, body) }
    }
  }

  private func write<Value>(
    _ db: Database, _ durability: Turn.Durability, _ body: (inout LogWriter) throws -> Value
  ) throws -> Value {
    try connection.files.expect(connection.identity)
    let (value, last) = try db.transaction(durability) {
      var log = try LogWriter(db, epoch: epoch, clock: clock)
      let value = try body(&log)
      return (value, log.seq)
    }
    seq.withLock { $0 = last }
    return value
  }
}
