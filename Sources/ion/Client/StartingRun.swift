internal import Glibc
internal import IonEngine
internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// Starts a run, and waits for the codebase's store first where that is wanted and another process has it: until then there
/// is nothing that could be queued.
struct StartingRun {
  private static let pause = Duration.milliseconds(500)

  let invocation: Invocation
  let waits: Bool
  let signals: AsyncStream<Int32>

  func start(_ params: JSONObject) async throws(CommandFailure) -> StartedRunShape {
    var hasSaid = false
    while true {
      do throws(CommandFailure) {
        return try await invocation.client.call(ExecuteWorkflow.self, params)
      } catch {
        guard waits, error.data?["kind"]?.stringValue == ErrorKind.storeOwned.rawValue else { throw error }
        if !hasSaid { Console.warn("waiting: \(error.message)") }
        hasSaid = true
      }
      guard await !isStopped() else { throw CommandFailure("nothing was started", code: .cancelled) }
    }
  }

  /// Waits a little; true where a signal came.
  private func isStopped() async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask { [clock = invocation.clock] in
        do { try await clock.sleep(for: Self.pause) } catch { return false }
        return false
      }
      group.addTask { [signals] in
        for await _ in signals { return true }
        return false
      }
      let first = await group.next() ?? false
      group.cancelAll()
      return first
    }
  }
}
