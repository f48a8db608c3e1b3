internal import IonLock
internal import IonWorkflow

/// Who waits in this process for working paths that are in use, each path's in the order in which they came.
///
/// Within the process a lock goes from its holder to the first who waits, and is not free in between. What another process
/// holds is asked for four times a second, by the first alone: the kernel tells of a free lock only those who block a
/// thread for it, and such a wait can't be called off.
final class PathQueue: Sendable {
  private static let pause = Duration.milliseconds(250)

  private let lines = Guarded<[AbsolutePath: [PathPlace]]>([:])

  /// Whether somebody waits for the lock of a path.
  func isBusy(_ path: AbsolutePath, in folder: AbsolutePath) -> Bool {
    let file = PathLock.file(of: path, in: folder)
    return lines.withLock { !($0[file] ?? []).isEmpty }
  }

  /// Takes a place behind those who wait for a path; `wait` waits there, and `leave` gives it up.
  func join(_ path: AbsolutePath, as holder: PathLockHolder, in folder: AbsolutePath) -> PathPlace {
    let place = PathPlace(path, holder, in: folder)
    lines.withLock { $0[place.file, default: []].append(place) }
    return place
  }

  /// Returns with the lock of a path once it is this place's turn.
  ///
  /// - Throws: `.unusable` where the lock can't be had at all, and where the task is cancelled meanwhile.
  func wait(at place: PathPlace, clock: any EngineClock) async throws(EngineFailure) -> PathLock {
    while !Task.isCancelled {
      if let lock = place.takeLock() { return lock }
      let isFirst = lines.withLock { $0[place.file]?.first === place }
      if isFirst, let lock = try take(place) { return lock }
      await rest(place, polling: isFirst, clock)
    }
    leave(place)
    throw .unusable("Nobody waits for \(place.path) any more.")
  }

  /// Takes a free lock; nil where somebody still has it.
  private func take(_ place: PathPlace) throws(EngineFailure) -> PathLock? {
    do throws(EngineFailure) {
      let lock = try PathLock.take(place.path, for: place.holder, in: place.folder, queue: self)
      remove(place)
      return lock
    } catch .pathLocked {
      return nil
    } catch {
      leave(place)
      throw error
    }
  }

  /// Gives up a place, and what had come to it.
  func leave(_ place: PathPlace) {
    remove(place)
    place.takeLock()?.release()
  }

  /// Gives a held lock to the first who waits for it; false where nobody does.
  func handOver(_ descriptor: Int32, of file: AbsolutePath) -> Bool {
    let next = lines.withLock { lines -> PathPlace? in
      guard let first = lines[file]?.first else { return nil }
      lines[file]?.removeFirst()
      return first
    }
    guard let next else { return false }
    next.give(PathLock(descriptor: descriptor, next.holder, file: file, queue: self))
    return true
  }

  private func remove(_ place: PathPlace) {
    let first = lines.withLock { lines -> PathPlace? in
      lines[place.file]?.removeAll { $0 === place }
      if lines[place.file]?.isEmpty == true { lines[place.file] = nil }
      return lines[place.file]?.first
    }
    // Whoever is the first now asks for what other processes hold.
    first?.wake()
  }

  /// Waits until something may have changed.
  private func rest(_ place: PathPlace, polling: Bool, _ clock: any EngineClock) async {
    await withTaskGroup(of: Void.self) { group in
      if polling {
        group.addTask {
          do { try await clock.sleep(for: Self.pause) } catch { return }
        }
      }
      group.addTask { await place.woken() }
      await group.next()
      group.cancelAll()
    }
  }
}

/// The place of somebody who waits for a path.
final class PathPlace: Sendable {
  private struct State {
    var lock: PathLock?
    var isWoken = false
    var sleeper: CheckedContinuation<Void, Never>?
  }

  let path: AbsolutePath
  /// Who has the path when it is this place's turn.
  let holder: PathLockHolder
  /// Where locks are.
  let folder: AbsolutePath
  let file: AbsolutePath
  private let state = Guarded(State())

  fileprivate init(_ path: AbsolutePath, _ holder: PathLockHolder, in folder: AbsolutePath) {
    self.path = path
    self.holder = holder
    self.folder = folder
    file = PathLock.file(of: path, in: folder)
  }

  fileprivate func takeLock() -> PathLock? { state.withLock { $0.lock.take() } }

  fileprivate func give(_ lock: PathLock) {
    state.withLock { $0.lock = lock }
    wake()
  }

  fileprivate func wake() {
    let sleeper = state.withLock { state in
      state.isWoken = state.sleeper == nil
      return state.sleeper.take()
    }
    sleeper?.resume()
  }

  /// Returns once it was woken since this was last asked, or the task is cancelled.
  fileprivate func woken() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { sleeper in
        let isWoken = state.withLock { state in
          defer { state.isWoken = false }
          if !state.isWoken { state.sleeper = sleeper }
          return state.isWoken
        }
        if isWoken { sleeper.resume() }
      }
    } onCancel: {
      wake()
    }
  }
}
