internal import IonScheduler
internal import IonStore
internal import IonWorkflow

/// What a child run that is over comes to for its node.
struct ChildResult {
  /// The parent.
  let context: RunContext
  let node: Node
  let attempt: Int

  /// - Parameters:
  ///   - record: The child's row at its end, or where it was left waiting.
  ///   - stop: Why it was to end, where somebody wanted that.
  func event(_ record: RunRecord, _ definition: WorkflowDefinition, stop: ChildStop?) async -> RunEvent {
    switch record.status {
    case .succeeded:
      do throws(StepFailure) {
        return .stepSucceeded(node.id, try await output(of: record, definition))
      } catch {
        return failed(error)
      }
    case .queued, .running, .awaitingApproval, .paused, .interrupted, .failed, .cancelled: break
    }
    switch stop {
    case .timedOut(let reason): return failed(StepFailure(.timeout, reason, isTransient: true))
    case .cancelled, .interrupted: if record.status != .failed { return .stepStopped(node.id) }
    case nil: break
    }
    let words = record.status == .failed ? "failed" : "was \(record.status.rawValue)"
    let why = record.error.map { ": \($0)" } ?? ""
    return failed(StepFailure(.child, "run \(record.id) of `\(record.workflow)` \(words)\(why)"))
  }

  func failed(_ failure: StepFailure) -> RunEvent {
    .stepFailed(node.id, failure, dice: Double.random(in: 0..<1))
  }

  /// What the child gives: the output of what it returns, kept by the parent itself, so that either run can go.
  private func output(of record: RunRecord, _ definition: WorkflowDefinition) async throws(StepFailure) -> NodeOutput {
    guard let id = definition.resultNode else { return try checked(StepPlanner.output("")) }
    let row: NodeRecord?
    do {
      row = try await context.store.node(id, of: record.id)
    } catch {
      throw StepFailure(.storage, EngineFailure.store(error).message)
    }
    guard let row, row.status != .failed else {
      throw StepFailure(.value, "run \(record.id) succeeded, but `\(id)`, which gives its output, did not")
    }
    guard let output = row.output else { return try checked(StepPlanner.output("")) }
    guard let file = output.file else { return try checked(output) }
    return try checked(try copy(output, from: file, of: record.id))
  }

  private func copy(_ output: NodeOutput, from file: String, of run: RunID) throws(StepFailure) -> NodeOutput {
    let logs = ProjectPaths(root: context.root, codebase: context.codebase, run: run).logs
    let name = ProjectPaths.logName(of: node.id, attempt: attempt) + "/stdout"
    let target = context.paths.logs.appending(name)
    do throws(EngineFailure) {
      guard let bytes = try FileAccess.read(logs.appending(file), limit: output.length), bytes.count == output.length
      else { throw EngineFailure.unusable("The output of run \(run) is gone (\(file)).") }
      try FileAccess.makeFolder(target.parent)
      try FileAccess.write(bytes, to: target)
    } catch {
      throw StepFailure(.storage, error.message)
    }
    var copy = output
    copy.file = name
    return copy
  }

  private func checked(_ output: NodeOutput) throws(StepFailure) -> NodeOutput {
    guard let format = node.outputFormat else { return output }
    let check = OutputFormatCheck(format: format)
    guard let text = try RunValues.text(of: node.id, output, in: context.paths.logs) else {
      throw StepFailure(.format, "its output is not what `output_format` asks for: it has a NUL byte or is not UTF-8")
    }
    if let failure = check.failure(of: text) { throw failure }
    return output
  }
}
