/// The session of a turn.
public struct AgentSession: Hashable, Sendable {
  /// How the turn came to it.
  public enum Origin: Hashable, Sendable {
    case new
    /// It is the one that the request named.
    case resumed
    /// It is a copy of the one that the request named.
    case forked
    /// It is a new one, for the one that the request named could not be had; why, for people.
    case replaced(reason: String)
  }

  /// What the agent calls it.
  public var id: String
  public var origin: Origin

  public init(_ id: String, _ origin: Origin = .new) {
    self.id = id
    self.origin = origin
  }
}

/// A session that a turn is to go on in.
public struct SessionRequest: Hashable, Sendable {
  public enum Use: Hashable, Sendable {
    /// The turn becomes a part of it.
    case resume
    /// The turn goes on from a copy, and leaves it as it is.
    case fork
  }

  public var id: String
  public var use: Use
  /// What a new session is told before the prompt where this one can't be had: what was said in it, in short.
  public var summary: String?

  public init(_ id: String, _ use: Use = .resume, summary: String? = nil) {
    self.id = id
    self.use = use
    self.summary = summary
  }
}
