internal import IonLock

/// A program that whoever takes its events can reach from the first of them on, though they may come before it is handed
/// over.
final class HeldProgram: Sendable {
  private let slot = Monitor<AgentProgram?>(nil)

  /// Waits for the moment until it is handed over.
  var program: AgentProgram { slot.wait { $0 } }

  func hold(_ program: AgentProgram) { slot.signal { $0 = program } }
}
