internal import Glibc
internal import IonProcess
internal import IonScheduler
internal import IonWorkflow
internal import Logging

/// Runs one attempt of a node from its plan to the event that says what came of it.
struct StepRunner: Sendable {
  let context: RunContext
  let node: Node
  let attempt: Int
  let handle: StepHandle

  /// What came of an attempt.
  struct End: Sendable {
    var event: RunEvent
    /// How much it printed, both streams together.
    var logBytes = 0
  }

  /// Returns the fact that ends the attempt. `spawned` is told as soon as there is a process.
  func run(
    _ plan: Result<StepPlan, StepFailure>, spawned: @escaping @Sendable (ProcessFacts) -> Void
  ) async -> End {
    defer { handle.end() }
    switch plan {
    case .failure(let failure): return End(event: failed(failure))
    case .success(.answer(let output)): return End(event: .stepSucceeded(node.id, output))
    case .success(.process(let process)): return await run(process, spawned)
    }
  }

  private func run(_ plan: ProcessPlan, _ spawned: @escaping @Sendable (ProcessFacts) -> Void) async -> End {
    if handle.wasStoppedEarly { return End(event: .stepStopped(node.id)) }
    let folder = context.paths.log(of: node.id, attempt: attempt)
    do throws(EngineFailure) {
      for file in plan.files {
        try FileAccess.makeFolder(file.path.parent)
        try FileAccess.write(file.bytes, to: file.path)
      }
    } catch {
      return End(event: failed(StepFailure(.storage, error.message)))
    }
    let result: StepResult
    do throws(ProcessFailure) {
      result = try await StepProcess.run(
        plan.command, output: OutputFiles(folder), limits: plan.limits, onOutput: announce
      ) { [handle] process in
        let facts = process.facts
        spawned(ProcessFacts(pid: facts.pid, startTicks: facts.startTicks, bootID: facts.bootID))
        if let grace = handle.began(process) { process.stop(reason: "stopped", grace: grace) }
      }
    } catch {
      return End(event: failed(Self.failure(error)))
    }
    for file in plan.files where file.isTemporary { FileAccess.remove(file.path) }
    return End(event: event(result, folder), logBytes: result.stdout.size + result.stderr.size)
  }

  private var announce: @Sendable (OutputChunk) -> Void {
    let board = context.output
    let arrival = OutputArrival(
      codebase: context.codebase, run: context.id, node: node.id, attempt: attempt, stream: .stdout, offset: 0, count: 0
    )
    return { chunk in
      var arrival = arrival
      arrival.stream = chunk.stream
      arrival.offset = chunk.offset
      arrival.count = chunk.count
      board.post(arrival)
    }
  }

  private func event(_ result: StepResult, _ folder: AbsolutePath) -> RunEvent {
    if !result.survivors.isEmpty {
      let pids = result.survivors.map(String.init).joined(separator: ", ")
      context.dependencies.logger.error("run \(context.id), node \(node.id): processes \(pids) could not be stopped")
    }
    switch result.ending {
    case .exited(0): return succeeded(result, folder)
    case .exited(let code):
      let words = ExitMeaning.words(forCode: code)
      return failed(StepFailure(.exit, quoting(words, folder), exitCode: Int(code)))
    case .signalled(let signal):
      let words = ExitMeaning.words(forSignal: signal)
      return failed(StepFailure(.signal, quoting(words, folder), signal: Int(signal), isTransient: true))
    case .stopped: return .stepStopped(node.id)
    case .timedOut:
      return failed(StepFailure(.timeout, quoting("timed out", folder), isTransient: true))
    case .idledOut:
      return failed(StepFailure(.idleTimeout, quoting("printed nothing for too long", folder), isTransient: true))
    case .unrecorded(let failure): return failed(StepFailure(.storage, "\(failure)"))
    case .lost: return failed(StepFailure(.signal, "its exit status was lost", isTransient: true))
    }
  }

  private func succeeded(_ result: StepResult, _ folder: AbsolutePath) -> RunEvent {
    let summary = result.stdout
    var text: String?
    if summary.isText && summary.length <= NodeOutput.inlineLimit {
      do throws(EngineFailure) {
        let bytes =
          summary.length == 0 ? [] : try FileAccess.read(folder.appending("stdout"), limit: summary.length) ?? []
        guard bytes.count == summary.length else {
          return failed(StepFailure(.storage, "its output was cut on the disk"))
        }
        text = String(decoding: bytes, as: UTF8.self)
      } catch {
        return failed(StepFailure(.storage, error.message))
      }
    }
    let file = text == nil ? ProjectPaths.logName(of: node.id, attempt: attempt) + "/stdout" : nil
    return .stepSucceeded(
      node.id, NodeOutput(text: text, file: file, length: summary.length, sha256: summary.sha256))
  }

  /// What went wrong, and the end of what the step said on stderr (else on stdout).
  private func quoting(_ words: String, _ folder: AbsolutePath) -> String {
    for stream in ["stderr", "stdout"] {
      let tail = FileAccess.tail(folder.appending(stream), bytes: 2048)
      // The two bytes that end a line on Windows are one character.
      let lines = tail.split { $0 == "\n" || $0 == "\r\n" }.suffix(8)
      if !lines.isEmpty { return words + ": " + lines.joined(separator: "\n") }
    }
    return words
  }

  private func failed(_ failure: StepFailure) -> RunEvent {
    .stepFailed(node.id, failure, dice: Double.random(in: 0..<1))
  }

  private static func failure(_ failure: ProcessFailure) -> StepFailure {
    StepFailure(.spawn, "\(failure)", isTransient: failure.isTransient)
  }
}
