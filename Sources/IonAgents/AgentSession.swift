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
  /// What it has cost by now, all its turns together, in dollars; nil where the agent doesn't say.
  public var usd: Double?

  public init(_ id: String, _ origin: Origin = .new, usd: Double? = nil) {
    self.id = id
    self.origin = origin
    self.usd = usd
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
  /// What it had cost before, all its turns together, in dollars; nil where nobody knows.
  public var usd: Double?

  public init(_ id: String, _ use: Use = .resume, summary: String? = nil, usd: Double? = nil) {
    self.id = id
    self.use = use
    self.summary = summary
    self.usd = usd
  }
}
