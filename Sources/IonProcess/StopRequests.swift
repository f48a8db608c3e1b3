internal import CIonProcess
internal import Glibc
internal import IonLock

/// That somebody wants a step to end, handed from any thread or task to the one that supervises it.
final class StopRequests: Sendable {
  struct Request {
    /// The reason of whoever asked first.
    let reason: String
    /// The earliest end of grace that anybody asked for.
    let deadline: BootInstant
  }

  private struct State {
    var request: Request?
    var isOpen = true
  }

  /// Becomes readable when there is a request; the supervisor's until `close`.
  let descriptor: Int32
  private let state = Guarded(State())

  init() throws(SystemError) {
    var opened: Int32 = -1
    let failure = ion_event(&opened)
    guard failure == 0 else { throw SystemError(failure) }
    descriptor = opened
  }

  deinit { close() }

  /// Asks for the end; again only to bring it nearer. Changes nothing when the step has ended.
  func add(reason: String, grace: Duration) {
    let deadline = BootInstant.now().advanced(by: grace)
    state.withLock { state in
      guard state.isOpen else { return }
      let earlier = state.request
      state.request = Request(
        reason: earlier?.reason ?? reason, deadline: min(deadline, earlier?.deadline ?? deadline))
      var one: UInt64 = 1
      write(descriptor, &one, MemoryLayout<UInt64>.size)
    }
  }

  /// What is asked for; makes the descriptor unreadable until somebody asks again.
  func take() -> Request? {
    state.withLock { state in
      var count: UInt64 = 0
      read(descriptor, &count, MemoryLayout<UInt64>.size)
      return state.request
    }
  }

  /// Gives the descriptor back.
  func close() {
    state.withLock { state in
      if state.isOpen { Glibc.close(descriptor) }
      state.isOpen = false
    }
  }
}
