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
}

/// An output as references read it: its text, and its structure where the text is a JSON document.
public struct OutputDocument: Hashable, Sendable {
  /// Nil where the bytes have a NUL or aren't UTF-8, and so can't be read as a value.
  public var text: String?
  /// The structure where the text is a JSON document, one code fence around it taken off; nil for free text.
  public var json: JSONValue?
  /// Whether the text is an agent's free-form answer, which can't be compared with a literal.
  public var isFreeForm: Bool

  public init(text: String?, json: JSONValue? = nil, isFreeForm: Bool = false) {
    self.text = text
    self.json = json
    self.isFreeForm = isFreeForm
  }
}

/// Everything that the references of one node can read. The driver loads what the node names, and nothing else.
public struct ValueScope: Sendable {
  public var nodes: [NodeID: NodeReading]
  public var inputs: [String: JSONValue]
  public var variables: [Variable: String]
  public var matrix: [String: JSONValue]

  public init(
    nodes: [NodeID: NodeReading] = [:], inputs: [String: JSONValue] = [:], variables: [Variable: String] = [:],
    matrix: [String: JSONValue] = [:]
  ) {
    self.nodes = nodes
    self.inputs = inputs
    self.variables = variables
    self.matrix = matrix
  }
}
