/// Something that takes turns as an agent: a program, a service, or a script of a test.
///
/// Providers hold no state of runs. A turn is all that there is: what it needs stands in its request, what comes of it in its
/// events. Whatever way an agent is talked with, the rest of Ion sees nothing else.
public protocol AgentProvider: Sendable {
  /// What workflows and the configuration call it.
  var id: String { get }

  /// What of a turn's request it acts on. Whoever asks for more is told so before the turn.
  var abilities: Set<AgentAbility> { get }

  /// What Ion holds the provider to as far as it lets that be done: lists of tools where it asks leave, or has Ion act for it;
  /// a budget where it reports what it uses.
  var heldByIon: Set<AgentAbility> { get }

  /// Whether it reports tokens, so that a budget of these can be held.
  var countsTokens: Bool { get }

  /// Starts a turn, and returns without waiting for it.
  ///
  /// `onEvent` is given what happens, in order, never by two threads at once, perhaps before this returns. It may block while
  /// what it is given is written down: whoever calls it waits, and so does the agent. The last event is `ended`, which comes
  /// exactly once, whatever happens: also where the agent could not be started, and after `cancel`.
  func start(_ request: AgentRequest, onEvent: @escaping @Sendable (AgentEvent) -> Void) -> any AgentTurn

  /// Starts the agent as far as it goes without a prompt, and says what it found. Nothing of it is left then.
  ///
  /// Of the request, the working path, the environment, the marker, the folder, the timeout and the grace count.
  func checkUp(_ request: AgentRequest) async -> AgentCheckup
}

extension AgentProvider {
  public var heldByIon: Set<AgentAbility> { [] }
  public var countsTokens: Bool { abilities.contains(.budget) }
}

/// A turn that was started.
public protocol AgentTurn: Sendable {
  /// Asks the turn to end, and sees to it that it does: what is left of it after the grace is killed. Returns at once; the
  /// end is `ended(.cancelled)`, unless the turn came to its end before. A second, shorter grace shortens the first.
  func cancel(grace: Duration)

  /// Answers a `permissionRequested`: with one of its options, or with nil, which refuses without a choice. An id that isn't
  /// asked about changes nothing.
  func answer(_ request: String, with option: String?)
}

/// What a provider may act on beside the prompt. The words are the workflow language's keys.
public enum AgentAbility: String, CaseIterable, Sendable {
  case model, effort, systemPrompt, mcp, skills, agents, hooks, fallbackModel, thinking, settingSources, betas, sandbox
  case allowedTools = "allowed_tools"
  case deniedTools = "denied_tools"
  /// A turn may go on in an earlier one's session.
  case sessions = "context"
  /// It says what a turn costs, so that a budget can be held.
  case budget = "maxBudgetUsd"
}
