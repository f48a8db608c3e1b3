public import IonStore
internal import IonWorkflow

/// What an isolated run changed.
public struct RunChanges: Sendable {
  public var run: RunRecord
  public var place: RunIsolation
  public var state: ChangesState
  /// By path.
  public var files: [ChangedFile]
  /// Files that could not be read, as git says it; they are in no list.
  public var complaints: [String]
  /// The changes as a patch; nil where none was asked for.
  public var patch: Patch?

  /// Changes for people to read.
  public struct Patch: Hashable, Sendable {
    public var text: String
    /// Whether there is more, from which nothing is shown.
    public var isCut: Bool
  }
}

/// One file that an isolated run changed.
public struct ChangedFile: Hashable, Sendable {
  /// From the checkout's top level.
  public var path: String
  /// Where it was before it was renamed; nil for others.
  public var oldPath: String?
  public var status: ChangeStatus
  /// What it was and what it is, as git's modes (`100644`); nil for nothing.
  public var oldMode: String?
  public var mode: String?
  /// Lines; nil for what is no text.
  public var additions: Int?
  public var deletions: Int?
  /// Whether it was taken as it is.
  public var isTaken: Bool

  init(_ change: FileChange, isTaken: Bool) {
    path = change.path.description
    oldPath = change.oldPath?.description
    status = change.status
    oldMode = change.old.map { String($0.kind.rawValue, radix: 8) }
    mode = change.new.map { String($0.kind.rawValue, radix: 8) }
    additions = change.additions
    deletions = change.deletions
    self.isTaken = isTaken
  }
}

/// What came of taking an isolated run's changes.
public struct TakenChanges: Sendable {
  public var run: RunRecord
  public var place: RunIsolation
  /// The files that were taken now, by path, and how.
  public var files: [(path: String, how: TakenAs)]
  /// How many files are left that were never taken.
  public var remaining: Int
  /// Whether the worktree and its branch are gone: everything was taken, and nothing else was there.
  public var isWorktreeGone: Bool
}
