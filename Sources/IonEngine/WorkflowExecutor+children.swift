internal import IonJSON
internal import IonScheduler
internal import IonStore
internal import IonWorkflow

extension WorkflowExecutor {
  /// The secrets that a child with this definition is given again.
  typealias ChildSecrets = (WorkflowDefinition) throws(StepFailure) -> [String: JSONValue]

  /// Takes a child run up again where it stood, under the path that its parent holds.
  func resume(
    _ record: RunRecord, in place: ChildPlace, secrets: ChildSecrets
  ) async throws(EngineFailure) -> StartedRun {
    try await goOn(with: record, in: place, secrets) { next in next.events = [.resumed] }
  }

  /// Takes up a child run that only waits at its gates, and lets it wait on.
  func takeUp(
    _ record: RunRecord, in place: ChildPlace, secrets: ChildSecrets
  ) async throws(EngineFailure) -> StartedRun {
    try await goOn(with: record, in: place, secrets) { next in next.events = [.continued] }
  }

  private func goOn(
    with record: RunRecord, in place: ChildPlace, _ secrets: ChildSecrets, _ adjust: (inout RunContinuation) -> Void
  ) async throws(EngineFailure) -> StartedRun {
    let ownership = try await own()
    do throws(EngineFailure) {
      let past = try await hydrate(record)
      let given: [String: JSONValue]
      do {
        given = try secrets(past.workflow.definition)
      } catch {
        throw .inputInvalid(name: nil, message: error.message)
      }
      var next = try RunContinuation(of: record, past, secrets: given, texts: try await frozenTexts(of: record))
      adjust(&next)
      return try await start(next, after: past.spawned, ownership, path: .parents, in: place)
    } catch {
      ownership.release()
      throw error
    }
  }
}
