internal import Glibc
public import IonEngine
internal import IonLock
public import IonRPC
public import Logging

/// One client on one connection: serves it to its end, and leaves nothing behind.
public struct Server: Sendable {
  /// What a run's steps get to end in when the client goes away.
  static let farewell = Duration.milliseconds(500)

  let engine: Engine
  let version: String
  let logger: Logger

  public init(engine: Engine, version: String, logger: Logger) {
    self.engine = engine
    self.version = version
    self.logger = logger
  }

  /// Serves until the client says `exit`, closes its end, or is gone; then interrupts what runs, and returns the exit
  /// code: 0 after `shutdown`, else 1. `clientProcess` is watched beside the one that `initialize` names.
  ///
  /// `stop` returns when the program itself is asked to end, with the reason that interrupted runs get; nil never ends it.
  public func run(
    _ transport: Transport, clientProcess: Int32? = nil, stop: (@Sendable () async -> String?)? = nil
  ) async throws(TransportFailure) -> Int32 {
    let session = Session(engine: engine, version: version, logger: logger)
    let connection = try Connection(transport, handlers: Dispatch.table(for: session), logger: logger)
    let watch = Task { await ClientWatch(session: session, process: clientProcess).untilGone { connection.close() } }
    let stopping = Task { [engine] in
      guard let reason = await stop?() else { return }
      await engine.close(reason: reason, grace: Self.farewell)
      connection.close()
    }
    let reason = await connection.run()
    watch.cancel()
    stopping.cancel()
    await session.end()
    await engine.close(reason: "the client closed its connection", grace: Self.farewell)
    logger.info("the connection ended", metadata: ["reason": "\(reason)"])
    switch reason {
    case .desynchronised, .inputFailed, .outputOverflowed: return 1
    case .endOfInput, .ended, .closed, .outputFailed: return session.lifeCycle.withLock { $0.exitCode }
    }
  }
}

/// Looks every second whether the client's process is still there.
private struct ClientWatch: Sendable {
  let session: Session
  /// Named by a flag; `initialize` may name another.
  let process: Int32?

  func untilGone(_ close: @Sendable () -> Void) async {
    while !Task.isCancelled {
      do { try await Task.sleep(for: .seconds(1)) } catch { return }
      let named = await session.clientProcess
      for pid in [process, named].compactMap({ $0 }) where kill(pid, 0) != 0 && errno == ESRCH { return close() }
    }
  }
}
