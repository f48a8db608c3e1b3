/// A session of an agent, as a run knows it.
public struct NodeSession: Hashable, Codable, Sendable {
  /// What its provider calls it.
  public var id: String
  /// The provider, without which the id says nothing.
  public var provider: String

  public init(_ id: String, of provider: String) {
    self.id = id
    self.provider = provider
  }
}
