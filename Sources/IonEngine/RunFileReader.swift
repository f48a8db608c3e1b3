internal import Glibc
internal import IonDigest
public import IonWorkflow

/// A piece of a run's file.
public struct FileSlice: Sendable {
  public var bytes: [UInt8]
  /// Where the piece begins, in bytes.
  public var offset: Int
  /// Bytes in the file.
  public var size: Int
  /// The SHA-256 of the bytes, in hexadecimal, where they are the whole file; nil for a part of it.
  public var sha256: String?

  /// Where the piece ends.
  public var end: Int { offset + bytes.count }
}

/// Reads files of runs by name, and nothing but those.
///
/// The way is walked folder by folder without following a link, so that nobody can lead a reader out of the run's folder
/// by swapping a part of the way while it is walked. What isn't a regular file (a pipe, a device) is refused unread.
enum RunFileReader {
  /// At most `length` bytes from an offset on; nothing where the file ends before it.
  ///
  /// - Throws: `.artifactNotFound` with `name` where the way leads to no regular file; `.unusable` where it can't be read.
  static func read(
    _ file: RunFile, below folder: AbsolutePath, offset: Int, length: Int, name: String
  ) throws(EngineFailure) -> FileSlice {
    let descriptor = try open(file, below: folder, name)
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(name) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .artifactNotFound(name) }
    let size = Int(status.st_size)
    let start = min(offset, size)
    let bytes = try read(descriptor, from: start, count: min(length, size - start), name)
    let isWhole = start == 0 && bytes.count == size
    return FileSlice(bytes: bytes, offset: start, size: size, sha256: isWhole ? SHA256.hex(of: bytes) : nil)
  }

  private static func open(
    _ file: RunFile, below folder: AbsolutePath, _ name: String
  ) throws(EngineFailure) -> Int32 {
    // The folder of all runs is Ion's own; what is below it steps can write.
    var folders = [folder.name] + file.components
    guard let last = folders.popLast(), !folders.isEmpty else { throw .artifactNotFound(name) }
    var descriptor = Glibc.open(folder.parent.text, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    for component in folders where descriptor >= 0 {
      let next = openat(descriptor, component, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      let cause = errno
      close(descriptor)
      errno = cause
      descriptor = next
    }
    if descriptor >= 0 {
      // A pipe would keep the reader waiting for a writer.
      let opened = openat(descriptor, last, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      let cause = errno
      close(descriptor)
      errno = cause
      descriptor = opened
    }
    guard descriptor >= 0 else {
      throw [ENOENT, ENOTDIR, ELOOP, ENXIO, ENAMETOOLONG].contains(errno) ? .artifactNotFound(name) : unreadable(name)
    }
    return descriptor
  }

  private static func read(
    _ descriptor: Int32, from offset: Int, count: Int, _ name: String
  ) throws(EngineFailure) -> [UInt8] {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(descriptor, buffer.baseAddress?.advanced(by: filled), count - filled, offset + filled)
        if got < 0 && errno == EINTR { continue }
        failed = got < 0
        guard got > 0 else { return }
        filled += got
      }
    }
    guard !failed else { throw unreadable(name) }
    return bytes
  }

  private static func unreadable(_ name: String) -> EngineFailure {
    .unusable("\(name) can't be read: \(String(cString: strerror(errno))).")
  }
}

extension Workspace {
  /// A piece of a file of a run. `name` is what failures call it.
  ///
  /// - Throws: `.runNotFound`; `.artifactNotFound`; `.unusable` where the file can't be read.
  public func read(
    _ file: RunFile, of run: RunID, offset: Int, length: Int, name: String
  ) async throws(EngineFailure) -> FileSlice {
    guard try await knows(run) else { throw .runNotFound(run.rawValue) }
    let paths = paths(of: run)
    let folder =
      switch file.area {
      case .artifacts: paths.artifacts
      case .logs: paths.logs
      }
    return try RunFileReader.read(file, below: folder, offset: offset, length: length, name: name)
  }
}
