internal import Glibc
internal import IonWorkflow

/// Why the system refused something.
struct FileFailure: Error {
  /// The system's `errno`; 0 where Ion itself refused.
  var code: Int32
  /// What went wrong, for people.
  var message: String

  /// The failure of the call that was just made.
  static func last() -> FileFailure {
    let code = errno
    return FileFailure(code: code, message: String(cString: strerror(code)))
  }
}

/// Reads a whole file of bounded size. Anything but a regular file is refused, so that a pipe can't hold the reader up.
enum FileBytes {
  /// - Returns: The file's bytes, at most `limit` of them.
  static func read(_ path: AbsolutePath, limit: Int) throws(FileFailure) -> [UInt8] {
    let descriptor = open(path.text, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last() }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .last() }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileFailure(code: 0, message: "it is no regular file") }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while bytes.count < limit {
      let count = Glibc.read(descriptor, &chunk, min(chunk.count, limit - bytes.count))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .last() }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }
}
