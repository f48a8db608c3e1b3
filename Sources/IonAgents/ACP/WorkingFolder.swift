internal import Glibc
internal import IonJSON
internal import IonWorkflow

/// The text files below a folder, for somebody who must not get at others.
///
/// Paths are walked from the opened folder on, one component after the other, and links by what they say: whoever changes
/// the folders meanwhile gains nothing.
struct WorkingFolder {
  /// The largest file that is read, in bytes.
  private static let readLimit = 64 * 1024 * 1024

  private let path: AbsolutePath
  /// The same without links in it; agents name files by either.
  private let real: AbsolutePath

  init(_ path: AbsolutePath) {
    self.path = path
    real = Self.resolved(path) ?? path
  }

  private static func resolved(_ path: AbsolutePath) -> AbsolutePath? {
    guard let resolved = realpath(path.text, nil) else { return nil }
    defer { free(resolved) }
    return AbsolutePath(String(cString: resolved))
  }

  /// A file's text: all of it, or some of its lines, counted from 1, with what ends them.
  ///
  /// `check` is given the file's path without links in it before anything is read.
  func read(
    _ name: String, line: Int?, limit: Int?, check: (String) throws(ACPError) -> Void = { _ in }
  ) throws(ACPError) -> String {
    let place = try place(of: name, makingFolders: false)
    try check(path.appending(place.way).text)
    let file = openat(place.folder, place.name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard file >= 0 else { throw Self.failure("read", name, errno) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw Self.failure("read", name, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .badParameters("\(name) is no file with text in it") }
    let bytes = Self.slice(try Self.bytes(of: file, name), from: line ?? 1, count: limit)
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .failed("\(name) is not UTF-8") }
    return text
  }

  private static func bytes(of file: Int32, _ name: String) throws(ACPError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = Glibc.read(file, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure("read", name, errno) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= readLimit else { throw .failed("\(name) has more than \(readLimit) bytes") }
    }
  }

  /// Some lines of a text.
  private static func slice(_ bytes: [UInt8], from line: Int, count: Int?) -> ArraySlice<UInt8> {
    var rest = bytes[...]
    var skipped = 1
    while skipped < line, !rest.isEmpty {
      rest = rest[end(ofLineIn: rest)...]
      skipped += 1
    }
    guard let count else { return rest }
    var (end, taken) = (rest.startIndex, 0)
    while taken < count, end < rest.endIndex {
      end = Self.end(ofLineIn: rest[end...])
      taken += 1
    }
    return rest[..<end]
  }

  private static func end(ofLineIn rest: ArraySlice<UInt8>) -> Int {
    rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
  }

  /// Writes a file aside and puts it in place at once, so that nobody sees half of it. Folders that are missing are made.
  /// One that is there keeps its permissions.
  ///
  /// `check` is given the file's path without links in it before anything is written.
  func write(
    _ content: String, to name: String, check: (String) throws(ACPError) -> Void = { _ in }
  ) throws(ACPError) -> FileEdit.Change {
    let place = try place(of: name, makingFolders: true)
    try check(path.appending(place.way).text)
    var status = stat()
    let isThere = fstatat(place.folder, place.name, &status, AT_SYMLINK_NOFOLLOW) == 0
    guard isThere || errno == ENOENT else { throw Self.failure("write", name, errno) }
    guard !isThere || status.st_mode & S_IFMT == S_IFREG else { throw .badParameters("\(name) is no file") }
    guard !isThere || status.st_mode & 0o222 != 0 else { throw .failed("\(name) is write-protected") }
    let aside = ".ion-\(String(UInt64.random(in: 0 ... .max), radix: 36)).new"
    let file = openat(place.folder, aside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw Self.failure("write", name, errno) }
    var cause = Self.write(Array(content.utf8), to: file)
    if cause == 0, isThere, fchmod(file, status.st_mode & 0o7777) != 0 { cause = errno }
    close(file)
    if cause == 0, renameat(place.folder, aside, place.folder, place.name) != 0 { cause = errno }
    guard cause == 0 else {
      unlinkat(place.folder, aside, 0)
      throw Self.failure("write", name, cause)
    }
    return isThere ? .changed : .made
  }

  /// Writes all bytes; 0, or what it failed with.
  private static func write(_ bytes: [UInt8], to file: Int32) -> Int32 {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      if count >= 0 { rest = rest[(rest.startIndex + count)...] } else if errno != EINTR { return errno }
    }
    return 0
  }

