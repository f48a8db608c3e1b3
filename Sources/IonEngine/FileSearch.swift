internal import Glibc
internal import IonWorkflow

/// Finds files by globs.
enum FileSearch {
  struct Match {
    var path: AbsolutePath
    /// Relative to where the search began; for an absolute glob to the folder of its first wildcard.
    var name: String
    /// What `lstat` says.
    var status: stat
  }

  /// Visits every file and link that a glob matches, which is relative to `base` or absolute; in the order of names.
  /// Links are not followed. `.git` and `.ion` are left out where the glob doesn't lead into them by name.
  /// - Parameter withFolders: Whether a glob whose last component has no wildcard also stands for all that is below it.
  static func visit(
    _ text: String, from base: AbsolutePath, withFolders: Bool = false, _ visit: (Match) -> Void
  ) {
    // By bytes: a slash with a combining mark behind it is one character, and still a slash.
    let isAbsolute = text.utf8.first == UInt8(ascii: "/")
    let last = text.utf8.split(separator: UInt8(ascii: "/")).last ?? text.utf8[...]
    let isFolder = withFolders && !last.contains { "*?[{".utf8.contains($0) }
    let glob = Glob(isFolder ? text + "/**" : text)
    let root = isAbsolute ? AbsolutePath("/" + glob.fixedPrefix) ?? base : base.appending(glob.fixedPrefix)
    walk(root) { file, status in
      guard let name = file.relative(to: isAbsolute ? root : base) else { return }
      let candidate = isAbsolute ? String(Substring(file.text.utf8.dropFirst())) : name
      if glob.matches(candidate) { visit(Match(path: file, name: name, status: status)) }
    }
  }

  private static func walk(_ path: AbsolutePath, _ visit: (AbsolutePath, stat) -> Void) {
    var info = stat()
    guard lstat(path.text, &info) == 0 else { return }
    switch info.st_mode & S_IFMT {
    case S_IFREG, S_IFLNK: visit(path, info)
    case S_IFDIR:
      for name in FileAccess.names(in: path) where name != ".git" && name != ".ion" {
        walk(path.appending(name), visit)
      }
    default: break
    }
  }
}
