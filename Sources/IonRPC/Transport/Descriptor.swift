internal import Glibc
internal import IonLock
internal import IonThread

/// Starts one of a connection's two threads.
func startThread(_ body: @escaping @Sendable () -> Void) {
  do throws(ThreadFailure) {
    try DetachedThread.start(body)
  } catch {
    preconditionFailure("a connection needs its two threads: error \(error.errorNumber)")
  }
}

/// A new pipe, both ends closed in programs that this one starts.
func openPipe() throws(TransportFailure) -> (read: Int32, write: Int32) {
  var ends: [Int32] = [-1, -1]
  guard pipe(&ends) == 0 else { throw TransportFailure(errorNumber: errno) }
  for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  return (ends[0], ends[1])
}

/// Ends a thread's wait in `poll`.
final class Waker: Sendable {
  /// Becomes readable with `wake()`.
  let descriptor: Int32
  private let writeEnd: Guarded<Int32>

  init() throws(TransportFailure) {
    let ends = try openPipe()
    descriptor = ends.read
    writeEnd = Guarded(ends.write)
  }

  deinit {
    wake()
    close(descriptor)
  }

  func wake() {
    writeEnd.withLock { end in
      if end >= 0 { close(end) }
      end = -1
    }
  }
}

/// What a wait for a descriptor ended with.
enum Readiness {
  case ready
  case woken
}

/// Blocks until the descriptor is ready for `events`, has failed or hung up, or the waker says so.
func waitUntilReady(_ descriptor: Int32, _ events: Int32, waker: Waker) -> Readiness {
  var polled = [
    pollfd(fd: descriptor, events: Int16(events), revents: 0),
    pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0),
  ]
  while true {
    if poll(&polled, 2, -1) < 0 {
      guard errno == EINTR else { return .ready }
      continue
    }
    return polled[1].revents != 0 ? .woken : .ready
  }
}

/// Writes all bytes, however often it takes. Returns nil, or the error number.
func writeAll(_ bytes: [UInt8], to descriptor: Int32, waker: Waker) -> Int32? {
  var written = 0
  while written < bytes.count {
    let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count >= 0 {
      written += count
    } else if errno == EAGAIN {
      guard waitUntilReady(descriptor, POLLOUT, waker: waker) == .ready else { return ECANCELED }
    } else if errno != EINTR {
      return errno
    }
  }
  return nil
}
