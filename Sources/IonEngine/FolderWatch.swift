internal import Glibc
internal import IonLock
internal import IonThread
internal import IonWorkflow

/// The kernel's word of changes in folders (inotify), read by a thread of its own. Linux only, as IonProcess is.
final class FolderWatch: Sendable {
  /// One word of the kernel's.
  enum Event: Hashable, Sendable {
    /// Something in a watched folder changed; `name` is nil where the folder itself did, and is watched no longer where
    /// it is gone.
    case changed(watch: Int32, name: String?, isFolder: Bool, kind: UInt32)
    /// Too much happened at once: anything may have changed.
    case overflowed
  }

  private let descriptor: Int32
  /// Closing the write end wakes the thread.
  private let waker: Guarded<Int32>

  /// `handle` is called on the thread, in order.
  init(_ handle: @escaping @Sendable (Event) -> Void) throws(EngineFailure) {
    let descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
    guard descriptor >= 0 else { throw Self.failure() }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      let failure = Self.failure()
      close(descriptor)
      throw failure
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    self.descriptor = descriptor
    waker = Guarded(ends[1])
    let woken = ends[0]
    do throws(ThreadFailure) {
      try DetachedThread.start {
        Self.read(descriptor, until: woken, handle)
        // The descriptor stays open until nobody adds watches any more, also where it can't be read.
        _ = Self.waitForInput([woken])
        close(descriptor)
        close(woken)
      }
    } catch {
      for end in [descriptor, ends[0], ends[1]] { close(end) }
      waker.withLock { $0 = -1 }
      throw Self.failure(error.errorNumber)
    }
  }

  deinit { end() }

  /// Ends the thread, and all watches with it.
  func end() {
    waker.withLock { end in
      if end >= 0 { close(end) }
      end = -1
    }
  }

  /// Watches a folder, and returns the watch's number, which is the same where it is watched already; nil where there is
  /// no such folder, it can't be read, or there are too many watches.
  func add(_ folder: AbsolutePath, _ mask: UInt32) -> Int32? {
    // The descriptor is the thread's; it is open as long as the write end is.
    waker.withLock { end in
      guard end >= 0 else { return nil }
      let watch = inotify_add_watch(descriptor, folder.text, mask | UInt32(IN_ONLYDIR))
      return watch >= 0 ? watch : nil
    }
  }

  func remove(_ watch: Int32) {
    waker.withLock { end in
      if end >= 0 { inotify_rm_watch(descriptor, watch) }
    }
  }

  private static func read(_ descriptor: Int32, until woken: Int32, _ handle: (Event) -> Void) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: 64 * 1024, alignment: MemoryLayout<inotify_event>.alignment)
    defer { buffer.deallocate() }
    while let ready = waitForInput([descriptor, woken]), ready != woken {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0, errno != EINTR, errno != EAGAIN { return }
      if count > 0 { parse(UnsafeRawBufferPointer(rebasing: buffer[..<count]), handle) }
    }
  }

  /// Blocks until a descriptor can be read, and returns the last of those that can; nil when waiting fails.
  private static func waitForInput(_ descriptors: [Int32]) -> Int32? {
    var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while true {
      if poll(&polled, nfds_t(polled.count), -1) < 0 {
        guard errno == EINTR else { return nil }
        continue
      }
      return polled.last { $0.revents != 0 }?.fd
    }
  }

  private static func parse(_ bytes: UnsafeRawBufferPointer, _ handle: (Event) -> Void) {
    let head = MemoryLayout<inotify_event>.size
    var offset = 0
    while offset + head <= bytes.count {
      let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
      let name = bytes[(offset + head)..<(offset + head + Int(event.len))].prefix { $0 != 0 }
      offset += head + Int(event.len)
      if event.mask & UInt32(IN_Q_OVERFLOW) != 0 {
        handle(.overflowed)
      } else {
        handle(
          .changed(
            watch: event.wd, name: name.isEmpty ? nil : String(decoding: name, as: UTF8.self),
            isFolder: event.mask & UInt32(IN_ISDIR) != 0, kind: event.mask))
      }
    }
  }

  private static func failure(_ number: Int32 = errno) -> EngineFailure {
    .unusable("Ion can't watch folders: \(String(cString: strerror(number))).")
  }
}
