internal import Glibc
internal import IonJSON
internal import IonWorkflow

/// The few things that the engine does with files by itself. Failures say which path and why.
enum FileAccess {
  /// Makes a folder and those above it, each only the user's (0700); one that exists is left as it is.
  static func makeFolder(_ path: AbsolutePath) throws(EngineFailure) {
    if mkdir(path.text, 0o700) == 0 || (errno == EEXIST && isFolder(path)) { return }
    guard errno == ENOENT, path.parent != path else { throw failure("make the folder", path) }
    try makeFolder(path.parent)
    guard mkdir(path.text, 0o700) == 0 || errno == EEXIST else { throw failure("make the folder", path) }
  }

  static func isFolder(_ path: AbsolutePath) -> Bool { status(path).map { ($0.st_mode & S_IFMT) == S_IFDIR } ?? false }

  /// Whether there is a folder that is no link to one.
  static func isRealFolder(_ path: AbsolutePath) -> Bool {
    var info = stat()
    return lstat(path.text, &info) == 0 && (info.st_mode & S_IFMT) == S_IFDIR
  }

  /// Whether there is anything, a link that leads nowhere too.
  static func isThere(_ path: AbsolutePath) -> Bool {
    var info = stat()
    return lstat(path.text, &info) == 0
  }

  static func exists(_ path: AbsolutePath) -> Bool { status(path) != nil }

  /// What `stat` says, following links; nil where there is nothing.
  static func status(_ path: AbsolutePath) -> stat? {
    var result = stat()
    return stat(path.text, &result) == 0 ? result : nil
  }

  /// The path with every link followed; nil where it doesn't exist.
  static func realPath(_ path: AbsolutePath) -> AbsolutePath? {
    guard let resolved = realpath(path.text, nil) else { return nil }
    defer { free(resolved) }
    return AbsolutePath(String(cString: resolved))
  }

  /// A whole file; nil where there is none. A pipe keeps nobody waiting: it is empty.
  static func read(_ path: AbsolutePath, limit: Int = .max) throws(EngineFailure) -> [UInt8]? {
    let descriptor = open(path.text, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw failure("read", path)
    }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while bytes.count < limit {
      let count = Glibc.read(descriptor, &chunk, min(chunk.count, limit - bytes.count))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure("read", path) }
      if count == 0 { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return bytes
  }

  /// A small text file; nil where there is none, or none that can be read.
  static func text(_ path: AbsolutePath) -> String? {
    var isFile = false
    if let status = status(path) { isFile = (status.st_mode & S_IFMT) == S_IFREG }
    return isFile ? bytes(path, limit: 64 * 1024).map { String(decoding: $0, as: UTF8.self) } : nil
  }

  /// The first bytes of a file; nil where there is none, or none that can be read.
  static func bytes(_ path: AbsolutePath, limit: Int) -> [UInt8]? {
    do {
      return try read(path, limit: limit)
    } catch {
      return nil
    }
  }

  /// What a small JSON file says; nil where that isn't a value of the type.
  static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) -> Value? {
    do {
      return try JSONParser().parse(bytes).decode(type)
    } catch {
      return nil
    }
  }

  /// The end of a file as text; empty where there is none.
  static func tail(_ path: AbsolutePath, bytes limit: Int) -> String {
    let descriptor = open(path.text, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    let size = lseek(descriptor, 0, SEEK_END)
    var buffer = [UInt8](repeating: 0, count: limit)
    let count = pread(descriptor, &buffer, limit, max(0, size - limit))
    guard count > 0 else { return "" }
    return String(decoding: buffer[..<count].drop { $0 & 0xC0 == 0x80 }, as: UTF8.self)
  }

  /// Writes a file aside and renames it into place, so that nobody sees half of it.
  static func write(_ bytes: [UInt8], to path: AbsolutePath, mode: mode_t = 0o600) throws(EngineFailure) {
    let aside = AbsolutePath(path.text + ".new-\(getpid())") ?? path
    let descriptor = open(aside.text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure("write", path) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, bytes.count - written) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let error = failure("write", path)
        close(descriptor)
        unlink(aside.text)
        throw error
      }
      written += count
    }
    close(descriptor)
    guard rename(aside.text, path.text) == 0 else { throw failure("write", path) }
  }

  /// Waits until a file's content, or the names in a folder, are on the disk.
  static func sync(_ path: AbsolutePath) throws(EngineFailure) {
    let descriptor = open(path.text, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("bring to the disk", path) }
  }

  /// The names in a folder, sorted by bytes; empty where there is none.
  static func names(in folder: AbsolutePath) -> [String] {
    guard let stream = opendir(folder.text) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Removes a file, or a folder with everything in it; links are removed, not followed.
  static func remove(_ path: AbsolutePath) {
    var info = stat()
    guard lstat(path.text, &info) == 0 else { return }
    if (info.st_mode & S_IFMT) == S_IFDIR {
      // What is in a folder that may not be written can't be removed either.
      if info.st_mode & 0o700 != 0o700 { chmod(path.text, 0o700) }
      for name in names(in: path) { remove(path.appending(name)) }
      rmdir(path.text)
    } else {
      unlink(path.text)
    }
  }

  private static func failure(_ verb: String, _ path: AbsolutePath) -> EngineFailure {
    .unusable("Ion can't \(verb) \(path): \(String(cString: strerror(errno))).")
  }
}
