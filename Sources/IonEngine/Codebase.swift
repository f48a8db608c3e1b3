internal import Glibc
internal import IonDigest
internal import IonJSON
public import IonWorkflow

/// One workspace that Ion knows: a folder, and the id that names its store.
public struct Codebase: Hashable, Sendable {
  public let id: CodebaseID
  /// The git top level, or the folder itself; links followed.
  public let root: AbsolutePath
  /// For people; the folder's name unless one was given.
  public let name: String
  /// The main checkout of a git worktree; nil for anything else.
  public let parent: AbsolutePath?

  public init(id: CodebaseID, root: AbsolutePath, name: String, parent: AbsolutePath?) {
    self.id = id
    self.root = root
    self.name = name
    self.parent = parent
  }

  /// Finds the codebase that a folder belongs to. Its id is the one given, or the one that `.ion/codebase.json` keeps,
  /// or a new one. `created` is true where the folder had no id before.
  ///
  /// - Throws: `.invalidCodebaseID`; `.unusable` where the folder isn't there.
  public static func locate(
    _ folder: AbsolutePath, id: CodebaseID?, name: String?
  ) throws(EngineFailure) -> (codebase: Codebase, created: Bool) {
    if let id, !CodebaseID.isValid(id.rawValue) { throw .invalidCodebaseID(id.rawValue) }
    guard let real = FileAccess.realPath(folder), FileAccess.isFolder(real) else {
      throw .unusable("There is no folder \(folder).")
    }
    let (root, parent) = topLevel(of: real)
    let recorded = try CodebaseFile.read(root)
    let chosen: CodebaseID
    if let id {
      chosen = id
    } else if let recorded, recorded.path == root || !FileAccess.exists(recorded.path) {
      chosen = recorded.id
    } else {
      chosen = freshID(for: root)
    }
    let isKnown = FileAccess.isFolder(ProjectPaths.base(root: root, codebase: chosen))
    let codebase = Codebase(id: chosen, root: root, name: name ?? root.name, parent: parent)
    return (codebase, !isKnown)
  }

  private static func freshID(for root: AbsolutePath) -> CodebaseID {
    let slug = root.name.lowercased().utf8.map { byte in
      (97...122).contains(byte) || (48...57).contains(byte) ? Character(UnicodeScalar(byte)) : "-"
    }
    let trimmed = String(slug.drop { $0 == "-" }.prefix(40))
    return CodebaseID("\(trimmed.isEmpty ? "codebase" : trimmed)-\(SHA256.hex(of: root.text).prefix(12))")
  }

  /// The top level of the git checkout that a folder, by its real path, is in; nil outside of any.
  static func checkout(around folder: AbsolutePath) -> AbsolutePath? {
    let root = topLevel(of: folder).root
    return FileAccess.exists(root.appending(".git")) ? root : nil
  }

  /// The folder that holds `.git`, from here upwards; a `.git` file names the worktree's main checkout.
  private static func topLevel(of folder: AbsolutePath) -> (root: AbsolutePath, parent: AbsolutePath?) {
    var candidate = folder
    while true {
      let git = candidate.appending(".git")
      // An empty folder of that name, as sandboxes put in places that are not to become repositories, is none to git either.
      if FileAccess.exists(git.appending("HEAD")) { return (candidate, nil) }
      if let text = FileAccess.text(git), text.hasPrefix("gitdir: ") {
        let target = candidate.appending(text.dropFirst(8).prefix { $0 != "\n" })
        guard let range = target.text.range(ofLast: "/.git/worktrees/") else { return (candidate, nil) }
        return (candidate, AbsolutePath(target.text[..<range]))
      }
      if candidate.parent == candidate { return (folder, nil) }
      candidate = candidate.parent
    }
  }

  /// Makes `.ion`, its `.gitignore`, which keeps run data out of commits, and the file that keeps the codebase's id. Done
  /// when the store is first needed: a folder that is merely opened in an editor is left as it is, and one that is gone
  /// is not made again.
  func claim() throws(EngineFailure) {
    guard FileAccess.isFolder(root) else { throw .unusable("There is no folder \(root) any more.") }
    let folder = root.appending(".ion")
    try FileAccess.makeFolder(folder)
    let ignore = folder.appending(".gitignore")
    if !FileAccess.exists(ignore) { try FileAccess.write(Array(Self.ignored.utf8), to: ignore, mode: 0o644) }
    let file = CodebaseFile(id: id, path: root)
    let recorded = try CodebaseFile.read(root)
    if recorded == nil || recorded?.path != root { try file.write() }
  }

  private static let ignored = """
    # Ion's run data. Workflows, commands, scripts and config.yaml are yours to commit.
    /.gitignore
    /artifacts/
    /changes/
    /codebase.json
    /codebases/
    /git/
    /logs/
    /owner.lock
    /state/
    /store.sqlite*
    /worktrees/

    """
}

/// `.ion/codebase.json`: which id a folder has, and where it was when it got it.
struct CodebaseFile: Codable, Hashable {
  var id: CodebaseID
  var path: AbsolutePath

  /// Nil where there is none, or none that can be read: a new one is made then.
  static func read(_ root: AbsolutePath) throws(EngineFailure) -> CodebaseFile? {
    guard let bytes = try FileAccess.read(root.appending(".ion/codebase.json"), limit: 64 * 1024) else { return nil }
    guard let file = FileAccess.decode(CodebaseFile.self, from: bytes), CodebaseID.isValid(file.id.rawValue) else {
      return nil
    }
    return file
  }

  func write() throws(EngineFailure) {
    let json: JSONValue = ["id": .string(id.rawValue), "path": .string(path.text)]
    try FileAccess.write(Array((json.serializedText() + "\n").utf8), to: path.appending(".ion/codebase.json"))
  }
}

extension String {
  /// Where the last occurrence of a text starts; nil where there is none.
  fileprivate func range(ofLast needle: String) -> String.Index? {
    let bytes = Array(utf8)
    let wanted = Array(needle.utf8)
    guard bytes.count >= wanted.count else { return nil }
    for start in stride(from: bytes.count - wanted.count, through: 0, by: -1)
    where bytes[start..<start + wanted.count].elementsEqual(wanted) {
      return utf8.index(utf8.startIndex, offsetBy: start)
    }
    return nil
  }
}
