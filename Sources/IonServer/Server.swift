public import IonEngine
internal import IonLock
public import IonRPC
public import Logging

/// One client on one connection: serves it to its end, and leaves nothing behind.
public struct Server: Sendable {
  let engine: Engine
  let version: String
  let logger: Logger
  /// What one connection may cost; clients that know Ion are told.
  public var limits = ConnectionLimits()
  /// What is served, beside what LSP asks of every server.
  var requests = Catalog.requests
  /// Whether workflow files are watched for clients that want to know. A system has few watches to give.
  public var watchesWorkflows = true

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
    try await run(Session(self), transport, clientProcess: clientProcess, stop: stop)
  }

  func run(
    _ session: Session, _ transport: Transport, clientProcess: Int32?, stop: (@Sendable () async -> String?)? = nil
  ) async throws(TransportFailure) -> Int32 {
    let connection = try Connection(transport, handlers: Dispatch.table(for: session), limits: limits, logger: logger)
    let watch = clientProcess.map { process in
      Task { [clock = engine.dependencies.clock] in
        if await ClientWatch(process: process, clock: clock).isGone() { connection.close() }
      }
    }
    let stopping = Task {
      guard let reason = await stop?() else { return }
      await session.close(reason: reason)
      connection.close()
    }
    let reason = await connection.run()
    watch?.cancel()
    stopping.cancel()
    await session.end()
    logger.info("the connection ended", metadata: ["reason": "\(reason)"])
    switch reason {
    case .desynchronised, .inputFailed, .outputOverflowed: return 1
    case .endOfInput, .ended, .closed, .outputFailed: return session.lifeCycle.withLock { $0.exitCode }
    }
  }
}