  /// Where a file is, or would be.
  private func place(of name: String, makingFolders: Bool) throws(ACPError) -> FolderWalk {
    guard let file = AbsolutePath(name) else {
      throw .badParameters("the path `\(name.shortened(to: 200))` must be absolute")
    }
    guard let way = inside(file) else { throw Self.outside(name) }
    let walk = try FolderWalk(path, for: name)
    try walk.go(way, makingFolders: makingFolders, inside: inside)
    return walk
  }

  /// The way from the folder to a file; nil for one that isn't below it.
  private func inside(_ file: AbsolutePath) -> String? { file.relative(to: path) ?? file.relative(to: real) }

  static func outside(_ name: String) -> ACPError {
    .badParameters("\(name.shortened(to: 200)) is outside of the working path")
  }

  static func failure(_ verb: String, _ name: String, _ cause: Int32) -> ACPError {
    let words = "Ion can't \(verb) \(name.shortened(to: 200)): \(String(cString: strerror(cause)))"
    switch cause {
    case ENOENT, ENOTDIR: return .notFound(words)
    // A link where none was a moment before.
    case ELOOP: return outside(name)
    default: return .failed(words)
    }
  }
}

/// A walk through opened folders, from one that it never leaves.
private final class FolderWalk {
  /// How many links are followed, as the system has it.
  private static let mostLinks = 40

  /// The file that is meant, for errors.
  private let file: String
  /// The folders from the first one to where the walk is.
  private var folders: [Int32]
  /// The last component: a file in the folder, no link, or nothing yet.
  private(set) var name = ""
  /// The names of the folders behind the first one.
  private var names: [String] = []

  var folder: Int32 { folders[folders.count - 1] }
  /// The way from the first folder to the file, without links in it.
  var way: String { (names + [name]).joined(separator: "/") }

  init(_ root: AbsolutePath, for file: String) throws(ACPError) {
    self.file = file
    let opened = open(root.text, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard opened >= 0 else { throw WorkingFolder.failure("open", root.text, errno) }
    folders = [opened]
  }

  deinit { for folder in folders { close(folder) } }

  /// Goes to where a relative path leads. `inside` says what an absolute link means here; nil for outside.
  func go(_ path: String, makingFolders: Bool, inside: (AbsolutePath) -> String?) throws(ACPError) {
    var rest = Self.components(path)
    var links = 0
    while !rest.isEmpty {
      let part = rest.removeFirst()
      if part == ".." {
        guard folders.count > 1 else { throw WorkingFolder.outside(file) }
        close(folders.removeLast())
        names.removeLast()
      } else if let target = link(part) {
        links += 1
        guard links <= Self.mostLinks else { throw WorkingFolder.failure("follow", file, ELOOP) }
        rest = try follow(target, inside) + rest
      } else if rest.isEmpty {
        return name = part
      } else {
        folders.append(try enter(part, makingFolders))
        names.append(part)
      }
    }
    throw .badParameters("\(file.shortened(to: 200)) is a folder")
  }

  private static func components(_ path: String) -> [String] {
    path.unicodeScalars.split(separator: "/").map { String($0) }.filter { $0 != "." }
  }

  /// What is still to go for a link's target.
  private func follow(_ target: String, _ inside: (AbsolutePath) -> String?) throws(ACPError) -> [String] {
    guard target.utf8.first == UInt8(ascii: "/") else { return Self.components(target) }
    guard let path = AbsolutePath(target).flatMap(inside) else { throw WorkingFolder.outside(file) }
    while folders.count > 1 { close(folders.removeLast()) }
    names = []
    return Self.components(path)
  }

  /// What a link says; nil where there is none.
  private func link(_ part: String) -> String? {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlinkat(folder, part, &target, target.count)
    return count < 0 ? nil : String(decoding: target[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private func enter(_ part: String, _ makingFolders: Bool) throws(ACPError) -> Int32 {
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    var opened = openat(folder, part, flags)
    if opened < 0, errno == ENOENT, makingFolders {
      guard mkdirat(folder, part, 0o777) == 0 || errno == EEXIST else {
        throw WorkingFolder.failure("make the folder of", file, errno)
      }
      opened = openat(folder, part, flags)
    }
    guard opened >= 0 else { throw WorkingFolder.failure("reach", file, errno) }
    return opened
  }
}
