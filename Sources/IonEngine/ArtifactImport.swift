internal import Glibc
internal import IonWorkflow

/// Brings files that a node names by its `artifacts` globs into the run's artifact folder.
enum ArtifactImport {
  /// Copies every match aside and renames it into place; returns what could not be copied, for the log.
  static func copy(_ globs: [String], from base: AbsolutePath, to folder: AbsolutePath) -> [String] {
    var faults: [String] = []
    for glob in globs {
      FileSearch.visit(glob, from: base) { match in
        guard match.status.st_mode & S_IFMT == S_IFREG, !match.path.isWithin(folder) else { return }
        do throws(EngineFailure) {
          try copy(match.path, to: folder.appending(match.name))
        } catch {
          faults.append(error.message)
        }
      }
    }
    return faults
  }

  /// Copies a file aside and renames it into place.
  static func copy(_ file: AbsolutePath, to target: AbsolutePath) throws(EngineFailure) {
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
