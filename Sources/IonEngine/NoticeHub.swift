internal import IonStore
internal import IonWorkflow

/// Names one subscription within its workspace.
public struct SubscriptionID: Hashable, Sendable {
  public let number: Int

  public init(number: Int) { self.number = number }
}

/// Brings a store's notices to platforms, in order and without gaps: replay from the store first, then live.
///
/// Live turns come in as they are committed, perhaps out of order among runs. A turn that directly follows what was
/// delivered goes out as it is; anything else is read from the store, which has it all.
actor NoticeHub {
  private struct Subscriber {
    let run: RunID?
    let platform: any WorkflowPlatform
    /// Everything up to here was delivered.
    var position: Int64
    /// Turns that came while the subscriber was still catching up; nil once it is live.
    var held: [StoredNotice]?
  }

  private static let batch = 500

  private var store: any WorkflowStore
  private let codebase: CodebaseID?
  private let complain: @Sendable (String) -> Void
  private var subscribers: [SubscriptionID: Subscriber] = [:]
  private var nextNumber = 1
  /// Everything up to here went to the live subscribers; nil before the first turn.
  private var cursor: Int64?
  /// The last number that is known to be committed, while a read is under way.
  private var target: Int64 = 0
  private var isReading = false
  /// Who waits for the end of a read.
  private var readWaiters: [CheckedContinuation<Void, Never>] = []

  init(store: any WorkflowStore, codebase: CodebaseID?, complain: @escaping @Sendable (String) -> Void) {
    self.store = store
    self.codebase = codebase
    self.complain = complain
  }

  /// Tells of something that can't be kept, for the store is lost. It has the number of the last thing that was.
  func tell(_ notices: [StoredNotice], of run: RunID) {
    for subscriber in subscribers.values where subscriber.run == nil || subscriber.run == run {
      subscriber.platform.deliver(notices, of: codebase)
    }
  }

  /// Goes on with the store that was opened in the place of a damaged one: everybody is live from its end on.
  func adopt(_ store: any WorkflowStore) async throws(StoreFailure) {
    let last = try await store.bounds().last
    self.store = store
    cursor = last
    for id in subscribers.keys { subscribers[id]?.position = last }
  }

  var hasSubscribers: Bool { !subscribers.isEmpty }

  /// Delivers a committed turn, and whatever was committed before it.
  func publish(_ turn: CommittedTurn) async {
    guard let cursor else {
      self.cursor = turn.firstSeq - 1
      return await publish(turn)
    }
    guard turn.seq > cursor else { return }
    if !isReading && turn.firstSeq == cursor + 1 {
      self.cursor = turn.seq
      deliver(turn.notices)
    } else {
      await read(upTo: turn.seq)
    }
  }

  /// Delivers what is in the store up to a number, whoever wrote it.
  func catchUp(to last: Int64) async {
    guard let cursor else { return self.cursor = last }
    if last > cursor { await read(upTo: last) }
  }

  private func read(upTo seq: Int64) async {
    target = max(target, seq)
    guard !isReading else { return }
    isReading = true
    defer {
      isReading = false
      for waiter in readWaiters { waiter.resume() }
      readWaiters = []
    }
    while let from = cursor, from < target {
      let goal = target
      do {
        let notices = try await store.notices(of: nil, after: from, limit: Self.batch)
        deliver(notices)
        cursor = notices.count == Self.batch ? notices[notices.count - 1].seq : max(goal, notices.last?.seq ?? goal)
      } catch {
        return complain("reading the store's notices failed: \(error)")
      }
    }
  }

  /// Returns once everything that was committed up to a number went to those who are live.
  func settle(upTo seq: Int64) async {
    while isReading, let cursor, cursor < seq { await withCheckedContinuation { readWaiters.append($0) } }
  }

  private func deliver(_ notices: [StoredNotice]) {
    guard !notices.isEmpty else { return }
    for id in subscribers.keys {
      guard var subscriber = subscribers[id] else { continue }
      let wanted = notices.filter {
        $0.seq > subscriber.position && (subscriber.run == nil || $0.run == subscriber.run)
      }
      guard let last = wanted.last else { continue }
      if subscriber.held != nil {
        subscriber.held?.append(contentsOf: wanted)
      } else {
        subscriber.position = last.seq
        subscriber.platform.deliver(wanted, of: codebase)
      }
      subscribers[id] = subscriber
    }
  }

  /// Subscribes a platform to one run or to all. `after` nil starts with what comes next. Returns once it is live.
  func subscribe(
    _ platform: any WorkflowPlatform, run: RunID?, after: Int64?
  ) async throws(StoreFailure) -> (id: SubscriptionID, bounds: SequenceBounds) {
    let id = SubscriptionID(number: nextNumber)
    nextNumber += 1
    subscribers[id] = Subscriber(run: run, platform: platform, position: after ?? 0, held: [])
    do {
      let bounds = try await store.bounds()
      if cursor == nil { cursor = bounds.last }
      if after == nil { subscribers[id]?.position = bounds.last }
      try await catchUp(id)
      return (id, bounds)
    } catch {
      subscribers[id] = nil
      throw error
    }
  }

  private func catchUp(_ id: SubscriptionID) async throws(StoreFailure) {
    while let subscriber = subscribers[id] {
      let notices = try await store.notices(of: subscriber.run, after: subscriber.position, limit: Self.batch)
      guard subscribers[id] != nil else { return }
      if let last = notices.last {
        subscriber.platform.deliver(notices, of: codebase)
        subscribers[id]?.position = last.seq
      }
      guard notices.count < Self.batch else { continue }
      let position = subscribers[id]?.position ?? 0
      let held = (subscribers[id]?.held ?? []).filter { $0.seq > position }
      subscribers[id]?.held = nil
      if let last = held.last {
        subscribers[id]?.position = last.seq
        subscriber.platform.deliver(held, of: codebase)
      }
      return
    }
  }

  func unsubscribe(_ id: SubscriptionID) { subscribers[id] = nil }
}
