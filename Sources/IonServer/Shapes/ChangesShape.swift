public import IonEngine
public import IonStore
internal import IonWorkflow

/// The git worktree of an isolated run as the protocol shows it: `RunIsolation`.
public struct RunIsolationShape: WireShape, Hashable {
  public static let schemaName: String? = "RunIsolation"
  public static let notes: [String: String] = [
    "branch": "The run's branch; gone once its changes are dropped.",
    "worktreeUri": "The top level of its worktree; gone once its changes are dropped.",
    "checkoutUri": "The top level of the checkout that its changes go to.",
    "baseCommit": "The hash of the commit that the worktree was made from.",
    "changes": "What became of its changes.",
  ]

  public var branch: String
  public var worktreeUri: FileURI
  public var checkoutUri: FileURI
  public var baseCommit: String
  public var changes: ChangesState

  /// Nil for a run that isn't isolated.
  public init?(_ run: RunRecord) {
    guard let place = run.request.isolation else { return nil }
    branch = place.branch
    worktreeUri = FileURI(place.worktree)
    checkoutUri = FileURI(place.checkout)
    baseCommit = place.base
    changes = run.changes ?? .pending
  }
}

/// A file that an isolated run changed as the protocol shows it: `ChangedFile`.
public struct ChangedFileShape: WireShape, Hashable {
  public static let schemaName: String? = "ChangedFile"
  public static let notes: [String: String] = [
    "path": "From the checkout's top level; what isn't UTF-8 in it shows as U+FFFD.",
    "oldPath": "Where it was before it was renamed; absent for others.",
    "status": "How it differs from the commit that the run began with.",
    "binary": "Whether it is no text, and has no lines.",
    "additions": "Lines that are new; absent for what is no text.",
    "deletions": "Lines that are gone; absent for what is no text.",
    "oldMode": "What it was, as git says it (`100644`); absent for a file that is new.",
    "mode": "What it is: `100644` a file, `100755` a program, `120000` a link, `160000` a repository of its own, which "
      + "can't be taken; absent for a file that is gone.",
    "applied": "Whether it was taken as it is now.",
  ]

  public var path: String
  public var oldPath: String?
  public var status: ChangeStatus
  public var binary: Bool
  public var additions: Int?
  public var deletions: Int?
  public var oldMode: String?
  public var mode: String?
  public var applied: Bool

  init(
    path: String, oldPath: String?, status: ChangeStatus, binary: Bool, additions: Int?, deletions: Int?,
    oldMode: String?,
    mode: String?, applied: Bool
  ) {
    self.path = path
    self.oldPath = oldPath
    self.status = status
    self.binary = binary
    self.additions = additions
    self.deletions = deletions
    self.oldMode = oldMode
    self.mode = mode
    self.applied = applied
  }

  public init(_ file: ChangedFile) {
    path = file.path
    oldPath = file.oldPath
    status = file.status
    binary = file.additions == nil
    additions = file.additions
    deletions = file.deletions
    oldMode = file.oldMode
    mode = file.mode
    applied = file.isTaken
  }
}

/// A file that was taken over into a checkout as the protocol shows it: `AppliedFile`.
public struct AppliedFileShape: WireShape, Hashable {
  public static let schemaName: String? = "AppliedFile"
  public static let notes: [String: String] = [
    "path": "From the checkout's top level.",
    "how": "What was done in the checkout.",
  ]

  public var path: String
  public var how: TakenAs
}

extension ChangesState: WireWord {
  public static let schemaName = "ChangesState"

  public var meaning: String {
    switch self {
    case .pending: "Nothing of them was taken or dropped; there may be none."
    case .partlyApplied: "Some files were taken."
    case .applied: "Everything that there was is taken."
    case .discarded: "The worktree and its branch are gone, and what was not taken before went with them."
    }
  }
}

extension ChangeStatus: WireWord {
  public static let schemaName = "ChangeStatus"

  public var meaning: String {
    switch self {
    case .added: "It is new."
    case .modified: "Its content or its mode is another."
    case .deleted: "It is gone."
    case .renamed: "It was moved from `oldPath`, and perhaps changed."
    case .typeChanged: "A file became a link, or the other way round."
    }
  }
}

extension TakenAs: WireWord {
  public static let schemaName = "AppliedAs"

  public var meaning: String {
    switch self {
    case .written: "The run's file is there now."
    case .merged: "The run's changes were put into the checkout's own version of it."
    case .removed: "It was removed."
    case .alreadyThere: "The checkout had it already."
    }
  }
}
