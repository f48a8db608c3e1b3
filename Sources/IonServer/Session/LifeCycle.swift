internal import IonRPC

/// Where a session stands in LSP's life cycle. Pure: messages in, verdicts out; the gate of a connection asks it in order
/// of arrival.
struct LifeCycle: Sendable {
  private enum Phase { case fresh, initialized, shutDown }

  private var phase = Phase.fresh

  /// What a program's exit code is when the connection ends now.
  var exitCode: Int32 { phase == .shutDown ? 0 : 1 }

  var isInitialized: Bool { phase == .initialized }

  /// What happens to a request or notification.
  mutating func admit(method: String, isRequest: Bool) -> Admission {
    if method == "exit" && !isRequest { return .end }
    switch phase {
    case .fresh:
      guard method == "initialize" && isRequest else { return .refuse(.serverNotInitialized) }
      phase = .initialized
    case .initialized:
      if method == "initialize" { return .refuse(.invalidRequest("the session is initialized already")) }
      if method == "shutdown" && isRequest { phase = .shutDown }
    case .shutDown: return .refuse(.invalidRequest("the session was shut down; only `exit` may follow"))
    }
    return .pass
  }

  /// The `initialize` that was let pass was refused by its handler.
  mutating func initializeFailed() { phase = .fresh }
}
