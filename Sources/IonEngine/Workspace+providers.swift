internal import IonWorkflow

extension Workspace {
  /// Every provider that agents here may have, with what is known of it without starting anything.
  ///
  /// - Throws: `.unusable` where the configuration is broken.
  public nonisolated func providers() throws(EngineFailure) -> [ProviderListing] {
    try ProviderSurvey(root: codebase.root, dependencies).listings
  }

  /// Starts every provider that is here, or the one of an id, as far as it goes without a prompt; those whose program isn't
  /// here are among them. It takes 20 seconds at most.
  ///
  /// - Throws: `.workspaceNotTrusted`, since the workspace's own configuration says what is started; `.providerNotFound`;
  ///   `.unusable` where the configuration is broken.
  public func checkProviders(only id: String? = nil) async throws(EngineFailure) -> [ProviderCheck] {
    try checkMayStart()
    let survey = try ProviderSurvey(root: codebase.root, dependencies)
    var listings = survey.listings
    if let id {
      let known = listings.map(\.id)
      listings.removeAll { $0.id != id }
      guard !listings.isEmpty else {
        throw .providerNotFound(id, suggestions: Spelling.nearest(to: id, among: known))
      }
    }
    let (farewell, giveUp) = AsyncStream<Never>.makeStream()
    let number = trials.add(giveUp)
    defer { trials.remove(number) }
    return await withTaskGroup(of: [ProviderCheck]?.self) { [listings] group in
      group.addTask { await survey.checkUp(listings) }
      group.addTask {
        for await _ in farewell {}
        return nil
      }
      var checks: [ProviderCheck] = []
      for await found in group {
        checks = found ?? checks
        group.cancelAll()
      }
      return checks
    }
  }

  /// Returns when nothing is left of the trials that were given up.
  func noTrials() async {
    guard !trials.isEmpty else { return }
    await withCheckedContinuation { trials.wait($0) }
  }
}

/// The trials of providers that go on, so that none outlives its workspace.
struct ProviderTrials {
  private var streams: [Int: AsyncStream<Never>.Continuation] = [:]
  private var waiters: [CheckedContinuation<Void, Never>] = []
  private var next = 0

  var isEmpty: Bool { streams.isEmpty }

  /// Notes a trial, which is given up when its stream ends.
  mutating func add(_ stream: AsyncStream<Never>.Continuation) -> Int {
    next += 1
    streams[next] = stream
    return next
  }

  mutating func remove(_ number: Int) {
    streams[number] = nil
    guard streams.isEmpty else { return }
    for waiter in waiters { waiter.resume() }
    waiters = []
  }

  /// Has somebody wait until there is none.
  mutating func wait(_ waiter: CheckedContinuation<Void, Never>) { waiters.append(waiter) }

  func giveUp() { for stream in streams.values { stream.finish() } }
}
