internal import Glibc
internal import IonDigest
internal import IonStore
internal import IonWorkflow

/// How a file of a run came into the checkout.
public enum TakenAs: String, Codable, CaseIterable, Sendable {
  /// The run's file is there now.
  case written
  /// The run's changes were put into the checkout's own version of it.
  case merged
  case removed
  /// The checkout had it already.
  case alreadyThere
}

/// Takes what a run did over into the checkout: all that is asked for, or nothing.
struct ChangeTaking {
  /// One path with what is to be done there.
  private struct Step {
    var edit: PathEdit
    var action: EditAction
  }

  /// Larger files are not put together with other versions of themselves.
  private static let mergeLimit = 16 * 1024 * 1024

  let snapshot: WorktreeSnapshot
  let journal: ChangeJournal
  let git: Git
  /// A folder for what is needed meanwhile.
  let scratch: AbsolutePath
  private let source: CheckoutFiles
  private let target: CheckoutFiles

  init(_ snapshot: WorktreeSnapshot, _ journal: ChangeJournal, _ git: Git, scratch: AbsolutePath) throws(EngineFailure)
  {
    self.snapshot = snapshot
    self.journal = journal
    self.git = git
    self.scratch = scratch
    source = try CheckoutFiles(snapshot.place.worktree)
    target = try CheckoutFiles(snapshot.place.checkout)
  }

  /// Takes the edits over; the checkout's index and commits are left alone.
  ///
  /// - Throws: `.changesConflict` with everything that stands in the way; nothing was changed then. Any other failure:
  ///   what had been there was put back.
  @concurrent func take(_ edits: [PathEdit]) async throws(EngineFailure) -> [RepositoryPath: TakenAs] {
    // Each path once: files that are renamed in a ring are taken away and added at the same time.
    let edits = Self.joined(edits)
    let removing = Set(edits.filter { $0.new == nil }.map(\.path))
    let scan = try await CheckoutScan(edits.map(\.path), in: target, removing: removing, git, scratch: scratch)
    try journal.begin()
    do throws(EngineFailure) {
      let steps = try await plan(edits, scan, removing)
      let entries = try stage(steps, scan)
      var taken: ChangeJournal.Taken = [:]
      for edit in edits { taken[edit.path] = ChangeJournal.text(of: edit) }
      try journal.write(entries.map(\.entry), taking: taken, checkout: target.root)
      for (number, staged) in entries.enumerated() { try put(staged.entry, number, scan.stamps[staged.entry.path]) }
      try journal.commit()
      return Dictionary(uniqueKeysWithValues: steps.map { ($0.edit.path, Self.word(for: $0.action)) })
    } catch {
      let left = try journal.undo()
      guard left.isEmpty else {
        throw .unusable("\(error.message) These files were changed meanwhile and are left so: \(Self.names(left)).")
      }
      throw error
    }
  }

  static func names(_ paths: [RepositoryPath]) -> String {
    paths.prefix(5).map { "`\($0)`" }.joined(separator: ", ") + (paths.count > 5 ? " and \(paths.count - 5) more" : "")
  }

  private static func joined(_ edits: [PathEdit]) -> [PathEdit] {
    var joined: [PathEdit] = []
    var places: [RepositoryPath: Int] = [:]
    for edit in edits {
      if let place = places[edit.path] {
        joined[place].old = joined[place].old ?? edit.old
        joined[place].new = joined[place].new ?? edit.new
      } else {
        places[edit.path] = joined.count
        joined.append(edit)
      }
    }
    return joined
  }

  private static func word(for action: EditAction) -> TakenAs {
    switch action {
    case .nothing: .alreadyThere
    case .remove: .removed
    case .write, .setKind: .written
    case .merge: .merged
    }
  }

  /// What is to be done at each path, in an order in which it can be: what goes away first.
  private func plan(
    _ edits: [PathEdit], _ scan: CheckoutScan, _ removing: Set<RepositoryPath>
  ) async throws(EngineFailure) -> [Step] {
    let cleared = Set(removing.flatMap(\.folders))
    var steps: [Step] = []
    var conflicts: [ChangeConflict] = []
    for edit in edits {
      switch edit.action(on: scan.entries[edit.path] ?? .nothing, isCleared: cleared.contains(edit.path)) {
      case .failure(let fault): conflicts.append(ChangeConflict(path: "\(edit.path)", reason: fault.reason))
      case .success(let action):
        if let fault = try await fault(of: action, edit) {
          conflicts.append(ChangeConflict(path: "\(edit.path)", reason: fault.reason))
        }
        steps.append(Step(edit: edit, action: action))
      }
    }
    guard conflicts.isEmpty else { throw .changesConflict(git.run, conflicts) }
    let isFirst: (Step) -> Bool = { $0.action == .remove }
    return steps.filter(isFirst) + steps.filter { !isFirst($0) }
  }

  /// What is wrong with an action beyond what the three sides say. Files that are put together are made then.
  private func fault(of action: EditAction, _ edit: PathEdit) async throws(EngineFailure) -> ChangeFault? {
    switch action {
    case .write(.link):
      let text = try source.target(of: edit.path)
      guard !edit.path.staysInside(linkingTo: text) else { return nil }
      return ChangeFault(
        "it is a link that leads out of the checkout, to `\(String(decoding: text, as: UTF8.self))`")
    case .merge(let ours, _):
      guard let old = edit.old, let new = edit.new else { return nil }
      return try await merge(edit.path, old: old, ours: ours, theirs: new)
    case .nothing, .remove, .write, .setKind: return nil
    }
  }

