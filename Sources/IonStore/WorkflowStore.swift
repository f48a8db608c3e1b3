public import IonScheduler
public import IonWorkflow

/// Where runs are kept: what the engine needs of a store. `CodebaseStore` is the real one.
///
/// Every method is one transaction. Methods that write need the store's ownership (`own`) and fail with `.notOwner`
/// where it was lost; methods that read work beside another owner.
public protocol WorkflowStore: Sendable {
  /// Names this store for as long as it lives; a new one means that clients forget what they know.
  var id: String { get }

  /// Takes the kernel lock (or joins this process's hold of it) until the returned value is released.
  func own() async throws(StoreFailure) -> StoreOwnership

  /// Creates a run with its definition, its nodes as pending, its first notice, and its place in the idempotency table.
  /// A barrier unless the draft says otherwise: durable when it returns. With a key that was used before: the first run where the parameters are the same
  /// (`created` false), else `.idempotencyConflict`.
  func createRun(_ draft: RunDraft) async throws(StoreFailure) -> CreatedRun

  /// Appends one turn of a run's driver: its events, the rows that changed, and what people are told. All or nothing.
  func commit(_ turn: Turn) async throws(StoreFailure) -> CommittedTurn

  /// Deletes a run's rows and leaves a `runDeleted` notice.
  func deleteRun(_ id: RunID) async throws(StoreFailure) -> CommittedTurn

  func run(_ id: RunID) async throws(StoreFailure) -> RunRecord?
  /// Newest first.
  func runs(_ filter: RunFilter) async throws(StoreFailure) -> Page<RunRecord>
  /// Runs whose status is live, oldest first.
  func unfinishedRuns() async throws(StoreFailure) -> [RunRecord]
  /// In the definition's order.
  func nodes(of run: RunID) async throws(StoreFailure) -> [NodeRecord]
  /// One node of a run; nil where there is no such run, or no such node of it.
  func node(_ id: NodeID, of run: RunID) async throws(StoreFailure) -> NodeRecord?
  /// The run's log from its first event, in order, to be folded.
  func history(of run: RunID) async throws(StoreFailure) -> [RunEvent]
  /// The run's events after a number with what the store knows of each, in order; for browsing, `history` is for folding.
  func events(of run: RunID, after seq: Int64, limit: Int) async throws(StoreFailure) -> [StoredEvent]
  /// Frozen text by the hash of its UTF-8 bytes: definitions and scripts.
  func text(sha256: String) async throws(StoreFailure) -> String?
  /// Notices in order, of one run or of all.
  func notices(of run: RunID?, after seq: Int64, limit: Int) async throws(StoreFailure) -> [StoredNotice]
  /// The oldest number that can still be replayed and the last one given.
  func bounds() async throws(StoreFailure) -> SequenceBounds
  func artifacts(of run: RunID?, prefix: String?) async throws(StoreFailure) -> [ArtifactRecord]

  /// A number that is another one whenever any process has written since it was last asked; cheap enough to be asked
  /// several times a second.
  func dataVersion() async throws(StoreFailure) -> Int
  /// Who owns the store now; nil where nobody does.
  func owner() async throws(StoreFailure) -> OwnerInfo?
}

/// What is needed to create a run.
public struct RunDraft: Sendable {
  /// `number` and `seq` are set by the store.
  public var run: RunRecord
  public var nodes: [NodeRecord]
  /// Texts to keep with the run: hash to text. The definition's is among them.
  public var texts: [String: String]
  public var notices: [Notice]
  /// Events that come before everything (`inherited`).
  public var events: [RunEvent]
  /// The caller's key and a digest of the parameters that it stands for; nil where the caller gave none.
  public var idempotency: Idempotency?
  /// How durable the run's beginning is when it was created.
  public var durability = Turn.Durability.barrier

  public struct Idempotency: Hashable, Sendable {
    public var key: String
    public var parametersHash: String

    public init(key: String, parametersHash: String) {
      self.key = key
      self.parametersHash = parametersHash
    }
  }

  public init(
    run: RunRecord, nodes: [NodeRecord], texts: [String: String], notices: [Notice] = [], events: [RunEvent] = [],
    idempotency: Idempotency? = nil
  ) {
    self.run = run
    self.nodes = nodes
    self.texts = texts
    self.notices = notices
    self.events = events
    self.idempotency = idempotency
  }
}

/// A run that was created, or the one that an idempotency key stands for.
public struct CreatedRun: Sendable {
  public var run: RunRecord
  /// False where the key had been used before; nothing was written then.
  public var created: Bool
  /// What was written.
  public var committed: CommittedTurn

