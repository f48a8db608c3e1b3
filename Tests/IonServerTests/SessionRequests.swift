import IonEngine
import IonJSON
import IonRPC
import IonStore
import IonTestSupport
import IonWorkflow

@testable import IonServer

/// Requests as small as a session's tests need them, so that they hold what a session does and nothing else.
enum SessionRequests {
  static let all: [any ServedRequest.Type] = [
    Start.self, Finish.self, Listen.self, Replay.self, Await.self, Hold.self, Echo.self,
  ]

  struct Name: WireShape {
    static let notes: [String: String] = [:]
    var workflow: String?
    var runId: RunID?
    var workDoneToken: JSONValue?
  }

  struct Started: WireShape {
    static let notes: [String: String] = [:]
    var runId: RunID
    var seq: Int64
  }

  /// Starts a workflow of the fixture's and follows it, as everything does that starts a run.
  enum Start: ServedRequest {
    typealias Params = Name
    typealias Result = Started
    static let method = "workflow/execute"
    static let ordering = Ordering.serial
    static let spec = Spec<Self>(summary: "", errors: ErrorKind.allCases, examples: [])

    static func handle(_ params: Name, in session: Session) async throws(Failure) -> Started {
      do throws(EngineFailure) {
        let workspace = try await session.engine.workspace(nil)
        let run = try await workspace.execute(
          try workspace.workflow(named: params.workflow ?? ""), in: nil, message: "",
          options: WorkflowExecutionOptions()
        ).run
        try await follow(run, workspace, params.workDoneToken, session)
        return Started(runId: run.id, seq: run.seq)
      } catch {
        throw Failure(error)
      }
    }

    private static func follow(
      _ run: RunRecord, _ workspace: Workspace, _ token: JSONValue?, _ session: Session
    ) async throws(EngineFailure) {
      do throws(Failure) {
        try await session.follow(run, in: workspace, after: run.seq, workDoneToken: token)
      } catch {
        throw .unusable(error.message)
      }
    }
  }

  /// Starts a workflow and answers when its run has ended.
  enum Finish: ServedRequest {
    typealias Params = Name
    typealias Result = Started
    static let method = "test/finish"
    static let ordering = Ordering.serial
    static let startsRuns = true
    static let spec = Spec<Self>(summary: "", errors: ErrorKind.allCases, examples: [])

    static func handle(_ params: Name, in session: Session) async throws(Failure) -> Started {
      let started = try await Start.handle(params, in: session)
      let run = try await session.serving { () async throws(EngineFailure) in
        let workspace = try await session.engine.workspace(nil)
        let run = try await workspace.wait(for: started.runId, timeout: nil).run
        // Who listens already has it all before this is answered.
        try await workspace.published(upTo: run.seq)
        return run
      }
      return Started(runId: run.id, seq: run.seq)
    }
  }

  struct Scope: WireShape {
    static let notes: [String: String] = [:]
    var runId: RunID?
    var afterSeq: Int64?
    var kinds: [String]?
    var output: OutputMode?
    var limit: Int?
  }

  struct Subscribed: WireShape {
    static let notes: [String: String] = [:]
    var subscriptionId: String
    var lastSeq: Int64
  }

  enum Listen: ServedRequest {
    typealias Params = Scope
    typealias Result = Subscribed
    static let method = "events/subscribe"
    static let ordering = Ordering.serial
    static let spec = Spec<Self>(summary: "", errors: ErrorKind.allCases, examples: [])

    static func handle(_ params: Scope, in session: Session) async throws(Failure) -> Subscribed {
      let (id, bounds) = try await session.subscribe(
        to: workspace(session), run: params.runId, after: params.afterSeq, kinds: Set(params.kinds ?? []),
        output: params.output ?? .none)
      return Subscribed(subscriptionId: id, lastSeq: bounds.last)
    }
  }

  struct Page: WireShape {
    static let notes: [String: String] = [:]
    var seqs: [Int64]
    var nextSeq: Int64
    var lastSeq: Int64
  }

  enum Replay: ServedRequest {
    typealias Params = Scope
    typealias Result = Page
    static let method = "events/replay"
    static let ordering = Ordering.concurrent
    static let spec = Spec<Self>(summary: "", errors: ErrorKind.allCases, examples: [])

    static func handle(_ params: Scope, in session: Session) async throws(Failure) -> Page {
      let workspace = try await workspace(session)
      let (notices, bounds): ([StoredNotice], SequenceBounds)
      do throws(EngineFailure) {
        (notices, bounds) = try await workspace.notices(
          of: params.runId, after: params.afterSeq ?? 0, limit: params.limit ?? 100)
      } catch {
        throw Failure(error)
      }
      let isEnd = notices.count < params.limit ?? 100
      let next = isEnd ? bounds.last : notices.last?.seq ?? bounds.last
      if isEnd { await session.caughtUp(in: workspace, run: params.runId, to: next) }
      return Page(seqs: notices.map(\.seq), nextSeq: next, lastSeq: bounds.last)
    }
  }

  struct Outcome: WireShape {
    static let notes: [String: String] = [:]
    var status: RunStatus
    var seq: Int64
    var timedOut: Bool
  }

  enum Await: ServedRequest {
    typealias Params = Name
    typealias Result = Outcome
    static let method = "workflow/wait"
    static let ordering = Ordering.concurrent
    static let onlyWaits = true
    static let spec = Spec<Self>(summary: "", errors: ErrorKind.allCases, examples: [])

    static func handle(_ params: Name, in session: Session) async throws(Failure) -> Outcome {
      let workspace = try await workspace(session)
      do throws(EngineFailure) {
        let run = params.runId ?? ""
        let (record, timedOut) = try await workspace.wait(for: run, timeout: nil)
        await session.delivered(run, in: workspace, upTo: record.seq)
        return Outcome(status: record.status, seq: record.seq, timedOut: timedOut)
      } catch {
        throw Failure(error)
      }
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

  enum Echo: ServedRequest {
    typealias Params = Name
    typealias Result = Name
    static let method = "test/echo"
    static let ordering = Ordering.serial
    static let spec = Spec<Self>(summary: "", errors: [], examples: [])

    static func handle(_ params: Name, in session: Session) async throws(Failure) -> Name { params }
  }

  private static func workspace(_ session: Session) async throws(Failure) -> Workspace {
    do throws(EngineFailure) {
      return try await session.engine.workspace(nil)
    } catch {
      throw Failure(error)
    }
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
