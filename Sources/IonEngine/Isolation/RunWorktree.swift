internal import IonProcess
internal import IonStore
internal import IonWorkflow

/// The git worktree of an isolated run, with its branch: made when the run begins, kept until it is dropped.
struct RunWorktree: Sendable {
  let run: RunID
  let place: RunIsolation
  let git: Git

  init(_ place: RunIsolation, of run: RunID, _ git: Git) {
    self.run = run
    self.place = place
    self.git = git
  }

  /// Works out where an isolated run would work that starts from a folder. Nothing is made.
  ///
  /// - Throws: `.unusable` where the folder is in no repository, the repository has no commit, the folder isn't in it, or
  ///   there is no git.
  static func place(
    for run: RunID, from origin: AbsolutePath, below worktrees: AbsolutePath, _ git: Git
  ) async throws(EngineFailure) -> RunIsolation {
    let origin = FileAccess.realPath(origin) ?? origin
    let question = ["rev-parse", "--show-toplevel", "--git-common-dir"]
    let found = try await git.output(question, in: origin)
    if found.stderr.contains("not a git repository") {
      throw .unusable(
        "\(origin) is in no git repository, and an isolated run needs one: `git init` and a first commit make one; "
          + "or run it without isolation.")
    }
    guard found.exitCode == 0 else { throw Git.failure(found, of: question, in: origin) }
    let lines = found.stdout.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    guard lines.count == 2, let checkout = AbsolutePath(lines[0]), origin.isWithin(checkout) else {
      throw .unusable("git doesn't say which checkout \(origin) is in; an isolated run can't be made from there.")
    }
    let head = try await git.output(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], in: origin)
    guard head.exitCode == 0 else {
      throw .unusable(
        "The repository at \(checkout) has no commit yet, and an isolated run starts from the last one: make a first "
          + "commit, or run it without isolation.")
    }
    let place = RunIsolation(
      origin: origin, checkout: checkout, worktree: worktrees.appending(run.rawValue),
      repository: origin.appending(lines[1]), branch: "ion/\(run)", base: head.line)
    if origin != checkout,
      try await git.output(["rev-parse", "--verify", "--quiet", "HEAD:./"], in: origin).exitCode != 0
    {
      throw .unusable(
        "\(origin) is not in the last commit, from which an isolated run is made: commit it, start the run from another "
          + "folder, or run it without isolation.")
    }
    return place
  }

  /// Git's own folder of the worktree.
  var gitFolder: AbsolutePath { place.repository.appending("worktrees").appending(place.worktree.name) }

  /// Makes the worktree and its branch; what an earlier try left of them is taken away.
  func make() async throws(EngineFailure) {
    if FileAccess.exists(place.worktree) || FileAccess.exists(gitFolder) {
      // Who was killed may have left a git that still makes it.
      _ = await ProcessHousehold.stopLeftovers(facts: [], markers: [git.markers], grace: .milliseconds(500))
      try await removeFolder()
    }
    try FileAccess.makeFolder(place.worktree.parent)
    _ = try await git.succeed(
      ["worktree", "add", "--quiet", "-B", place.branch, place.worktree.text, place.base], in: place.checkout)
  }

  /// Fails where the worktree isn't what it was, so that nothing works in it: without its `.git`, git would find the
  /// checkout that it lies in.
  ///
  /// - Throws: `.invalidState`.
  func check() async throws(EngineFailure) {
    guard FileAccess.isRealFolder(place.worktree) else {
      throw .invalidState(
        run, "The worktree of run \(run) is gone (\(place.worktree)), and the run can't go on without it; run it anew.")
    }
    let found = try await git.output(["rev-parse", "--absolute-git-dir"], in: place.worktree)
    let isOwn = AbsolutePath(found.line).flatMap(FileAccess.realPath) == FileAccess.realPath(gitFolder)
    guard found.exitCode == 0, isOwn else {
      throw .invalidState(
        run,
        "The worktree of run \(run) at \(place.worktree) is damaged: git doesn't take it for one any more. "
          + "`git worktree repair` may mend it; else discard the run and run it anew.")
    }
  }

  /// Whether the run, or somebody, committed something there.
  func hasCommits() async throws(EngineFailure) -> Bool {
    let head = try await git.output(
      ["rev-parse", "--verify", "--quiet", "refs/heads/\(place.branch)"], in: place.repository, variables: ownRepository
    )
    return head.exitCode == 0 && head.line != place.base
  }

  /// How many files of the checkout differ from its last commit, untracked ones included.
  func uncommittedCount() async throws(EngineFailure) -> Int {
    let status = try await git.succeed(
      ["status", "--porcelain", "-z", "--untracked-files=normal", "--no-renames"], in: place.checkout)
    return status.stdout.count { $0 == 0 }
  }

  /// Takes away the worktree with everything in it, and its branch. What is gone already changes nothing.
  ///
  /// - Throws: `.invalidState` where the branch is checked out somewhere else; `.unusable` where something can't be
  ///   removed.
  @concurrent func remove() async throws(EngineFailure) {
    guard FileAccess.isFolder(place.repository) else { return try removeFiles() }
    let branch = try await git.succeed(
      ["for-each-ref", "--format=%(refname)%00%(worktreepath)", "refs/heads/\(place.branch)"], in: place.repository,
      variables: ownRepository)
    let fields = branch.line.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
    let user = fields.count == 2 ? fields[1] : ""
    if !user.isEmpty, AbsolutePath(user) != place.worktree {
      throw .invalidState(
        run, "The branch `\(place.branch)` is checked out at \(user); switch to another one there, and discard again.")
    }
    try await removeFolder()
    guard fields.count == 2 else { return }
    _ = try await git.succeed(
      ["branch", "--quiet", "-D", place.branch], in: place.repository, variables: ownRepository)
  }

  private var ownRepository: [String: String] { ["GIT_DIR": place.repository.text] }

  private func removeFolder() async throws(EngineFailure) {
    let command = ["worktree", "remove", "--force", "--force", place.worktree.text]
    // Git knows names that are no text. It leaves what is in folders that may not be written, and damaged worktrees.
    _ = try await git.output(command, in: place.repository, variables: ownRepository)
    try removeFiles()
    guard FileAccess.exists(gitFolder) else { return }
    let removed = try await git.output(command, in: place.repository, variables: ownRepository)
    // A worktree that was never finished isn't known by its folder.
    if removed.exitCode != 0 { FileAccess.remove(gitFolder) }
    guard !FileAccess.exists(gitFolder) else { throw Git.failure(removed, of: command, in: place.repository) }
  }

  private func removeFiles() throws(EngineFailure) {
    FileAccess.remove(place.worktree)
    guard !FileAccess.exists(place.worktree) else {
      throw .unusable("Ion can't remove \(place.worktree); see who owns what is left there, remove it, and try again.")
    }
  }
}
