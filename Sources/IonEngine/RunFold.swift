internal import IonScheduler
internal import IonStore
internal import IonWorkflow
internal import IonWorkflowFile

/// Folds a run's log to its value. The definition may change between two attempts; the log says where.
struct RunFold {
  private let record: RunRecord
  private let store: any WorkflowStore
  /// With the definition that the run has where the fold stands.
  private(set) var workflow: LoadedWorkflow
  private(set) var run: WorkflowRun

  /// Before the log's first event.
  ///
  /// - Throws: `.invalidState` where the definition is gone; `.workflowInvalid` where it can't be read any more.
  init(of record: RunRecord, in store: any WorkflowStore) async throws(EngineFailure) {
    self.record = record
    self.store = store
    workflow = try await Self.workflow(
      record.firstDefinitionHash ?? record.definitionHash, record.firstFrozenFiles ?? record.request.frozenFiles,
      of: record, in: store)
    run = WorkflowRun(workflow.definition)
  }

  /// Takes up the next event.
  mutating func take(_ event: RunEvent) async throws(EngineFailure) {
    if case .redefined(let change) = event {
      workflow = try await Self.workflow(change.definitionHash, change.frozenFiles, of: record, in: store)
      run = run.redefined(as: workflow.definition, keeping: change.unchanged)
    }
    _ = run.advance(on: event)
  }

  /// One of the definitions that a run has had, with the files that were frozen with it.
  static func workflow(
    _ hash: String, _ files: [String: String], of record: RunRecord, in store: any WorkflowStore
  ) async throws(EngineFailure) -> LoadedWorkflow {
    guard let text = try await self.text(hash, in: store) else {
      throw .invalidState(record.id, "The definition that run \(record.id) was started with is gone from the store.")
    }
    let reading = FrozenWorkflow.read(text, fileName: record.definitionPath?.name)
    guard let definition = reading.definition else {
      throw .workflowInvalid(record.workflow, reading.diagnostics, text: text)
    }
    var prompts: [String: String] = [:]
    for name in PromptLibrary.names(in: definition) {
      if let hash = files[name] { prompts[name] = try await self.text(hash, in: store) }
    }
    return LoadedWorkflow(
      definition: PromptLibrary.filled(definition) { prompts[$0] }, text: text, path: record.definitionPath)
  }

  private static func text(_ hash: String, in store: any WorkflowStore) async throws(EngineFailure) -> String? {
    do {
      return try await store.text(sha256: hash)
    } catch {
      throw .store(error)
    }
  }
}
