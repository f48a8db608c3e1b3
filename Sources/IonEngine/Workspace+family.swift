internal import IonJSON
internal import IonStore
internal import IonWorkflow

extension Workspace {
  /// The run that somebody started, below which a run stands: itself where it is nobody's child.
  func root(of run: RunRecord) async throws(EngineFailure) -> RunRecord {
    var root = run
    while let parent = root.parentRun {
      let above = try await reading { store throws(StoreFailure) in try await store.run(parent) }
      guard let above else { return root }
      root = above
    }
    return root
  }

  /// The children of a run and theirs, each behind its parent.
  func descendants(of run: RunID) async throws(EngineFailure) -> [RunRecord] {
    var found: [RunRecord] = []
    var next = 0
    var parent: RunID? = run
    while let above = parent {
      found += try await children(of: above)
      parent = next < found.count ? found[next].id : nil
      next += 1
    }
    return found
  }

  private func children(of run: RunID) async throws(EngineFailure) -> [RunRecord] {
    var found: [RunRecord] = []
    var filter = RunFilter(family: .children(of: run), limit: 1000)
    repeat {
      let wanted = filter
      let page = try await reading { store throws(StoreFailure) in try await store.runs(wanted) }
      found += page.items
      filter.cursor = page.nextCursor
    } while filter.cursor != nil
    return found
  }

  /// The driver of a child that waits in the store below a run that does so too: takes up that run, which takes up its
  /// children. `inputs` brings that run's secrets, nil is for what
  /// starts nothing.
  ///
  /// - Throws: `.invalidState` where the run that somebody started doesn't wait.
  func takeUpFamily(
    of child: RunRecord, inputs: [String: JSONValue]?
  ) async throws(EngineFailure) -> (driver: RunDriver?, takenUpAfter: Int64?) {
    let root = try await root(of: child)
    return try await alone(with: root.id) { () async throws(EngineFailure) in
      var after: Int64?
      if driver(of: root.id) == nil {
        try await settle(root.id)
        let present = try await record(of: root.id)
        guard present.isResting else {
          throw .invalidState(
            child.id,
            "Run \(child.id) is a child of run \(root.id), which is \(present.status.rawValue)"
              + (present.status.isResumable ? "; resume that one first." : "."))
        }
        after = present.seq
        let started = try await proceed(with: root.id, inputs: inputs, happening: nil)
        _ = await started.begun()
      }
      return (await liveDriver(of: child), after)
    }
  }

  /// A child's driver, once those above it have taken it up.
  private func liveDriver(of child: RunRecord) async -> RunDriver? {
    var above: [RunID] = []
    var run: RunRecord? = child
    while let parent = run?.parentRun {
      above.append(parent)
      do throws(EngineFailure) {
        run = try await reading { store throws(StoreFailure) in try await store.run(parent) }
      } catch { return nil }
    }
    // A run has told its children to begin when it stands still.
    for parent in above.reversed() {
      guard let driver = await home(of: parent) else { return nil }
      _ = await driver.standstill()
    }
    return await home(of: child.id)
  }

  private func home(of run: RunID) async -> RunDriver? {
    if let driver = driver(of: run) { return driver }
    return await children.whenLive(run)
  }
}
