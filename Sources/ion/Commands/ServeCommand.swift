internal import ArgumentParser
internal import Glibc
internal import IonEngine
internal import IonLock
internal import IonProcess
internal import IonRPC
internal import IonServer

/// `ion serve`
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve an editor over stdin and stdout.",
    discussion: """
      Speaks JSON-RPC 2.0 with LSP's framing and life cycle; protocol-spec/ describes it. Logs go to a file below \
      $XDG_STATE_HOME/ion (else ~/.local/state/ion); stdout carries frames and nothing else.

      SIGTERM, SIGINT and SIGHUP end it as a closed stdin does: what runs is interrupted and can be resumed. The exit code \
      is 128 and the signal's number then.

      EXAMPLES
        ion serve --stdio
      """)

  @Flag(name: .long, help: "Use stdin and stdout. The only transport there is.")
  var stdio = false

  @Option(name: .customLong("clientProcessId"), help: "End when this process does.")
  var clientProcessID: Int32?

  /// Flags of other clients (`--clientName` …) are nothing that Ion needs to know.
  @Argument(parsing: .allUnrecognized, help: .hidden)
  var others: [String] = []

  func validate() throws {
    for word in others where !word.hasPrefix("--client") { throw ValidationError("Unknown option '\(word)'") }
  }

  func run() async throws {
    ProcessSetUp.prepare()
    guard let streams = ProcessSetUp.takeStandardStreams() else {
      Console.warn("stdin or stdout is closed; an editor starts `ion serve --stdio` with pipes")
      throw ExitCode(ExitStatus.usage.rawValue)
    }
    let signals = SignalWatch()
    let logger = LogFiles.logger()
    let code: Int32
    do throws(CommandFailure) {
      let made = try EngineFactory.make(logger: logger, stays: true)
      var server = Server(engine: made.engine, version: Version.current, logger: logger)
      if let bytes = made.settings.frameBytes { server.limits.frame.body = bytes }
      if let count = made.settings.requestsInFlight { server.limits.requests = count }
      code = try await serve(server, streams, until: signals.signals)
    } catch {
      Console.warn(error.message)
      throw ExitCode(error.code.rawValue)
    }
    if code != 0 { throw ExitCode(code) }
  }

  private func serve(
    _ server: Server, _ streams: (input: Int32, output: Int32), until signals: AsyncStream<Int32>
  ) async throws(CommandFailure) -> Int32 {
    let received = Guarded<Int32?>(nil)
    do throws(TransportFailure) {
      let code = try await server.run(
        Transport(input: streams.input, output: streams.output), clientProcess: clientProcessID
      ) {
        for await signal in signals {
          received.withLock { $0 = signal }
          return "Ion was ended by \(ExitMeaning.words(forSignal: signal))"
        }
        return nil
      }
      return received.withLock { $0 }.map { 128 + $0 } ?? code
    } catch {
      throw CommandFailure("the connection could not be made: \(error)")
    }
  }
}
