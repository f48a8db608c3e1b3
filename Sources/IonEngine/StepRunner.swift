internal import Glibc
internal import IonAgents
internal import IonProcess
internal import IonScheduler
internal import IonWorkflow
internal import Logging

/// Sees one attempt of a node through, from its plan to the event that says what came of it.
struct StepRunner: Sendable {
  let context: RunContext
  let node: Node
  let attempt: Int
  let handle: StepHandle

  /// Sets the attempt going, which tells of itself from then on.
  func start(_ plan: Result<StepPlan, StepFailure>, _ telling: StepTelling) {
    var telling = telling
    telling.ended = { [handle, ended = telling.ended] end in
      ended(end)
      handle.end()
    }
    let (spawned, end) = (telling.spawned, telling.ended)
    switch plan {
    case .failure(let failure): end(self.end(failed(failure)))
    case .success(.answer(let output)): end(self.end(.stepSucceeded(node.id, output)))
    case .success(.process(let process)):
      guard let fingerprint = process.fingerprint else { return start(process, spawned, end) }
      startUnlessCached(process, fingerprint, spawned, end)
    case .success(.turn(let turn)): start(turn, telling)
    }
  }

  private func start(_ plan: TurnPlan, _ telling: StepTelling) {
    do throws(EngineFailure) {
      try write(plan.files)
    } catch {
      return telling.ended(self.end(failed(StepFailure(.storage, error.message))))
    }
    let files = OutputFiles(plan.request.folder, below: context.paths.base)
    let log = TurnLog(files, secrets: context.mask, announce: announce)
    let step = AgentStep(context, node, attempt: attempt, plan, handle, log, telling)
    // What it tells may wait for the run's driver, so that must not be who starts it.
    do throws(ProcessFailure) {
      try OwnThread.perform { step.start() }
    } catch {
      telling.ended(self.end(failed(Self.failure(error))))
    }
  }

  private func write(_ files: [ProcessPlan.File]) throws(EngineFailure) {
    for file in files {
      try FileAccess.makeFolder(file.path.parent)
      try FileAccess.write(file.bytes, to: file.path)
    }
  }

  func end(_ event: RunEvent, logBytes: Int = 0) -> StepEnd { StepEnd(node: node.id, event: event, logBytes: logBytes) }

  func start(
    _ plan: ProcessPlan, _ spawned: @escaping @Sendable (ProcessFacts) -> Void,
    _ end: @escaping @Sendable (StepEnd) -> Void
  ) {
    let folder = context.paths.log(of: node.id, attempt: attempt)
    do throws(EngineFailure) {
      try write(plan.files)
    } catch {
      return end(self.end(failed(StepFailure(.storage, error.message))))
    }
    StepProcess.launch(
      plan.command, output: OutputFiles(folder, below: context.paths.base), limits: plan.limits, onOutput: announce
    ) { [handle] process in
      let facts = process.facts
      spawned(ProcessFacts(pid: facts.pid, startTicks: facts.startTicks, bootID: facts.bootID))
      handle.began(process)
    } onEnd: { [self] result in
      switch result {
      case .failure(let failure): end(self.end(failed(Self.failure(failure))))
      case .success(let result):
        for file in plan.files where file.isTemporary { FileAccess.remove(file.path) }
        end(self.end(event(result, folder), logBytes: result.stdout.size + result.stderr.size))
      }
    }
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
    if let format = node.outputFormat,
      let failure = OutputFormatCheck(format: format).failure(of: summary, text: text, in: folder.appending("stdout"))
    {
      return failed(failure)
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

  func failed(_ failure: StepFailure) -> RunEvent {
    .stepFailed(node.id, failure, dice: Double.random(in: 0..<1))
  }

  private static func failure(_ failure: ProcessFailure) -> StepFailure {
    StepFailure(.spawn, "\(failure)", isTransient: failure.isTransient)
  }
}
