internal import IonJSON
public import IonWorkflow

/// Where an isolated run works: a git worktree of its own. Fixed when the run was made.
public struct RunIsolation: Hashable, Codable, Sendable {
  /// Where the run would have worked otherwise: the checkout, or a folder in it.
  public var origin: AbsolutePath
  /// The top level of the checkout that the changes go to.
  public var checkout: AbsolutePath
  /// The top level of the run's worktree.
  public var worktree: AbsolutePath
  /// The repository that both belong to: git's common folder.
  public var repository: AbsolutePath
  /// The run's branch, without `refs/heads/`.
  public var branch: String
  /// The commit that the worktree was made from: its hash.
  public var base: String

  public init(
    origin: AbsolutePath, checkout: AbsolutePath, worktree: AbsolutePath, repository: AbsolutePath, branch: String,
    base: String
  ) {
    self.origin = origin
    self.checkout = checkout
    self.worktree = worktree
    self.repository = repository
    self.branch = branch
    self.base = base
  }

  /// Where the steps work: what `origin` is in the checkout, in the worktree.
  public var workingPath: AbsolutePath {
    let below = origin.relative(to: checkout) ?? ""
    return below.isEmpty ? worktree : worktree.appending(below)
  }
}

/// What became of an isolated run's changes.
public enum ChangesState: String, Codable, CaseIterable, Sendable {
  /// Nothing of them was taken or dropped.
  case pending
  /// Some files were taken, and others may be left.
  case partlyApplied
  /// Everything that there was is taken.
  case applied
  /// The worktree and its branch are gone, and what was not taken before went with them.
  case discarded
}

/// That changes of an isolated run were taken or dropped.
public struct ChangesNotice: Hashable, Sendable {
  public var state: ChangesState
  /// How many files were taken now.
  public var files: Int

  public init(state: ChangesState, files: Int) {
    self.state = state
    self.files = files
  }
}

extension RunRecord {
  /// A run that goes on may change more than what was taken of it.
  public mutating func reopenChanges() {
    if changes == .applied { changes = .partlyApplied }
  }
}

extension RunIsolation {
  var stored: JSONValue {
    .stored([
      "origin": .string(origin.text), "checkout": .string(checkout.text), "worktree": .string(worktree.text),
      "repository": .string(repository.text), "branch": .string(branch), "base": .string(base),
    ])
  }

  init(stored fields: Fields) throws(Fields.Mismatch) {
    self.init(
      origin: try fields.path("origin"), checkout: try fields.path("checkout"), worktree: try fields.path("worktree"),
      repository: try fields.path("repository"), branch: try fields.text("branch"), base: try fields.text("base"))
  }
}

extension ChangesNotice {
  var stored: JSONValue { .stored(["state": .string(state.rawValue), "files": .int(files)]) }

  init(stored fields: Fields) throws(Fields.Mismatch) {
    self.init(state: try fields.word("state"), files: try fields.int("files"))
  }
}
