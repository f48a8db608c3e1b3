public import IonEngine
internal import IonLock
public import IonStore

/// A clock that a test turns by hand: sleeps end when the test says that their time has passed.
public final class HandClock: EngineClock {
  private struct Sleeper {
    var due: Duration
    var continuation: CheckedContinuation<Bool, Never>
  }

  private struct Contents {
    var now = Duration.zero
    /// How far the wall clock was set forward, in milliseconds.
    var shift: WallTime = 0
    var nextID = 0
    var sleepers: [Int: Sleeper] = [:]
    var cancelled: Set<Int> = []
    /// Who waits for so many sleepers.
    var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  private let contents = Guarded(Contents())
  private let start: WallTime

  public init(start: WallTime = 1_700_000_000_000) { self.start = start }

  public var wallTime: WallTime {
    contents.withLock { contents in
      let (seconds, attoseconds) = contents.now.components
      return start + contents.shift + seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
  }

  /// Sets the wall clock forward or back, as people and time servers do; sleeps don't notice.
  public func setWall(by milliseconds: WallTime) { contents.withLock { $0.shift += milliseconds } }

  public func sleep(for duration: Duration) async throws(CancellationError) {
    let id = contents.withLock { contents in
      contents.nextID += 1
      return contents.nextID
    }
    let elapsed = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let watchers = contents.withLock { contents -> [CheckedContinuation<Void, Never>]? in
          if contents.cancelled.remove(id) != nil { return nil }
          contents.sleepers[id] = Sleeper(due: contents.now + duration, continuation: continuation)
          let count = contents.sleepers.count
          let met = contents.watchers.filter { $0.count <= count }.map(\.continuation)
          contents.watchers.removeAll { $0.count <= count }
          return met
        }
        guard let watchers else { return continuation.resume(returning: false) }
        for watcher in watchers { watcher.resume() }
      }
    } onCancel: {
      let sleeper = contents.withLock { contents -> Sleeper? in
        let sleeper = contents.sleepers.removeValue(forKey: id)
        if sleeper == nil { contents.cancelled.insert(id) }
        return sleeper
      }
      sleeper?.continuation.resume(returning: false)
    }
    if !elapsed { throw CancellationError() }
  }

  /// Lets time pass, and ends the sleeps that are over by then.
  public func advance(by duration: Duration) {
    let due = contents.withLock { contents in
      contents.now += duration
      let due = contents.sleepers.filter { $0.value.due <= contents.now }
      for id in due.keys { contents.sleepers[id] = nil }
      return due.sorted { ($0.value.due, $0.key) < ($1.value.due, $1.key) }.map(\.value.continuation)
    }
    for continuation in due { continuation.resume(returning: true) }
  }

  /// Returns once at least so many sleep.
  public func sleepers(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isMet = contents.withLock { contents in
        if contents.sleepers.count >= count { return true }
        contents.watchers.append((count, continuation))
        return false
      }
      if isMet { continuation.resume() }
    }
  }
}
