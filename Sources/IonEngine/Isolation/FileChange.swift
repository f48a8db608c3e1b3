/// How a file differs from what it was.
public enum ChangeStatus: String, Codable, CaseIterable, Sendable {
  case added, modified, deleted, renamed
  /// A file became a link, or the other way round.
  case typeChanged
}

/// How one file of a run's worktree differs from the commit that the run began with.
struct FileChange: Hashable, Sendable {
  var status: ChangeStatus
  /// Where it is now; of a deleted file, where it was.
  var path: RepositoryPath
  /// Where it was before it was renamed; nil for every other.
  var oldPath: RepositoryPath?
  var old: TreeEntry?
  var new: TreeEntry?
  /// Lines; nil for what is no text.
  var additions: Int?
  var deletions: Int?

  /// What it does to single paths: a rename takes one away and adds another.
  var edits: [PathEdit] {
    guard let oldPath else { return [PathEdit(path: path, old: old, new: new)] }
    return [PathEdit(path: oldPath, old: old, new: nil), PathEdit(path: path, old: nil, new: new)]
  }
}

/// What a run did at one path.
struct PathEdit: Hashable, Sendable {
  var path: RepositoryPath
  /// What was there in the commit that the run began with; nil for nothing.
  var old: TreeEntry?
  /// What the run left there; nil for nothing.
  var new: TreeEntry?
}

extension FileChange {
  /// Reads what `git diff-index --raw --numstat -z --no-abbrev` prints: every file's kinds and hashes, then every file's
  /// lines. What isn't understood is passed over.
  static func list(_ printed: [UInt8]) -> [FileChange] {
    var fields = printed.split(separator: 0, omittingEmptySubsequences: false)[...]
    var changes: [FileChange] = []
    var places: [RepositoryPath: Int] = [:]
    while let field = fields.popFirst() {
      if field.first == UInt8(ascii: ":") {
        guard let change = change(field, &fields) else { continue }
        places[change.path] = changes.count
        changes.append(change)
      } else if let lines = lines(field, &fields), let place = places[lines.path] {
        changes[place].additions = lines.additions
        changes[place].deletions = lines.deletions
      }
    }
    return changes
  }

  private static func change(_ field: ArraySlice<UInt8>, _ rest: inout ArraySlice<ArraySlice<UInt8>>) -> FileChange? {
    let words = String(decoding: field.dropFirst(), as: UTF8.self).split(separator: " ")
    guard words.count == 5, let letter = words[4].first, let first = rest.popFirst() else { return nil }
    let status: ChangeStatus
    switch letter {
    case "A": status = .added
    case "M": status = .modified
    case "D": status = .deleted
    case "R": status = .renamed
    case "T": status = .typeChanged
    default: return nil
    }
    var change = FileChange(
      status: status, path: RepositoryPath(first), old: TreeEntry(mode: words[0], hash: words[2]),
      new: TreeEntry(mode: words[1], hash: words[3]))
    if status == .renamed, let second = rest.popFirst() {
      change.oldPath = change.path
      change.path = RepositoryPath(second)
    }
    return change
  }

  private static func lines(
    _ field: ArraySlice<UInt8>, _ rest: inout ArraySlice<ArraySlice<UInt8>>
  ) -> (path: RepositoryPath, additions: Int?, deletions: Int?)? {
    let parts = field.split(separator: UInt8(ascii: "\t"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3 else { return nil }
    var path = parts[2]
    if path.isEmpty {
      guard rest.popFirst() != nil, let new = rest.popFirst() else { return nil }
      path = new
    }
    return (
      RepositoryPath(path), Int(String(decoding: parts[0], as: UTF8.self)),
      Int(String(decoding: parts[1], as: UTF8.self))
    )
  }
}
