internal import IonEngine
public import IonJSON
public import IonRPC
public import IonStore
public import IonWorkflow

/// `run/changes`: what an isolated run changed.
public enum ShowChanges: ServedRequest {
  public static let method = "run/changes"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "runId": "The run; it may still go on.",
      "files": "Files or folders, as `files` of the result has them, that the diff is of; absent is everything.",
      "limit": "How many files are listed at most; absent is 1000.",
      "diffBytes": "How long the diff may be, in bytes: 0 leaves it out; absent is 1048576.",
    ]

    public var runId: RunID
    public var files: [String]?
    public var limit: Bounded<ChangeCount>?
    public var diffBytes: Bounded<DiffSize>?

    public init(runId: RunID) { self.runId = runId }

    public func check() throws(JSONDecodingFailure) { try FileChoice.check(files) }
  }

  public struct Result: WireShape, Hashable {
    public static let notes: [String: String] = [
      "runId": "The run.",
      "state":
        "What became of its changes. With `applied` and `discarded` its worktree may be gone, and nothing is listed.",
      "isolation": "Where it works.",
      "files":
        "What differs from the commit that the run began with, by path: committed or not, untracked files too, but "
        + "nothing that git ignores.",
      "total": "How many files that are, where not all are listed too.",
      "additions": "Lines that are new, of all files.",
      "deletions": "Lines that are gone, of all files.",
      "diff":
        "The changes as git's patch, with secrets hidden; binary files are only named. Absent where none was wanted.",
      "diffTruncated": "Whether the diff was cut at its limit; absent where there is none.",
      "unreadable":
        "What git says of files that it could not read, which are in no list; absent where it could read all.",
    ]

    public var runId: RunID
    public var state: ChangesState
    public var isolation: RunIsolationShape
    public var files: [ChangedFileShape]
    public var total: Int
    public var additions: Int
    public var deletions: Int
    public var diff: String?
    public var diffTruncated: Bool?
    public var unreadable: [String]?
  }

  public static let spec = Spec<Self>(
    summary: """
      What an isolated run changed up to now: the files with their lines, and the diff. The worktree stays as it is.
      """,
    errors: ErrorKind.readingRun + [.invalidState, .inputInvalid, .tooLarge],
    examples: [.init("two files", Params(runId: Sample.isolatedRecord.id), sample)])

  private static let sample: Result = {
    let record = Sample.isolatedRecord
    return Result(
      runId: record.id, state: .partlyApplied, isolation: RunIsolationShape(record)!,
      files: [Sample.newFile, Sample.changedFile], total: 2, additions: 5, deletions: 1,
      diff: "diff --git a/src/parser.c b/src/parser.c\n…", diffTruncated: false, unreadable: nil)
  }()

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    let diffBytes = params.diffBytes?.value ?? DiffSize.usual
    let changes = try await session.serving { () async throws(EngineFailure) in
      try await workspace.changes(
        of: params.runId, files: params.files ?? [], patchLimit: diffBytes == 0 ? nil : diffBytes)
    }
    guard let isolation = RunIsolationShape(changes.run) else {
      throw Failure(.invalidState, "Run \(params.runId) is not isolated.")
    }
    let shown = changes.files.prefix(params.limit?.value ?? ChangeCount.usual)
    return Result(
      runId: params.runId, state: changes.state, isolation: isolation.with(changes.state),
      files: shown.map(ChangedFileShape.init), total: changes.files.count,
      additions: changes.files.reduce(0) { $0 + ($1.additions ?? 0) },
      deletions: changes.files.reduce(0) { $0 + ($1.deletions ?? 0) }, diff: changes.patch?.text,
      diffTruncated: changes.patch?.isCut, unreadable: changes.complaints.isEmpty ? nil : changes.complaints)
  }
}

extension RunIsolationShape {
  fileprivate func with(_ state: ChangesState) -> RunIsolationShape {
    var shape = self
    shape.changes = state
    return shape
  }
}

/// The names of files in a request.
enum FileChoice {
  /// They go to git as arguments.
  static let limit = 1_000

  static func check(_ files: [String]?) throws(JSONDecodingFailure) {
    guard let files else { return }
    if files.isEmpty { throw JSONDecodingFailure("/files", "must not be empty; leave it out for everything") }
    if files.count > limit { throw JSONDecodingFailure("/files", "must have at most \(limit) names; name folders") }
  }
}
