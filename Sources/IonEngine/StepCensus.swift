internal import IonLock

/// How many steps work in a run and in the runs around it and below it: whoever works alone has changed what changed.
final class StepCensus: Sendable {
  private struct State {
    var living = 0
    var starts = 0
  }

  private let state = Guarded(State())

  func began() {
    state.withLock { state in
      state.living += 1
      state.starts += 1
    }
  }

  func ended() { state.withLock { $0.living -= 1 } }

  /// The number of the one step that works; nil where there are several. The same number twice means that it has been
  /// alone in between.
  var lone: Int? { state.withLock { $0.living == 1 ? $0.starts : nil } }
}
