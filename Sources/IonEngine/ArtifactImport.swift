internal import Glibc
internal import IonWorkflow

/// Brings files that a node names by its `artifacts` globs into the run's artifact folder.
enum ArtifactImport {
  /// Copies every match aside and renames it into place; returns what could not be copied, for the log.
  static func copy(_ globs: [String], from base: AbsolutePath, to folder: AbsolutePath) -> [String] {
    var faults: [String] = []
    for text in globs {
      // By bytes: a slash with a combining mark behind it is one character, and still a slash.
      let isAbsolute = text.utf8.first == UInt8(ascii: "/")
      let glob = Glob(text)
      let root = isAbsolute ? AbsolutePath("/" + glob.fixedPrefix) ?? base : base.appending(glob.fixedPrefix)
      walk(root) { file in
        guard !file.isWithin(folder) else { return }
        guard let name = isAbsolute ? file.relative(to: root) : file.relative(to: base) else { return }
        let candidate = isAbsolute ? String(Substring(file.text.utf8.dropFirst())) : name
        guard glob.matches(candidate) else { return }
        do throws(EngineFailure) {
          try copy(file, to: folder.appending(name))
        } catch {
          faults.append(error.message)
        }
      }
    }
    return faults
  }

  /// Every regular file at or below a path; links are not followed, `.git` and `.ion` are left out.
  private static func walk(_ path: AbsolutePath, _ visit: (AbsolutePath) -> Void) {
    var info = stat()
    guard lstat(path.text, &info) == 0 else { return }
    switch info.st_mode & S_IFMT {
    case S_IFREG: visit(path)
    case S_IFDIR:
      for name in FileAccess.names(in: path) where name != ".git" && name != ".ion" {
        walk(path.appending(name), visit)
      }
    default: break
    }
  }

  private static func copy(_ file: AbsolutePath, to target: AbsolutePath) throws(EngineFailure) {
    let source = open(file.text, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard source >= 0 else {
      throw .unusable("The artifact \(file) can't be read: \(String(cString: strerror(errno))).")
    }
    defer { close(source) }
    try FileAccess.makeFolder(target.parent)
    let aside = target.parent.appending(".new-\(getpid())-\(target.name)")
    let sink = open(aside.text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard sink >= 0 else {
      throw .unusable("The artifact \(target) can't be written: \(String(cString: strerror(errno))).")
    }
    defer { close(sink) }
    var info = stat()
    fstat(source, &info)
    var left = Int(info.st_size)
    while left > 0 {
      let count = sendfile(sink, source, nil, left)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      left -= count
    }
    guard left == 0, rename(aside.text, target.text) == 0 else {
      unlink(aside.text)
      throw .unusable("The artifact \(file) can't be copied: \(String(cString: strerror(errno))).")
    }
  }
}
