internal import IonEngine
internal import IonStore
internal import IonWorkflow

/// What a connection follows, by the ids that its client knows or that are Ion's own.
struct FollowedRuns {
  private var subscriptions: [String: ClientSubscription] = [:]
  private var feeds: [ObjectIdentifier: WorkspaceFeed] = [:]
  private var lastNumber = 0
  /// Tokens of the server's that were given out: each is used once.
  private var tokens: Set<String> = []

  var all: [ClientSubscription] { Array(subscriptions.values) }
  var openFeeds: [WorkspaceFeed] { Array(feeds.values) }

  mutating func nextID(_ prefix: String) -> String {
    lastNumber += 1
    return "\(prefix)-\(lastNumber)"
  }

  /// What the subscriptions to one workspace share.
  mutating func feed(of workspace: Workspace, make: () -> WorkspaceFeed) -> WorkspaceFeed {
    let key = ObjectIdentifier(workspace)
    if let feed = feeds[key] { return feed }
    let feed = make()
    feeds[key] = feed
    return feed
  }

  /// Adds a subscription, and returns those that end with it: the ones whose runs have ended, and those of its own scope.
  mutating func add(_ subscription: ClientSubscription) -> [ClientSubscription] {
    let replaced = subscriptions.filter { $0.value.isFinished || $0.value.isReplaced(by: subscription) }
    for id in replaced.keys { subscriptions[id] = nil }
    subscriptions[subscription.id] = subscription
    return Array(replaced.values)
  }

  /// Puts a changed subscription in the place of the one with its id, as long as that is there.
  mutating func renew(_ subscription: ClientSubscription) {
    if subscriptions[subscription.id] != nil { subscriptions[subscription.id] = subscription }
  }

  mutating func remove(_ id: String) -> ClientSubscription? { subscriptions.removeValue(forKey: id) }

  /// Everything there is, to be ended.
  mutating func removeAll() -> [ClientSubscription] {
    defer {
      subscriptions = [:]
      feeds = [:]
    }
    for feed in feeds.values { feed.end() }
    return all
  }

  /// A readable token for a run's progress that this connection hasn't seen.
  mutating func token(for run: RunRecord) -> String {
    let name = "ion/\(run.workflow)#\(run.number)"
    var token = name
    var count = 1
    while !tokens.insert(token).inserted {
      count += 1
      token = "\(name).\(count)"
    }
    return token
  }
}

/// One thing that a connection follows.
struct ClientSubscription: Sendable {
  enum Voice: Sendable {
    case ion(NotificationPlatform)
    case plain(PlainPlatform)
    case gates(GatePlatform)
  }

  let id: String
  let workspace: Workspace
  /// Nil for all runs of the workspace.
  let run: RunID?
  let voice: Voice
  /// Brings the client up to date, then subscribes to what comes live; nil where there is nothing to subscribe to any
  /// more, or that failed.
  var joining: Task<SubscriptionID?, Never>

  var isFinished: Bool {
    switch voice {
    case .ion(let platform): platform.isFinished
    case .plain(let platform): platform.isFinished
    case .gates(let platform): platform.isFinished
    }
  }

  /// Whether another subscription says all that this one does.
  func isReplaced(by other: ClientSubscription) -> Bool {
    guard workspace === other.workspace, run == other.run else { return false }
    switch (voice, other.voice) {
    case (.ion, .ion), (.plain, .plain), (.gates, .gates): return true
    case (.ion, _), (.plain, _), (.gates, _): return false
    }
  }

  /// Says nothing more to the client.
  func silence() {
    joining.cancel()
    switch voice {
    case .ion(let platform): platform.end()
    case .plain(let platform): platform.end()
    case .gates(let platform): platform.end()
    }
  }

  /// Leaves the workspace too.
  func end() async {
    silence()
    if let hub = await joining.value { await workspace.unsubscribe(hub) }
  }
}
