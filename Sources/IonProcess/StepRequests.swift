internal import CIonProcess
internal import Glibc
internal import IonLock

/// What others want of a running step, handed from any thread or task to the one that supervises it.
final class StepRequests: Sendable {
  /// That it ends.
  struct Request {
    /// The reason of whoever asked first.
    let reason: String
    /// The earliest end of grace that anybody asked for.
    let deadline: BootInstant
  }

  private struct State {
    var request: Request?
    var isPatient = false
    var isOpen = true
  }

  /// Becomes readable when there is something new; the supervisor's until `close`.
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
      nudge()
    }
  }

  /// Whether the step may be silent for as long as it likes.
  func setPatient(_ isPatient: Bool) {
    state.withLock { state in
      guard state.isOpen, state.isPatient != isPatient else { return }
      state.isPatient = isPatient
      nudge()
    }
  }

  /// Has the supervisor look at what else there is.
  func wake() { state.withLock { if $0.isOpen { nudge() } } }

  private func nudge() {
    var one: UInt64 = 1
    write(descriptor, &one, MemoryLayout<UInt64>.size)
  }

  /// What is asked for; makes the descriptor unreadable until somebody asks again.
  func take() -> (request: Request?, isPatient: Bool) {
    state.withLock { state in
      var count: UInt64 = 0
      read(descriptor, &count, MemoryLayout<UInt64>.size)
      return (state.request, state.isPatient)
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
