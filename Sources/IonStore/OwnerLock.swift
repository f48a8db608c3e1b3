internal import Glibc
internal import IonWorkflow

/// The kernel lock on a store (`flock` on `owner.lock`), which dies with its process.
///
/// A child that was forked but has not yet called `exec` shares the lock; unlocking by hand frees it all the same, and
/// the descriptor doesn't survive `exec`.
struct OwnerLock: Sendable {
  /// What the lock's file said when the lock was taken; nil where nobody had it before.
  let earlierNote: OwnerNote?
  private let descriptor: Int32

  /// Takes the lock, or throws `.owned` without waiting for an owner who lives.
  static func take(_ files: StoreFiles, _ clock: StoreClock) async throws(StoreFailure) -> OwnerLock {
    var triesLeft = 20
    while true {
      if let lock = try attempt(files) { return lock }
      let holder = OwnerNote.read(files)?.holder
      triesLeft -= 1
      // Without a living holder in the note, the lock is just changing hands: its new owner has yet to say who it is.
      guard holder?.isAlive != true, triesLeft > 0 else { throw .owned(pid: holder?.pid ?? 0) }
      do { try await clock.sleep(.milliseconds(1)) } catch { throw .owned(pid: holder?.pid ?? 0) }
    }
  }

  /// The lock, or nil where somebody has it.
  private static func attempt(_ files: StoreFiles) throws(StoreFailure) -> OwnerLock? {
    let descriptor = open(files.lock.text, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      if errno == ENOSPC { throw .diskFull }
      throw files.unusable("can't be locked: \(StoreFiles.lastError())")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let error = errno
      close(descriptor)
      guard error == EWOULDBLOCK else { throw files.unusable("can't be locked: \(String(cString: strerror(error)))") }
      return nil
    }
    let lock = OwnerLock(earlierNote: OwnerNote.read(files), descriptor: descriptor)
    guard lock.isOn(files.lock.text) else {
      lock.release()
      return nil
    }
    return lock
  }

  /// Whether the locked file is still the one that others would lock.
  private func isOn(_ path: String) -> Bool {
    var mine = stat()
    var theirs = stat()
    guard fstat(descriptor, &mine) == 0, stat(path, &theirs) == 0 else { return false }
    return mine.st_ino == theirs.st_ino && mine.st_dev == theirs.st_dev
  }

  /// Replaces the note. It serves messages and the search for lost commits, so no failure to write it stops the store.
  func write(_ note: OwnerNote) {
    let bytes = Array(note.text.utf8)
    pwrite(descriptor, bytes, bytes.count, 0)
    ftruncate(descriptor, off_t(bytes.count))
  }

  func release() {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}

/// What the lock's file says: who owns the store, and how far its log has come.
struct OwnerNote: Hashable, Sendable {
  /// Nil where the last owner gave the store back.
  var holder: ProcessIdentity?
  /// Of the last owner; 0 before the first.
  var epoch: Int64
  /// The last event's number when the note was written.
  var seq: Int64
}

extension OwnerNote {
  /// The note of a store; nil where nobody ever owned it.
  static func read(_ files: StoreFiles) -> OwnerNote? {
    readText(atPath: files.lock.text).flatMap(OwnerNote.init(text:))
  }

  /// One line: pid (0 for nobody), start ticks, boot id, epoch, last number.
  fileprivate var text: String {
    "\(holder?.pid ?? 0) \(holder?.startTicks ?? 0) \(holder?.bootID ?? "") \(epoch) \(seq)\n"
  }

  fileprivate init?(text: String) {
    let line = text.split(separator: "\n").first
    let fields = line?.split(separator: " ", omittingEmptySubsequences: false) ?? []
    guard fields.count == 5, let pid = Int32(fields[0]), let ticks = UInt64(fields[1]), let epoch = Int64(fields[3]),
      let seq = Int64(fields[4])
    else { return nil }
    holder = pid == 0 ? nil : ProcessIdentity(pid: pid, startTicks: ticks, bootID: String(fields[2]))
    self.epoch = epoch
    self.seq = seq
  }
}
