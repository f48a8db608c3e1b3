internal import Glibc
internal import IonWorkflow

/// Files that commands read and write as a whole.
enum TextFile {
  /// Nil where there is none, or none that can be read.
  static func bytes(_ path: AbsolutePath) -> [UInt8]? {
    guard let file = fopen(path.text, "rbe") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = fread(&chunk, 1, chunk.count, file)
      if count == 0 { return ferror(file) == 0 ? bytes : nil }
      bytes.append(contentsOf: chunk[..<count])
    }
  }

  /// Writes a file, with the folders above it. False: `errno` says why not.
  static func write(_ bytes: [UInt8], to path: AbsolutePath) -> Bool {
    makeFolder(path.parent)
    guard let file = fopen(path.text, "wbe") else { return false }
    let count = fwrite(bytes, 1, bytes.count, file)
    return fclose(file) == 0 && count == bytes.count
  }

  /// Makes a file, with the folders above it, and never over one that is there.
  /// - Returns: Whether it was made; false where something of its name is there.
  static func create(_ bytes: [UInt8], at path: AbsolutePath) throws(CommandFailure) -> Bool {
    makeFolder(path.parent)
    guard let file = fopen(path.text, "wxe") else {
      if errno == EEXIST { return false }
      throw CommandFailure("\(path) can't be made: \(String(cString: strerror(errno))).")
    }
    let count = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, count == bytes.count else {
      let reason = String(cString: strerror(errno))
      unlink(path.text)
      throw CommandFailure("\(path) can't be written: \(reason).")
    }
    return true
  }

  private static func makeFolder(_ path: AbsolutePath) {
    if mkdir(path.text, 0o755) != 0 && errno == ENOENT && path.parent != path {
      makeFolder(path.parent)
      mkdir(path.text, 0o755)
    }
  }
}