  /// Puts both sides' changes together; why that can't be done, or nil.
  private func merge(
    _ path: RepositoryPath, old: TreeEntry, ours: TreeEntry, theirs: TreeEntry
  ) async throws(EngineFailure) -> ChangeFault? {
    let folder = merging(path)
    FileAccess.remove(folder)
    try FileAccess.makeFolder(folder)
    guard let base = try await snapshot.content(of: old.hash, limit: Self.mergeLimit) else {
      return "it was changed in the checkout and by the run, and can't be put together"
    }
    try FileAccess.write(base, to: folder.appending("base"))
    try target.copy(path, to: folder.appending("ours"), mode: 0o600)
    try source.copy(path, to: folder.appending("theirs"), mode: 0o600)
    // Where git converts a file on its way, what stands on the disk can't be compared with what git keeps.
    for (name, entry) in [("ours", ours), ("theirs", theirs)] {
      let hash = try await git.succeed(["hash-object", "--no-filters", "--", name], in: folder)
      guard hash.line == entry.hash else { return "it was changed in the checkout and by the run, and git converts it" }
    }
    let merged = try await git.output(["merge-file", "-p", "--quiet", "ours", "base", "theirs"], in: folder)
    guard merged.exitCode == 0, !merged.isCut else {
      return "it was changed in the checkout and by the run, and the changes don't go together"
    }
    try FileAccess.write(merged.stdout, to: folder.appending("merged"))
    return nil
  }

  private func merging(_ path: RepositoryPath) -> AbsolutePath {
    scratch.appending("merge-" + SHA256.hex(of: path.bytes))
  }

  /// Makes ready what is to be put into the checkout, and keeps what is there.
  private func stage(
    _ steps: [Step], _ scan: CheckoutScan
  ) throws(EngineFailure) -> [(step: Step, entry: ChangeJournal.Entry)] {
    var staged: [(step: Step, entry: ChangeJournal.Entry)] = []
    for step in steps where step.action != .nothing {
      let path = step.edit.path
      let stamp = scan.stamps[path]
      let number = staged.count
      if stamp != nil { try target.keep(path, as: journal.kept(number)) }
      try make(step, at: journal.staged(number), replacing: stamp)
      let placed = step.action == .remove ? nil : try FileStamp.of(journal.staged(number))
      staged.append((step, ChangeJournal.Entry(path: path, hadSomething: stamp != nil, placed: placed)))
    }
    return staged
  }

  private func make(_ step: Step, at staged: AbsolutePath, replacing stamp: FileStamp?) throws(EngineFailure) {
    let path = step.edit.path
    switch step.action {
    case .nothing, .remove: return
    case .write(.link):
      let text = try source.target(of: path).map(CChar.init(bitPattern:)) + [0]
      guard symlink(text, staged.text) == 0 else { throw .unusable("Ion can't make the link \(path).") }
    case .write(let kind): try source.copy(path, to: staged, mode: kind == .program ? 0o777 : 0o666)
    case .setKind(let kind): try target.copy(path, to: staged, mode: kind == .program ? 0o777 : 0o666)
    case .merge(_, let kind):
      try CheckoutFiles(merging(path)).copy(
        RepositoryPath("merged"), to: staged, mode: kind == .program ? 0o777 : 0o666)
    }
    guard let stamp, let kind = step.action.kind, kind.isFile else { return }
    // What the person allowed others stays so; who may read may execute, or nobody may.
    let readers = stamp.permissions & 0o444
    let mode = kind == .program ? stamp.permissions | readers >> 2 : stamp.permissions & ~0o111
    guard chmod(staged.text, mode_t(mode)) == 0 else { throw .unusable("Ion can't set the permissions of \(path).") }
  }

  /// Puts one path in its place, if it still is what it was when that was decided.
  private func put(_ entry: ChangeJournal.Entry, _ number: Int, _ stamp: FileStamp?) throws(EngineFailure) {
    let present: FileStamp?
    switch try target.look(at: entry.path) {
    case .file(let stamp), .link(let stamp): present = stamp
    case .nothing, .folder, .other, .blocked: present = nil
    }
    guard present?.text == stamp?.text else {
      throw .unusable("`\(entry.path)` was changed in the checkout while changes were taken over; nothing was taken.")
    }
    if entry.placed == nil {
      try target.remove(entry.path)
    } else {
      try target.place(journal.staged(number), at: entry.path)
    }
  }
}

extension EditAction {
  /// What kind of file is put there; nil where none is.
  fileprivate var kind: TreeEntry.Kind? {
    switch self {
    case .nothing, .remove: nil
    case .write(let kind), .merge(_, let kind), .setKind(let kind): kind
    }
  }
}

extension FileStamp {
  /// Of a file of Ion's own, links not followed.
  fileprivate static func of(_ path: AbsolutePath) throws(EngineFailure) -> FileStamp {
    var info = stat()
    guard lstat(path.text, &info) == 0 else { throw .unusable("\(path) is gone.") }
    return FileStamp(info)
  }
}
