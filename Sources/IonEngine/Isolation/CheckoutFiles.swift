internal import Glibc
internal import IonWorkflow

/// What tells one state of a file from another: which file it is, how long, and when it was written last.
struct FileStamp: Hashable, Sendable {
  var inode: UInt64
  var size: Int64
  var seconds: Int64
  var nanoseconds: Int64
  /// Read, write and execute bits.
  var permissions: UInt32

  init(_ info: stat) {
    inode = UInt64(info.st_ino)
    size = Int64(info.st_size)
    seconds = Int64(info.st_mtim.tv_sec)
    nanoseconds = Int64(info.st_mtim.tv_nsec)
    permissions = info.st_mode & 0o777
  }

  /// What stands at a path of a checkout, a link itself; nil for nothing.
  init?(at path: RepositoryPath, below root: AbsolutePath) {
    var info = stat()
    let bytes = Array(root.text.utf8) + [UInt8(ascii: "/")] + path.bytes + [0]
    guard bytes.withUnsafeBytes({ lstat($0.bindMemory(to: CChar.self).baseAddress!, &info) }) == 0 else { return nil }
    self.init(info)
  }

  /// As it is written down: permissions are left out, for they change nothing of what the file is.
  var text: String { "\(inode) \(size) \(seconds).\(nanoseconds)" }
}

/// The files below one folder, reached step by step without following a single link: nothing outside is read or written,
/// whatever stands in between, and whoever changes it meanwhile.
final class CheckoutFiles: Sendable {
  /// What stands at a path.
  enum Found: Equatable {
    case nothing
    case file(FileStamp)
    case link(FileStamp)
    case folder
    /// A pipe, a socket or a device.
    case other
    /// What should be a folder on the way is a link, or a file.
    case blocked(RepositoryPath)
  }

  let root: AbsolutePath
  private let descriptor: Int32

  init(_ root: AbsolutePath) throws(EngineFailure) {
    self.root = root
    descriptor = open(root.text, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unusable("Ion can't open \(root): \(Self.systemError).") }
  }

  deinit { close(descriptor) }

  func look(at path: RepositoryPath) throws(EngineFailure) -> Found {
    let (folder, name, missing) = try walk(to: path, making: false)
    if let missing { return missing }
    defer { close(folder) }
    var info = stat()
    guard fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0 else {
      guard errno == ENOENT else { throw failure("look at", path) }
      return .nothing
    }
    switch info.st_mode & S_IFMT {
    case S_IFREG: return .file(FileStamp(info))
    case S_IFLNK: return .link(FileStamp(info))
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// The text of a link.
  func target(of path: RepositoryPath) throws(EngineFailure) -> [UInt8] {
    try inFolder(of: path) { folder, name throws(EngineFailure) in
      var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX) + 1)
      let count = buffer.withUnsafeMutableBytes { bytes in
        readlinkat(folder, name, bytes.baseAddress!.assumingMemoryBound(to: CChar.self), bytes.count)
      }
      guard count >= 0 else { throw failure("read the link", path) }
      return Array(buffer[..<count])
    }
  }

  /// Copies a file to a place of Ion's own; `mode` is what its permissions are made of.
  func copy(_ path: RepositoryPath, to target: AbsolutePath, mode: mode_t) throws(EngineFailure) {
    let source = try inFolder(of: path) { folder, name throws(EngineFailure) in
      let source = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard source >= 0 else { throw failure("read", path) }
      return source
    }
    defer { close(source) }
    let copy = open(target.text, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard copy >= 0 else { throw .unusable("Ion can't write \(target): \(Self.systemError).") }
    defer { close(copy) }
    var chunk = [UInt8](repeating: 0, count: 256 * 1024)
    while true {
      let count = read(source, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure("read", path) }
      if count == 0 { break }
      guard Self.write(chunk[..<count], to: copy) else {
        throw .unusable("Ion can't write \(target): \(Self.systemError).")
      }
    }
    guard fsync(copy) == 0 else { throw .unusable("Ion can't write \(target): \(Self.systemError).") }
  }

  /// Keeps what stands at a path under another name as well.
  func keep(_ path: RepositoryPath, as kept: AbsolutePath) throws(EngineFailure) {
    try inFolder(of: path) { folder, name throws(EngineFailure) in
      guard linkat(folder, name, AT_FDCWD, kept.text, 0) != 0 else { return }
      // Not every file system has hard links, nor allows them.
      guard case .file(let stamp) = try look(at: path) else { throw failure("keep a copy of", path) }
      try copy(path, to: kept, mode: mode_t(stamp.permissions))
    }
  }

  /// Puts a file in a path's place in one moment; folders on the way are made.
  func place(_ file: AbsolutePath, at path: RepositoryPath) throws(EngineFailure) {
    try inFolder(of: path, making: true) { folder, name throws(EngineFailure) in
      guard renameat(AT_FDCWD, file.text, folder, name) == 0 else { throw failure("write", path) }
    }
  }

  /// Removes a file or a link, and the folders above that are empty then.
  func remove(_ path: RepositoryPath) throws(EngineFailure) {
    try inFolder(of: path) { folder, name throws(EngineFailure) in
      guard unlinkat(folder, name, 0) == 0 || errno == ENOENT else { throw failure("remove", path) }
    }
    prune(above: path)
  }

  private func prune(above path: RepositoryPath) {
    for folder in path.folders.reversed() {
      do throws(EngineFailure) {
        let isGone = try inFolder(of: folder) { parent, name in unlinkat(parent, name, Int32(AT_REMOVEDIR)) == 0 }
        if !isGone { return }
      } catch {
        return
      }
    }
  }

  private func inFolder<Value>(
    of path: RepositoryPath, making: Bool = false, _ body: (Int32, [CChar]) throws(EngineFailure) -> Value
  ) throws(EngineFailure) -> Value {
    let (folder, name, missing) = try walk(to: path, making: making)
    guard missing == nil else { throw .unusable("\(root) has no folder for \(path) any more.") }
    defer { close(folder) }
    return try body(folder, name)
  }

  /// Opens the folder that a path's last component is in; `missing` says why there is none.
  private func walk(
    to path: RepositoryPath, making: Bool
  ) throws(EngineFailure) -> (folder: Int32, name: [CChar], missing: Found?) {
    guard path.fault == nil, let last = path.components.last else { throw .outsideWorkspace("\(path)") }
    var folder = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard folder >= 0 else { throw failure("open", path) }
    for step in path.folders {
      let name = Self.name(step.components.last ?? [])
      if making, mkdirat(folder, name, 0o777) != 0, errno != EEXIST {
        close(folder)
        throw failure("make a folder for", path)
      }
      let next = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      let reason = errno
      close(folder)
      guard next >= 0 else {
        if reason == ENOENT { return (-1, [], .nothing) }
        if reason == ENOTDIR || reason == ELOOP { return (-1, [], .blocked(step)) }
        errno = reason
        throw failure("open the folder of", path)
      }
      folder = next
    }
    return (folder, Self.name(last), nil)
  }

  private static func name(_ component: [UInt8]) -> [CChar] { component.map(CChar.init(bitPattern:)) + [0] }

  private static var systemError: String { String(cString: strerror(errno)) }

  private func failure(_ verb: String, _ path: RepositoryPath) -> EngineFailure {
    .unusable("Ion can't \(verb) \(path) in \(root): \(Self.systemError).")
  }

  private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
