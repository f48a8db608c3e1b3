internal import CIonProcess
internal import Glibc
internal import IonLock

/// What a program reads from its stdin.
public enum StepInput: Sendable {
  /// `/dev/null`.
  case nothing
  /// These bytes to their end. They are handed over in memory: nobody has to feed them, and nothing is written down.
  case bytes([UInt8])
  /// What `StepProcess.write` is given, until `closeInput`.
  case open
}

/// A program's stdin, made ready.
struct StepStdin: ~Copyable {
  /// What the program gets; none for `/dev/null`.
  let reading: Descriptor
  /// What feeds it; nil where nobody has to.
  let feed: StepInputFeed?

  init(_ input: StepInput) throws(SystemError) {
    switch input {
    case .nothing:
      reading = .none
      feed = nil
    case .bytes(let bytes):
      reading = try MemoryFile.holding(bytes)
      feed = nil
    case .open:
      var writing: Int32 = -1
      reading = try Descriptor.made { ion_input_pipe($0, &writing) }
      feed = StepInputFeed(owning: writing)
    }
  }
}

/// The stdin of a running program that others write to. Writing never waits: what the program doesn't read yet is kept.
final class StepInputFeed: Sendable {
  private struct State {
    /// -1 once it is closed.
    var descriptor: Int32
    var pending: [UInt8] = []
    /// How much of `pending` is written.
    var written = 0
    var isEnding = false

    mutating func close() {
      if descriptor >= 0 { Glibc.close(descriptor) }
      (descriptor, pending, written) = (-1, [], 0)
    }
  }

  private let state: Guarded<State>

  init(owning descriptor: Int32) { state = Guarded(State(descriptor: descriptor)) }

  deinit { state.withLock { $0.close() } }

  /// The descriptor to wait for until it takes more, -1 where there is nothing to write.
  var wanted: Int32 { state.withLock { $0.pending.isEmpty && !$0.isEnding ? -1 : $0.descriptor } }

  /// Adds bytes. They go nowhere where the program has ended, or doesn't read any more.
  func add(_ bytes: some Sequence<UInt8>) {
    state.withLock { state in
      if state.descriptor >= 0 && !state.isEnding { state.pending.append(contentsOf: bytes) }
    }
  }

  /// Has the program see the end of its input, behind what was added.
  func end() { state.withLock { $0.isEnding = true } }

  /// Writes as much as the pipe takes. On a thread where no signal comes of a closed pipe.
  func flush() {
    state.withLock { state in
      while state.descriptor >= 0, state.written < state.pending.count {
        let count = state.pending.withUnsafeBytes { all in
          let rest = UnsafeRawBufferPointer(rebasing: all[state.written...])
          return write(state.descriptor, rest.baseAddress, rest.count)
        }
        if count >= 0 {
          state.written += count
        } else if errno == EAGAIN {
          return
        } else if errno != EINTR {
          return state.close()
        }
      }
      (state.pending, state.written) = ([], 0)
      if state.isEnding { state.close() }
    }
  }

  func close() { state.withLock { $0.close() } }
}
