import IonEngine
import IonJSON
import IonRPC
import IonStore
import IonTestSupport
import IonWorkflow

@testable import IonServer

/// What a session is tested with: Ion's own requests that start, follow and await runs, and a few that only tests need.
enum SessionRequests {
  static let all: [any ServedRequest.Type] = [
    ExecuteWorkflow.self, SubscribeEvents.self, ReplayEvents.self, WaitForWorkflow.self, Finish.self, Hold.self,
    Echo.self,
  ]

  /// Starts a workflow and answers when its run has ended.
  enum Finish: ServedRequest {
    typealias Params = ExecuteWorkflow.Params
    typealias Result = StartedRunShape
    static let method = "test/finish"
    static let ordering = Ordering.serial
    static let startsRuns = true
    static let spec = Spec<Self>(summary: "", errors: ErrorKind.allCases, examples: [])

    static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
      var started = try await ExecuteWorkflow.handle(params, in: session)
      let run = started.runId
      started.seq = try await session.serving { () async throws(EngineFailure) in
        let workspace = try await session.engine.workspace(of: run)
        let seq = try await workspace.wait(for: run, timeout: nil).run.seq
        // Who listens already has it all before this is answered.
        try await workspace.published(upTo: seq)
        return seq
      }
      return started
    }
  }

  /// Waits until it is cancelled.
  enum Hold: ServedRequest {
    typealias Params = Nothing
    typealias Result = Nothing
    static let method = "test/hold"
    static let ordering = Ordering.serial
    static let spec = Spec<Self>(summary: "", errors: [], examples: [])

    static func handle(_ params: Nothing, in session: Session) async throws(Failure) -> Nothing {
      let (stream, sink) = AsyncStream<Never>.makeStream()
      for await _ in stream {}
      sink.finish()
      throw .cancelled
    }
  }

  /// Answers with what it was asked.
  enum Echo: ServedRequest {
    struct Params: WireShape {
      static let notes: [String: String] = [:]
      var workflow: String?
    }

    typealias Result = Params
    static let method = "test/echo"
    static let ordering = Ordering.serial
    static let spec = Spec<Self>(summary: "", errors: [], examples: [])

    static func handle(_ params: Params, in session: Session) async throws(Failure) -> Params { params }
  }
}

extension ServerFixture {
  /// A server that serves the requests of this file alone.
  static func small(
    files: [String: String] = [:], clock: any EngineClock = SystemClock(), clientProcess: Int32? = nil,
    pipeSize: Int32? = nil, backlog: Int? = nil, watches: Bool = false,
    drainTime: Duration = .seconds(300)
  ) async throws -> ServerFixture {
    try await ServerFixture(files: files, clock: clock, clientProcess: clientProcess, pipeSize: pipeSize) { server in
      server.requests = SessionRequests.all
      server.watchesWorkflows = watches
      // A test says what it waits for; it isn't cut short because the machine is busy.
      server.limits.drainTime = drainTime
      if let backlog { server.limits.backlog.messages = backlog }
    }
  }
}

extension JSONValue {
  /// The member at a place such as `error.data.path`; nil where there is none.
  func at(_ path: String) -> JSONValue? {
    path.split(separator: ".").reduce(self as JSONValue?) { value, key in
      Int(key).flatMap { index in
        guard let array = value?.arrayValue, array.indices.contains(index) else { return nil }
        return array[index]
      } ?? value?[String(key)]
    }
  }
}
