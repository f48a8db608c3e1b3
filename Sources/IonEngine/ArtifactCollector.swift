internal import Glibc
internal import IonDigest
internal import IonStore
internal import IonWorkflow

/// Finds what the steps of one run made: new and changed files in the run's artifact folder.
///
/// A folder with many files is looked through at the run's end only, so that the work stays linear in files and steps.
struct ArtifactCollector {
  private struct Stamp: Hashable {
    var size: Int64
    var modified: Int64
    var inode: UInt64
  }

  /// Above this many files a step's end no longer looks.
  private static let manyFiles = 1_000

  let paths: ProjectPaths
  let run: RunID
  private var known: [AbsolutePath: Stamp] = [:]
  /// Whether a step ended without a look.
  private(set) var isBehind = false

  init(paths: ProjectPaths, run: RunID) {
    self.paths = paths
    self.run = run
  }

  /// The files that are new or different since the last look, when a step has ended. `node` made them, as far as can be
  /// told.
  mutating func collect(after node: NodeID, type: String?, now: WallTime) -> [ArtifactRecord] {
    isBehind = known.count > Self.manyFiles
    return isBehind ? [] : look(after: node, type: type, now: now)
  }

  /// What the steps made that ended without a look, when the run ends; whose it is can't be told any more.
  mutating func collectRest(now: WallTime) -> [ArtifactRecord] {
    guard isBehind else { return [] }
    isBehind = false
    return look(after: nil, type: nil, now: now)
  }

  private mutating func look(after node: NodeID?, type: String?, now: WallTime) -> [ArtifactRecord] {
    var found: [ArtifactRecord] = []
    visit("", &found) { path, name, stamp in
      guard known[path] != stamp, let digest = Self.digest(path) else { return nil }
      known[path] = stamp
      return ArtifactRecord(
        run: run, node: node, name: name, type: type, mediaType: MediaType.of(name), size: stamp.size, sha256: digest,
        createdAt: now)
    }
    return found
  }

  private func visit(
    _ folder: String, _ found: inout [ArtifactRecord], _ take: (AbsolutePath, String, Stamp) -> ArtifactRecord?
  ) {
    let path = paths.artifacts.appending(folder)
    for entry in FileAccess.names(in: path) {
      let name = folder.isEmpty ? entry : folder + "/" + entry
      let file = paths.artifacts.appending(name)
      var info = stat()
      guard lstat(file.text, &info) == 0 else { continue }
      switch info.st_mode & S_IFMT {
      case S_IFDIR: visit(name, &found, take)
      case S_IFREG:
        let modified = Int64(info.st_mtim.tv_sec) * 1_000_000_000 + Int64(info.st_mtim.tv_nsec)
        let stamp = Stamp(size: Int64(info.st_size), modified: modified, inode: UInt64(info.st_ino))
        if let record = take(file, name, stamp) { found.append(record) }
      default: break
      }
    }
  }

  /// The SHA-256 of a file, or of its first bytes, read piece by piece; nil where it can't be read.
  static func digest(_ path: AbsolutePath, first limit: Int = .max) -> String? {
    let descriptor = open(path.text, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var digest = SHA256()
    var chunk = [UInt8](repeating: 0, count: 256 * 1024)
    var left = limit
    while true {
      let count = read(descriptor, &chunk, min(chunk.count, left))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { return digest.finish() }
      left -= count
      chunk.withUnsafeBytes { digest.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
  }
}

/// A file's media type by its ending; bytes for any that isn't known.
enum MediaType {
  private static let byExtension = [
    "css": "text/css", "csv": "text/csv", "diff": "text/x-diff", "gif": "image/gif", "html": "text/html",
    "jpeg": "image/jpeg", "jpg": "image/jpeg", "js": "text/javascript", "json": "application/json",
    "log": "text/plain", "md": "text/markdown", "patch": "text/x-diff", "pdf": "application/pdf", "png": "image/png",
    "svg": "image/svg+xml", "toml": "application/toml", "txt": "text/plain", "xml": "application/xml",
    "yaml": "application/yaml", "yml": "application/yaml", "zip": "application/zip",
  ]

  static func of(_ name: String) -> String {
    guard let dot = name.lastIndex(of: ".") else { return "application/octet-stream" }
    return byExtension[name[name.index(after: dot)...].lowercased()] ?? "application/octet-stream"
  }
}
