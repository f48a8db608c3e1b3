/// How a turn ended.
public enum AgentOutcome: Hashable, Sendable {
  /// With an answer: the whole of what the agent wants to give.
  case answered(String)
  case failed(AgentFailure)
  /// Because it was asked to end.
  case cancelled
}

/// Why a turn came to no answer.
public struct AgentFailure: Error, Hashable, Sendable {
  /// What a scheduler and a person need to know of it.
  public enum Kind: Hashable, Sendable {
    /// The provider takes no more until then, in milliseconds since 1970 by the wall clock; nil where it doesn't say.
    case rateLimited(resetAt: Int64?)
    /// It takes no more just now.
    case overloaded
    /// It doesn't know who asks, or that one may not.
    case authentication
    /// The model won't.
    case refusal
    /// Its program could not be started.
    case unstartable
    /// It can't do something that the turn asks of it.
    case unsupported
    /// Its program ended with this code.
    case exited(Int32)
    /// A signal ended it.
    case signalled(Int32)
    /// Its program ended while it owed an answer, with whatever code.
    case crashed
    /// It said something that can't be understood.
    case protocolFault
    /// It stopped before it was done: it has written, or asked, as much as it may.
    case cutShort
    /// It has used as much as it was given.
    case budget
    case timedOut
    case idledOut
    /// What it said could not be written down.
    case unrecorded
  }

  public var kind: Kind
  /// What went wrong, for people: one line, then perhaps the end of what the program said.
  public var message: String

  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  /// Whether another attempt may well succeed without anything being changed.
  public var isTransient: Bool {
    switch kind {
    case .overloaded, .signalled, .crashed, .timedOut, .idledOut: true
    case .rateLimited, .authentication, .refusal, .unstartable, .unsupported, .exited, .protocolFault, .cutShort,
      .budget, .unrecorded:
      false
    }
  }
}
