internal import IonLock
internal import IonStore
public import IonWorkflow
internal import OrderedCollections

/// What hides the secrets of the runs of this process, in memory alone: their artifacts are looked at after their end.
final class SecretShelf: Sendable {
  /// As many runs are remembered, the last ones.
  private static let limit = 256

  private let masks = Guarded<OrderedDictionary<RunID, SecretMask>>([:])

  func keep(_ mask: SecretMask?, of run: RunID) {
    guard let mask else { return }
    masks.withLock { masks in
      masks[run] = mask
      if masks.count > Self.limit { masks.removeFirst() }
    }
  }

  func mask(of run: RunID) -> SecretMask? { masks.withLock { $0[run] } }
}

extension Workspace {
  /// What hides the secrets of a run in what is shown of its files; nil where there are none. The variables that its
  /// workflow names are read again where this process doesn't know the run; its secret inputs are gone then.
  ///
  /// - Throws: `.runNotFound`; `.unusable` where the store can't be read.
  public func mask(of run: RunID) async throws(EngineFailure) -> SecretMask? {
    if let known = dependencies.masks.mask(of: run) { return known }
    let record = try await record(of: run)
    let definition: WorkflowDefinition
    do throws(EngineFailure) {
      definition = try await workflow(of: record).definition
    } catch {
      // A definition that can't be read any more names no secrets.
      return nil
    }
    guard !definition.secrets.isEmpty else { return nil }
    let config = ConfigLoader.load(root: codebase.root, dependencies).config
    let environment = StepEnvironment(dependencies.environment, config, secrets: definition.secrets)
    return RunSecrets(definition, inputs: record.request.inputs, in: environment).mask
  }
}
