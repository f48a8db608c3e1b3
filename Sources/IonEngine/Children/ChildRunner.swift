internal import IonJSON
internal import IonScheduler
internal import IonStore
internal import IonWorkflow

/// Sees the child run of one start of a node through: finds it, or makes it, and says what came of it.
struct ChildRunner {
  /// The parent.
  let context: RunContext
  let node: Node
  let attempt: Int
  let plan: ChildPlan
  let place: ChildPlace
  let handle: ChildHandle

  private var executor: WorkflowExecutor { WorkflowExecutor(home: context.home) }
  private var result: ChildResult { ChildResult(context: context, node: node, attempt: attempt) }

  /// `began` is called once there is a child.
  func run(began: @Sendable () -> Void) async -> RunEvent {
    defer { context.home.children.remove(place.run) }
    let started: StartedRun
    do throws(StepFailure) {
      guard let found = try await begin() else { return .stepStopped(node.id) }
      started = found
    } catch {
      return result.failed(error)
    }
    began()
    if let usage = started.record.usage { place.used(usage) }
    if let driver = started.driver {
      context.home.children.add(driver, of: place.run)
      for stop in handle.began(driver) { await stop.give(to: driver) }
    }
    let record = await started.finish()
    return await result.event(record, started.definition, stop: handle.stop)
  }

  /// The child as it goes on, or as it ended; nil where it is not to begin at all.
  private func begin() async throws(StepFailure) -> StartedRun? {
    do throws(EngineFailure) {
      let known: RunRecord?
      do {
        known = try await context.store.run(place.run)
      } catch {
        throw .store(error)
      }
      guard let known else {
        return handle.stop == nil ? try await create() : nil
      }
      return try await goOn(with: known)
    } catch {
      throw Self.failure(error)
    }
  }

  private func create() async throws(EngineFailure) -> StartedRun {
    let finder = WorkflowFinder(root: context.root, context.dependencies)
    let workflow: LoadedWorkflow
    if let item = plan.item {
      workflow = try item.workflow.find(plan.workflow, by: finder)
    } else {
      workflow = try finder.workflow(named: plan.workflow)
    }
    let ancestor = Ancestor(workflow.definition, at: workflow.path)
    if let fault = ChildLimit.fault(of: ancestor, below: place.lineage) {
      throw .invalidState(context.id, fault)
    }
    var options = WorkflowExecutionOptions()
    do {
      options.input = try plan.inputs(of: workflow.definition, mask: context.mask)
    } catch {
      throw .inputInvalid(name: nil, message: error.message)
    }
    options.provider = context.request.chosenProvider
    options.model = context.request.chosenModel
    options.context = context.request.context
    options.editor = context.request.editor
    options.usesCache = context.request.usesCache
    options.isolation = plan.isIsolated ? .worktree : .inherit
    return try await executor.begin(
      workflow, in: context.request.workingPath, message: plan.message, options: options, as: place)
  }

  /// Goes on with a child of an earlier start: one that is over is taken as it is, one that waits is only taken up, any
  /// other is resumed.
  private func goOn(with record: RunRecord) async throws(EngineFailure) -> StartedRun? {
    switch record.status {
    case .succeeded:
      let workflow = try await RunFold.workflow(
        record.definitionHash, record.request.frozenFiles, of: record, in: context.store)
      return StartedRun(record: record, created: false, definition: workflow.definition, driver: nil, release: {})
    case .awaitingApproval:
      if case .interrupted? = handle.stop { return nil }
      return try await executor.takeUp(record, in: place, secrets: plan.secrets)
    case .failed, .cancelled, .interrupted:
      return handle.stop == nil ? try await executor.resume(record, in: place, secrets: plan.secrets) : nil
    case .queued, .running, .paused:
      throw .invalidState(
        record.id, "Run \(record.id), which the node goes on with, is still \(record.status.rawValue).")
    }
  }

  private static func failure(_ failure: EngineFailure) -> StepFailure {
    switch failure {
    case .inputInvalid(_, let message): StepFailure(.value, message)
    case .workflowNotFound, .workflowAmbiguous, .workflowInvalid: StepFailure(.missing, failure.message)
    case .store: StepFailure(.storage, failure.message)
    default: StepFailure(.child, failure.message)
    }
  }
}
