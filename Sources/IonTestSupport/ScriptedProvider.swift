public import IonAgents
internal import IonLock

/// An agent that does what a test says, in this process.
public final class ScriptedProvider: AgentProvider {
  /// What it does in one turn.
  public enum Scene: Sendable {
    /// These things happen, and then the turn is over.
    case plays([AgentEvent], AgentOutcome)
    /// These things happen, and then it waits until the test ends the turn, or somebody cancels it.
    case waits([AgentEvent])

    /// It answers at once.
    public static func answers(_ text: String) -> Scene { .plays([], .answered(text)) }
    /// It fails at once.
    public static func fails(_ kind: AgentFailure.Kind, _ message: String = "no") -> Scene {
      .plays([], .failed(AgentFailure(kind, message)))
    }
  }

  private struct State: Sendable {
    var requests: [AgentRequest] = []
    /// In how many turns it has done all that it does by itself.
    var played = 0
    var waiting: [Turn] = []
    var answers: [String: String?] = [:]
    var askers: [String: [CheckedContinuation<String?, Never>]] = [:]
    var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
  }

  public let id: String
  public let abilities: Set<AgentAbility>
  public let heldByIon: Set<AgentAbility>
  private let play: @Sendable (AgentRequest, Int) -> Scene
  private let state = Guarded(State())

  /// `play` is given each request and its number, from 0.
  public init(
    _ id: String = "scripted", abilities: Set<AgentAbility> = Set(AgentAbility.allCases),
    heldByIon: Set<AgentAbility> = [],
    play: @escaping @Sendable (AgentRequest, Int) -> Scene
  ) {
    self.id = id
    self.abilities = abilities
    self.heldByIon = heldByIon
    self.play = play
  }

  public func start(
    _ request: AgentRequest, onEvent: @escaping @Sendable (AgentEvent) -> Void
  ) -> any AgentTurn {
    let turn = Turn(onEvent) { [state] id, option in
      let askers = state.withLock { state in
        state.answers[id] = .some(option)
        return state.askers.removeValue(forKey: id) ?? []
      }
      for asker in askers { asker.resume(returning: option) }
    }
    let number = state.withLock { state in
      state.requests.append(request)
      return state.requests.count - 1
    }
    let scene = play(request, number)
    switch scene {
    case .plays(let events, let outcome):
      for event in events { onEvent(event) }
      turn.end(outcome)
    case .waits(let events):
      for event in events { onEvent(event) }
      state.withLock { $0.waiting.append(turn) }
    }
    let met = state.withLock { state in
      state.played += 1
      let met = state.watchers.filter { $0.count <= state.played }.map(\.continuation)
      state.watchers.removeAll { $0.count <= state.played }
      return met
    }
    for watcher in met { watcher.resume() }
    return turn
  }

  public func checkUp(_ request: AgentRequest) async -> AgentCheckup { AgentCheckup(program: id) }

  /// What it was asked so far.
  public var requests: [AgentRequest] { state.withLock { $0.requests } }
  public var prompts: [String] { requests.map(\.prompt) }

  /// How its requests for permission were answered, by their ids; nil for a refusal.
  public var permissions: [String: String?] { state.withLock { $0.answers } }

  /// How a request for permission was answered, once it was; nil for a refusal.
  public func answer(to request: String) async -> String? {
    await withCheckedContinuation { continuation in
      let answer: String?? = state.withLock { state in
        if let answer = state.answers[request] { return .some(answer) }
        state.askers[request, default: []].append(continuation)
        return nil
      }
      if let answer { continuation.resume(returning: answer) }
    }
  }

  /// Returns once it was asked so many times, and has done all that it does by itself in these turns.
  public func asked(_ count: Int) async {
    await withCheckedContinuation { continuation in
      let isMet = state.withLock { state in
        if state.played >= count { return true }
        state.watchers.append((count, continuation))
        return false
      }
      if isMet { continuation.resume() }
    }
  }

  /// Something happens in the turn that has waited longest.
  public func happens(_ event: AgentEvent) { state.withLock { $0.waiting.first }?.tell(event) }

  /// Ends the turn that has waited longest.
  public func end(_ outcome: AgentOutcome) {
    let turn = state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
    turn?.end(outcome)
  }

  private final class Turn: AgentTurn {
    private let isOver = Guarded(false)
    private let onEvent: @Sendable (AgentEvent) -> Void
    private let onAnswer: @Sendable (String, String?) -> Void

    init(
      _ onEvent: @escaping @Sendable (AgentEvent) -> Void, onAnswer: @escaping @Sendable (String, String?) -> Void
    ) {
      self.onEvent = onEvent
      self.onAnswer = onAnswer
    }

    func tell(_ event: AgentEvent) { onEvent(event) }

    func cancel(grace: Duration) { end(.cancelled) }

    func answer(_ request: String, with option: String?) { onAnswer(request, option) }

    func end(_ outcome: AgentOutcome) {
      let isFirst = isOver.withLock { isOver in
        defer { isOver = true }
        return !isOver
      }
      if isFirst { onEvent(.ended(outcome)) }
    }
  }
}
