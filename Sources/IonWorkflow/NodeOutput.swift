public import IonJSON

/// What a finished node gave: where its bytes are and what they mean. Small outputs are kept inline.
public struct NodeOutput: Hashable, Codable, Sendable {
  /// The whole text where it is at most `inlineLimit` bytes of valid UTF-8 without NUL; nil for anything else.
  public var text: String?
  /// The file that holds every byte, relative to the run's log folder; nil where the text is inline.
  public var file: String?
  /// Bytes in all, without the trailing newlines that are dropped.
  public var length: Int
  /// SHA-256 of those bytes, 64 lower-case hexadecimal digits.
  public var sha256: String

  /// The largest output that is kept inline, in bytes.
  public static let inlineLimit = 64 * 1024

  public init(text: String?, file: String?, length: Int, sha256: String) {
    self.text = text
    self.file = file
    self.length = length
    self.sha256 = sha256
  }
}

/// What a reference to a node finds when it is resolved.
public enum NodeReading: Hashable, Sendable {
  /// The node succeeded: its status and its whole output.
  case succeeded(OutputDocument)
  /// The node's status; there is no output to read. A skipped node's whole output reads as empty.
  case settled(NodeStatus)
  /// The node stands for others: its own status, and what its output reads as.
  indirect case joined(NodeStatus, output: NodeReading)
}

/// Everything that the references of one node can read. The driver loads what the node names, and nothing else.
public struct ValueScope: Sendable {
  public var nodes: [NodeID: NodeReading]
  public var inputs: [String: JSONValue]
  /// The inputs of included workflows, by the ids of their includes.
  public var boundInputs: [NodeID: [String: JSONValue]] = [:]
  /// A variable that isn't among them, nor any of its synonyms, is empty.
  public var variables: [Variable: String]
  public var matrix: [String: JSONValue]
  /// What `$LOOP_PREV` reads: the body's nodes in the iteration before. A node that isn't among them reads as skipped.
  public var previous: [NodeID: NodeReading]

  public init(
    nodes: [NodeID: NodeReading] = [:], inputs: [String: JSONValue] = [:], variables: [Variable: String] = [:],
    matrix: [String: JSONValue] = [:], previous: [NodeID: NodeReading] = [:]
  ) {
    self.nodes = nodes
    self.previous = previous
    self.inputs = inputs
    self.variables = variables
    self.matrix = matrix
  }
}
