internal import Glibc
internal import IonWorkflow

/// Where a store's files are, and what may be done with them: the folder is made for the user alone (0700), files are
/// the user's alone (0600).
struct StoreFiles: Hashable, Sendable {
  let folder: AbsolutePath

  /// Beside it SQLite keeps `-wal` and `-shm`, with the same permissions.
  let database: AbsolutePath
  /// Locked by the store's owner; its text says who that is.
  let lock: AbsolutePath
  /// Exists from the moment somebody found damage until the database was checked or rebuilt.
  let suspicion: AbsolutePath
  /// A database that is being rebuilt.
  let draft: AbsolutePath

  init(folder: AbsolutePath) {
    self.folder = folder
    database = folder.appending("store.sqlite")
    lock = folder.appending("owner.lock")
    suspicion = folder.appending("store.sqlite.suspect")
    draft = folder.appending("store.sqlite.rebuilding")
  }

  /// What SQLite keeps beside a database. It would take up any of them for whatever database stands there.
  static let companions = ["-wal", "-shm", "-journal"]

  /// Makes the folder where it is missing, and checks that a store can live there.
  func prepareFolder() throws(StoreFailure) {
    try makeFolder(folder)
    var facts = stat()
    if stat(database.text, &facts) == 0, facts.st_mode & S_IFMT != S_IFREG {
      throw unusable("can't be used: \(database.name) in it is no file")
    }
    guard let real = realpath(folder.text, nil) else { throw unusable("can't be resolved") }
    defer { free(real) }
    guard let table = readText(atPath: "/proc/self/mountinfo") else { return }
    try refuseRemote(MountTable(mountinfo: table).type(holding: String(cString: real)))
  }

  /// Refuses file systems on other machines.
  func refuseRemote(_ type: String?) throws(StoreFailure) {
    guard let type, MountTable.isRemote(type) else { return }
    throw unusable(
      "is on a network file system (\(type)), where a store would be damaged; choose a folder on a local disk")
  }

  private func makeFolder(_ path: AbsolutePath) throws(StoreFailure) {
    var facts = stat()
    if stat(path.text, &facts) == 0 {
      guard facts.st_mode & S_IFMT == S_IFDIR else { throw unusable("can't be made: \(path) is not a folder") }
      return
    }
    guard errno == ENOENT else { throw unusable("can't be reached: \(Self.lastError())") }
    if path != path.parent { try makeFolder(path.parent) }
    guard mkdir(path.text, 0o700) == 0 || errno == EEXIST else {
      if errno == ENOSPC { throw .diskFull }
      throw unusable("can't be made: \(Self.lastError())")
    }
  }

  /// Makes the database's file for the user alone, empty where it didn't exist.
  ///
  /// A file that exists is not opened for it: closing any descriptor of it would free the locks that SQLite holds on it
  /// for this process's other connections.
  func prepareDatabaseFile(_ path: AbsolutePath) throws(StoreFailure) {
    let descriptor = open(path.text, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      close(descriptor)
    } else if errno != EEXIST {
      if errno == ENOSPC { throw .diskFull }
      throw unusable("can't be written: \(Self.lastError())")
    }
    chmod(path.text, 0o600)
  }

  /// Notes that the database is damaged, so that it is checked when it is opened next.
  func suspect() { close(open(suspicion.text, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)) }

  var isSuspect: Bool { access(suspicion.text, F_OK) == 0 }

  func clearSuspicion() { unlink(suspicion.text) }

  /// Moves the database and what stands beside it to the first free `store.sqlite.damaged-<n>`, and returns that path.
  func moveDatabaseAside() throws(StoreFailure) -> AbsolutePath {
    var number = 1
    while ([""] + Self.companions).contains(where: { access(aside(number).text + $0, F_OK) == 0 }) { number += 1 }
    for ending in Self.companions.reversed() + [""] {
      let source = database.text + ending
      guard rename(source, aside(number).text + ending) == 0 || errno == ENOENT else {
        throw unusable("holds a damaged database that can't be moved aside: \(Self.lastError())")
      }
    }
    return aside(number)
  }

  private func aside(_ number: Int) -> AbsolutePath { folder.appending("store.sqlite.damaged-\(number)") }

  /// Puts the rebuilt database, which nobody has open any more, in the place of the one that was moved aside.
  func adoptDraft() throws(StoreFailure) {
    guard rename(draft.text, database.text) == 0 else { throw unusable("can't be written: \(Self.lastError())") }
  }

  /// Deletes what an earlier rebuilding left.
  func removeDraft() { for ending in [""] + Self.companions { unlink(draft.text + ending) } }

  /// Which file the database is now; nil where there is none, or an empty one.
  func databaseIdentity() -> FileIdentity? {
    var facts = stat()
    guard stat(database.text, &facts) == 0, facts.st_size > 0 else { return nil }
    return FileIdentity(device: UInt64(facts.st_dev), inode: UInt64(facts.st_ino))
  }

  /// Whether there is a write-ahead log without its database: SQLite would delete it unread.
  var hasOrphanedLog: Bool {
    var facts = stat()
    return databaseIdentity() == nil && stat(database.text + "-wal", &facts) == 0 && facts.st_size > 0
  }

  /// Whether somebody was killed while he made the database, before it had a write-ahead log: what he left half done must
  /// be undone by whoever may write. SQLite fills the first byte of a journal that still counts.
  var hasUnfinishedJournal: Bool {
    let descriptor = Glibc.open(database.text + "-journal", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var first: UInt8 = 0
    return read(descriptor, &first, 1) == 1 && first != 0
  }

  /// Throws where the database isn't this file any more.
  func expect(_ file: FileIdentity) throws(StoreFailure) {
    guard databaseIdentity() == file else { throw .damaged("\(database) was removed or replaced while it was open") }
  }

  /// Whether the file system lets this process write the database.
  var isWritable: Bool { access(database.text, W_OK) == 0 }

  /// Whether there is hardly any room left, or none.
  var isDiskFull: Bool {
    var facts = statvfs()
    guard statvfs(folder.text, &facts) == 0 else { return false }
    return UInt64(facts.f_bavail) * UInt64(facts.f_frsize) < 65536
  }

  func unusable(_ reason: String) -> StoreFailure { .unusable("the store's folder \(folder) \(reason)") }

  /// What `errno` says.
  static func lastError() -> String { String(cString: strerror(errno)) }
}

/// What tells a file from one that took its place.
struct FileIdentity: Hashable, Sendable {
  var device: UInt64
  var inode: UInt64
}