  public init(run: RunRecord, created: Bool, committed: CommittedTurn) {
    self.run = run
    self.created = created
    self.committed = committed
  }
}

/// One turn of a run's driver, to be committed whole.
public struct Turn: Sendable {
  public enum Durability: Sendable {
    /// Survives a power cut.
    case barrier
    /// Survives a crash of the process.
    case ordinary
  }

  public var run: RunID
  public var events: [RunEvent]
  /// The run's row as it is after the turn; nil where it didn't change. `seq` is set by the store.
  public var record: RunRecord?
  /// The rows of the nodes that changed; of all nodes where the turn's events say `redefined`.
  public var nodes: [NodeRecord]
  /// Texts to keep with the run besides: hash to text.
  public var texts: [String: String]
  public var artifacts: [ArtifactRecord]
  public var notices: [Notice]
  public var durability: Durability

  public init(run: RunID, events: [RunEvent], durability: Durability = .ordinary) {
    self.run = run
    self.events = events
    self.durability = durability
    record = nil
    nodes = []
    texts = [:]
    artifacts = []
    notices = []
  }
}

/// What a committed turn got.
public struct CommittedTurn: Sendable {
  /// The first and the last number that the turn used; both are the store's last number where it wrote none.
  public var firstSeq: Int64
  public var seq: Int64
  public var notices: [StoredNotice]

  public init(firstSeq: Int64, seq: Int64, notices: [StoredNotice]) {
    self.firstSeq = firstSeq
    self.seq = seq
    self.notices = notices
  }
}

/// Which runs to list.
public struct RunFilter: Sendable {
  public var workflow: String?
  /// Empty allows every status.
  public var statuses: [RunStatus]
  /// Created at or after, and before.
  public var since: WallTime?
  public var until: WallTime?
  public var family: Family
  /// From an earlier page's `nextCursor`.
  public var cursor: String?
  public var limit: Int

  /// Whose children are listed.
  public enum Family: Hashable, Sendable {
    case all
    /// Only runs that are nobody's children.
    case nobodys
    /// Only the children of this run, not theirs.
    case children(of: RunID)
  }

  public init(
    workflow: String? = nil, statuses: [RunStatus] = [], since: WallTime? = nil, until: WallTime? = nil,
    family: Family = .all, cursor: String? = nil, limit: Int = 100
  ) {
    self.workflow = workflow
    self.statuses = statuses
    self.since = since
    self.until = until
    self.family = family
    self.cursor = cursor
    self.limit = limit
  }
}

/// One page of a list.
public struct Page<Item: Sendable>: Sendable {
  public var items: [Item]
  /// Where the next page starts; nil on the last one.
  public var nextCursor: String?

  public init(items: [Item], nextCursor: String?) {
    self.items = items
    self.nextCursor = nextCursor
  }
}

/// The span of a store's event numbers.
public struct SequenceBounds: Hashable, Sendable {
  public var oldest: Int64
  public var last: Int64

  public init(oldest: Int64, last: Int64) {
    self.oldest = oldest
    self.last = last
  }
}

/// A hold of a store's ownership; released by hand, once.
public struct StoreOwnership: Sendable {
  /// Increases with every owner.
  public let epoch: Int64
  private let onRelease: @Sendable () -> Void

  public init(epoch: Int64, onRelease: @escaping @Sendable () -> Void) {
    self.epoch = epoch
    self.onRelease = onRelease
  }

  /// Gives the hold back; the kernel lock goes when the process's last hold does.
  public func release() { onRelease() }
}

/// Why a store could not do what was asked.
public enum StoreFailure: Error, Hashable, Sendable {
  /// Another live process owns the store; 0 where it didn't say who it is.
  case owned(pid: Int32)
  /// This process's ownership was lost: another owner's epoch is in the store.
  case notOwner
  /// An idempotency key was used with other parameters.
  case idempotencyConflict(key: String)
  case runNotFound(RunID)
  /// A list was asked to go on from a cursor that none of its pages gave.
  case invalidCursor(String)
  /// The log has an event whose kind only a newer Ion knows.
  case unknownEvent(kind: String, seq: Int64)
  /// The database can't be read, or isn't there any more. Opening the store again moves it aside and rebuilds it.
  case damaged(String)
  /// The store was written by a newer Ion.
  case newerVersion(found: Int, known: Int)
  /// There is no room left.
  case diskFull
  /// The folder can't be made or written, or lies where a store can't live.
  case unusable(String)
  /// Anything else that SQLite or the file system says.
  case failed(String)
}
