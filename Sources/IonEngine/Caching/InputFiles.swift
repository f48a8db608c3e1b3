internal import Glibc
internal import IonDigest
internal import IonWorkflow

/// The files that `cache.inputs` names, as they stand.
struct InputFiles: Hashable, Sendable {
  /// What tells without reading that a file is still what it was.
  private struct Stamp: Hashable, Sendable {
    var size: Int64
    var modified: Int64
    var changed: Int64
    var inode: UInt64
    var mode: UInt32

    init(_ status: stat) {
      size = Int64(status.st_size)
      modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
      changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
      inode = UInt64(status.st_ino)
      mode = status.st_mode
    }
  }

  private let globs: [String]
  private let base: AbsolutePath
  private var stamps: [AbsolutePath: Stamp] = [:]
  /// The globs that nothing matches.
  private(set) var unmatched: [String] = []

  /// Looks which files there are; reads none. Those in `except` are left out.
  init(_ globs: [String], from base: AbsolutePath, except: AbsolutePath) {
    self.globs = globs
    self.base = base
    for glob in globs {
      var isUnmatched = true
      FileSearch.visit(glob, from: base, withFolders: true) { match in
        guard !match.path.isWithin(except) else { return }
        isUnmatched = false
        stamps[match.path] = Stamp(match.status)
      }
      if isUnmatched { unmatched.append(glob) }
    }
  }

  /// Each file's SHA-256 by its path, relative where it is below the base; a link's is that of where it leads, and whether
  /// a file may be executed counts too.
  /// - Throws: Why a file can't be read, for people. `CancellationError` where `isStopped` says so in between.
  func hashes(isStopped: () -> Bool) throws -> [String: String] {
    var hashes: [String: String] = [:]
    for (path, stamp) in stamps {
      if isStopped() { throw CancellationError() }
      let name = path.relative(to: base) ?? path.text
      if stamp.mode & S_IFMT == S_IFLNK {
        hashes[name] = "link " + SHA256.hex(of: Self.target(of: path))
      } else if let digest = ArtifactCollector.digest(path) {
        hashes[name] = stamp.mode & 0o111 == 0 ? digest : digest + " executable"
      } else {
        throw Unreadable(path: path)
      }
    }
    return hashes
  }

  struct Unreadable: Error { var path: AbsolutePath }

  private static func target(of link: AbsolutePath) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.withMemoryRebound(to: CChar.self) { readlink(link.text, $0.baseAddress!, $0.count) }
    }
    return Array(buffer.prefix(max(0, count)))
  }
}
