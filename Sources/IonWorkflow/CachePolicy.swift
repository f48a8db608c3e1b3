/// `cache` of a node: when an earlier success of it may be taken over instead of running it again.
///
/// What the node itself says, what it reads of others, the workflow's inputs and the names of its environment count in any
/// case; this is what counts besides.
public struct CachePolicy: Hashable, Sendable {
  /// Globs of files, relative to the working path or absolute, whose contents count.
  public var inputs: [String]
  /// A text that counts as it comes out; nil where none was given.
  public var key: Template?

  public init(inputs: [String] = [], key: Template? = nil) {
    self.inputs = inputs
    self.key = key
  }
}
