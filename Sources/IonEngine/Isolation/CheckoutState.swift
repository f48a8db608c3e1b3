internal import IonAgents
internal import IonWorkflow

/// What of a checkout differs from its last commit at one moment, as git sees it: files that are ignored don't count.
struct CheckoutState: Equatable, Sendable {
  /// How long git may take, and how much it may list. Past that nothing is known.
  private static let timeout = Duration.seconds(5)
  private static let limit = 8 * 1024 * 1024

  /// A file that differs.
  struct Entry: Equatable, Sendable {
    /// Whether git doesn't know it, or not yet.
    var isNew: Bool
    /// Which file stands there; nil for none.
    var stamp: FileStamp?
  }

  /// The last commit; nil before the first.
  var commit: String?
  var entries: [RepositoryPath: Entry]

  /// `root` is the checkout's top level. Nil where git doesn't say it in time.
  static func look(at root: AbsolutePath, _ git: Git) -> CheckoutState? {
    let arguments = ["status", "--porcelain=v2", "--branch", "--untracked-files=all", "--no-renames", "-z"]
    guard let listed = git.listing(arguments, in: root, timeout: timeout, limit: limit) else { return nil }
    return CheckoutState(listed) { FileStamp(at: $0, below: root) }
  }

  /// Reads what `git status --porcelain=v2 --branch --no-renames -z` says.
  init(_ listed: [UInt8], stamp: (RepositoryPath) -> FileStamp?) {
    entries = [:]
    for line in listed.split(separator: 0) {
      // Before the path stand this many words.
      let words: Int
      switch line.first {
      case UInt8(ascii: "#"):
        let words = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        if words.count == 3, words[1] == "branch.oid", words[2] != "(initial)" { commit = words[2] }
        continue
      case UInt8(ascii: "1"): words = 8
      case UInt8(ascii: "u"): words = 10
      case UInt8(ascii: "?"): words = 1
      default: continue
      }
      let parts = line.split(separator: UInt8(ascii: " "), maxSplits: words, omittingEmptySubsequences: false)
      guard parts.count == words + 1, let name = parts.last else { continue }
      let isNew = words == 1 || parts[1].first == UInt8(ascii: "A")
      let path = RepositoryPath(name)
      entries[path] = Entry(isNew: isNew, stamp: stamp(path))
    }
  }

  /// What became of files from an earlier state to this one. `committed` are those that the commits in between differ in;
  /// `present` says which file stands at a path now.
  func changes(
    since before: CheckoutState, committed: [(path: RepositoryPath, change: FileEdit.Change)],
    present: (RepositoryPath) -> FileStamp?
  ) -> [(path: RepositoryPath, change: FileEdit.Change)] {
    var changes: [RepositoryPath: FileEdit.Change] = [:]
    for (path, now) in entries { changes[path] = Self.change(before.entries[path], now.stamp, isNew: now.isNew) }
    for (path, was) in before.entries where entries[path] == nil {
      changes[path] = Self.change(was, present(path), isNew: false)
    }
    for (path, change) in committed where entries[path] == nil && before.entries[path] == nil { changes[path] = change }
    return changes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// What became of one file; nil for nothing.
  private static func change(_ was: Entry?, _ now: FileStamp?, isNew: Bool) -> FileEdit.Change? {
    guard let was else { return now == nil ? .removed : isNew ? .made : .changed }
    if was.stamp == now { return nil }
    if now == nil { return .removed }
    return was.stamp == nil && isNew ? .made : .changed
  }

  /// What the commits from one to another one changed; nothing where git doesn't say it in time.
  static func committed(
    from first: String?, to last: String?, at root: AbsolutePath, _ git: Git
  ) -> [(path: RepositoryPath, change: FileEdit.Change)] {
    guard let first, let last, first != last else { return [] }
    let arguments = ["diff-tree", "-r", "--no-renames", "--name-status", "-z", first, last]
    guard let listed = git.listing(arguments, in: root, timeout: timeout, limit: limit) else { return [] }
    let words = listed.split(separator: 0)
    return stride(from: 0, to: words.count - 1, by: 2).map { place in
      let change: FileEdit.Change =
        switch words[place].first {
        case UInt8(ascii: "A"): .made
        case UInt8(ascii: "D"): .removed
        default: .changed
        }
      return (RepositoryPath(words[place + 1]), change)
    }
  }
}
