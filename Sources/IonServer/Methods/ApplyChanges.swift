internal import IonEngine
public import IonJSON
public import IonRPC
public import IonStore
public import IonWorkflow

/// `run/apply`: takes changes of an isolated run over into its checkout.
public enum ApplyChanges: ServedRequest {
  public static let method = "run/apply"
  public static let ordering = Ordering.serial
  public static let startsRuns = true

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "runId": "The run; it must have ended, or wait at a gate.",
      "files":
        "Files or folders, as `run/changes` has them; of a file that was renamed, either name. Absent is everything that "
        + "was not taken.",
    ]

    public var runId: RunID
    public var files: [String]?

    public init(runId: RunID, files: [String]? = nil) {
      self.runId = runId
      self.files = files
    }

    public func check() throws(JSONDecodingFailure) { try FileChoice.check(files) }
  }

  public struct Result: WireShape, Hashable {
    public static let notes: [String: String] = [
      "runId": "The run.",
      "state": "What became of its changes.",
      "files": "What was taken now, by path; at most 10000 are listed.",
      "total": "How many files that were, where not all are listed too.",
      "remaining": "How many files are left that were never taken.",
      "checkoutUri": "The top level of the checkout that has them.",
      "worktreeRemoved":
        "Whether the worktree and its branch are gone: everything of a run that succeeded is taken, and it committed nothing.",
    ]

    public var runId: RunID
    public var state: ChangesState
    public var files: [AppliedFileShape]
    public var total: Int
    public var remaining: Int
    public var checkoutUri: FileURI
    public var worktreeRemoved: Bool
  }

  public static let spec = Spec<Self>(
    summary: """
      Takes changes of an isolated run over into the files of its checkout: all of what is asked for, or nothing. What the       checkout's own version of a file has besides is kept where both go together; else there is a conflict. Nothing is       committed, and git's index stays as it is. `changes/didChange` tells everybody.
      """,
    errors: ErrorKind.readingRun + [
      .invalidState, .inputInvalid, .changesConflict, .outsideWorkspace, .pathLocked, .storeOwned, .tooLarge,
    ],
    examples: [
      .init(
        "one file", Params(runId: Sample.isolatedRecord.id, files: ["src/parser.c"]),
        Result(
          runId: Sample.isolatedRecord.id, state: .partlyApplied,
          files: [AppliedFileShape(path: "src/parser.c", how: .merged)], total: 1, remaining: 1,
          checkoutUri: FileURI(Sample.root), worktreeRemoved: false))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    return try await session.serving { () async throws(EngineFailure) in
      let taken = try await workspace.apply(params.runId, files: params.files)
      let shown = taken.files.prefix(ChangeCount.range.upperBound)
      return Result(
        runId: params.runId, state: taken.run.changes ?? .pending,
        files: shown.map { AppliedFileShape(path: $0.path, how: $0.how) }, total: taken.files.count,
        remaining: taken.remaining, checkoutUri: FileURI(taken.place.checkout), worktreeRemoved: taken.isWorktreeGone)
    }
  }
}
