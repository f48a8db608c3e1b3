internal import Glibc
internal import IonStore
internal import IonWorkflow

/// What a run's worktree holds at one moment, as git would commit it: everything that isn't ignored.
///
/// It is taken with an index and a folder of objects of its own, so that neither the worktree's index nor the repository
/// changes. The index starts as a copy of the worktree's, which knows what is unchanged: only what changed is read.
struct WorktreeSnapshot: Sendable {
  /// At most as many files are looked at for renames, pair by pair.
  private static let renameLimit = "400"

  let place: RunIsolation
  /// Files that could not be read, as git says it; empty where all was.
  let complaints: [String]
  private let git: Git
  private let folder: AbsolutePath
  private let variables: [String: String]

  /// `folder` is made, and is the caller's to remove.
  static func take(of worktree: RunWorktree, in folder: AbsolutePath) async throws(EngineFailure) -> WorktreeSnapshot {
    let place = worktree.place
    let objects = folder.appending("objects")
    try FileAccess.makeFolder(objects.appending("info"))
    try FileAccess.write(
      Array((place.repository.appending("objects").text + "\n").utf8), to: objects.appending("info/alternates"))
    let index = folder.appending("index")
    let variables = [
      "GIT_DIR": worktree.gitFolder.text, "GIT_WORK_TREE": place.worktree.text, "GIT_INDEX_FILE": index.text,
      "GIT_OBJECT_DIRECTORY": objects.text,
    ]
    let add = ["add", "--all", "--ignore-errors"]
    if try !copyIndex(of: worktree, to: index) {
      _ = try await worktree.git.succeed(["read-tree", place.base], in: place.worktree, variables: variables)
    }
    var added = try await worktree.git.output(add, in: place.worktree, variables: variables)
    if added.exitCode == 128 {
      // The worktree's index may be damaged; without it everything is read.
      FileAccess.remove(index)
      _ = try await worktree.git.succeed(["read-tree", place.base], in: place.worktree, variables: variables)
      added = try await worktree.git.output(add, in: place.worktree, variables: variables)
    }
    guard added.exitCode < 128 else { throw Git.failure(added, of: add, in: place.worktree) }
    let complaints = added.exitCode == 0 ? [] : added.stderr.split(whereSeparator: \.isNewline).map(String.init)
    return WorktreeSnapshot(
      place: place, complaints: complaints, git: worktree.git, folder: folder, variables: variables)
  }

  /// Copies the worktree's index with its time, by which git knows what it can't be sure of; false where there is none.
  private static func copyIndex(of worktree: RunWorktree, to copy: AbsolutePath) throws(EngineFailure) -> Bool {
    let index = worktree.gitFolder.appending("index")
    guard let status = FileAccess.status(index), let bytes = try FileAccess.read(index) else { return false }
    try FileAccess.write(bytes, to: copy)
    var times = [status.st_atim, status.st_mtim]
    guard utimensat(AT_FDCWD, copy.text, &times, 0) == 0 else {
      throw .unusable("Ion can't set the time of \(copy): \(String(cString: strerror(errno))).")
    }
    return true
  }

  /// How the worktree differs from the commit that the run began with, by path.
  func changes() async throws(EngineFailure) -> [FileChange] {
    let listed = try await git.succeed(
      comparison + ["--raw", "--numstat", "-z", "--no-abbrev", place.base], in: place.worktree, variables: variables)
    guard !listed.isCut else { throw .tooLarge("The list of the run's changes", limit: Git.listLimit) }
    return FileChange.list(listed.stdout)
  }

  /// The same as a patch for people: of some files, or of all for none. Binary files are only named.
  func patch(of paths: [RepositoryPath], limit: Int) async throws(EngineFailure) -> (text: String, isCut: Bool) {
    let names = paths.map(\.description)
    let printed = try await git.succeed(
      comparison + ["--patch", "--no-color", place.base, "--"] + names, in: place.worktree, variables: variables,
      limit: limit)
    // Cut at the end of a line, so that what is there can be read.
    let bytes = printed.isCut ? printed.stdout[...].prefixOfLines : printed.stdout[...]
    return (String(decoding: bytes, as: UTF8.self), printed.isCut)
  }

  private var comparison: [String] {
    ["diff-index", "--cached", "-M", "-l" + Self.renameLimit, "--no-ext-diff", "--no-textconv"]
  }

  /// The content of an object; nil where it is larger than a limit, or isn't kept any more.
  func content(of hash: String, limit: Int) async throws(EngineFailure) -> [UInt8]? {
    let printed = try await git.output(
      ["cat-file", "blob", hash], in: place.worktree, variables: variables, limit: limit)
    return printed.isCut || printed.exitCode != 0 ? nil : printed.stdout
  }

  func discard() { FileAccess.remove(folder) }
}

extension ArraySlice<UInt8> {
  /// Everything up to the last line's end.
  fileprivate var prefixOfLines: ArraySlice<UInt8> {
    lastIndex(of: UInt8(ascii: "\n")).map { self[...$0] } ?? self
  }
}
