internal import IonAgents
internal import IonLock
internal import IonProcess

/// Tries a provider, and sees to it that nothing of it is left where whoever asked doesn't wait any longer.
struct CheckupWatch: Sendable {
  /// How often it is looked again for what was only being started when the trial was given up.
  private static let looks = 20

  let provider: any AgentProvider
  let request: AgentRequest

  /// What the provider says; of one that was given up, that it ended.
  func checkUp() async -> AgentCheckup {
    let isBack = Guarded(false)
    return await withTaskGroup(of: AgentCheckup?.self) { group in
      group.addTask {
        let checkup = await provider.checkUp(request)
        isBack.withLock { $0 = true }
        return checkup
      }
      group.addTask {
        let (never, sink) = AsyncStream<Never>.makeStream()
        // It ends where the trial is over, or given up.
        for await _ in never {}
        sink.finish()
        for _ in 0..<Self.looks where !isBack.withLock({ $0 }) {
          _ = await ProcessHousehold.stopLeftovers(facts: [], markers: [request.marker], grace: .zero)
        }
        return nil
      }
      var found: AgentCheckup?
      for await checkup in group where checkup != nil {
        found = checkup
        group.cancelAll()
      }
      return found ?? AgentCheckup()
    }
  }
}
