internal import IonJSON

/// What a conversation wants done. Whoever obeys does it in order.
enum ACPEffect: Hashable {
  /// A message goes to the agent.
  case send(JSONValue)
  /// Something happened in the turn. What follows waits until whoever is told has taken it.
  case tell(AgentEvent)
  /// The agent asks for something outside of the conversation; `settle` brings what came of it.
  case perform(ACPWork, ACPTicket)
  /// `elapsed` is to be called when the time is over. Asked again for one timer, the earlier end counts.
  case wake(ACPTimer, after: Duration)
  /// Whether the agent may be silent for as long as it likes: somebody else has the word.
  case setPatient(Bool)
  /// The terminals that still run are ended.
  case endTerminals
  /// The agent sees the end of its input.
  case closeInput
  /// The agent's program is to end: it is asked to, and made to after the grace.
  case stop(grace: Duration)
}

/// Names a request of the agent that somebody works on.
struct ACPTicket: Hashable {
  let number: Int
}

/// Something that a conversation waits for, with an end.
enum ACPTimer: Hashable {
  /// The answer to the request of this id.
  case answer(Int64)
  /// That the agent ends a turn that it was told to cancel.
  case cancelledTurn
  /// That it ends, once its input has ended.
  case farewell
}

/// How an agent's program came to its end.
enum ACPProgramEnd: Hashable {
  case exited(Int32)
  case signalled(Int32)
  /// It was stopped, as it was asked for.
  case stopped
  case timedOut
  case idledOut
  /// What it printed could not be written down, or was no line by any measure.
  case unusable(AgentFailure)
}
