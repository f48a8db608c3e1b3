/// A session of an agent, as a run knows it.
public struct NodeSession: Hashable, Codable, Sendable {
  /// What its provider calls it.
  public var id: String
  /// The provider, without which the id says nothing.
  public var provider: String
  /// What it has cost, all its turns together, in dollars, as far as its agent has told by then; nil where it doesn't tell.
  public var usd: Double?

  public init(_ id: String, of provider: String, usd: Double? = nil) {
    self.id = id
    self.provider = provider
    self.usd = usd
  }
}
