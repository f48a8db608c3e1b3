public import IonJSON

/// What is left of a node with a `matrix`: it settles behind the instances with the worst of their statuses, and its
/// output is the list of theirs.
public struct Matrix: Hashable, Sendable {
  /// In the order of the file's values, the last name's changing fastest.
  public var instances: [NodeID]

  public init(instances: [NodeID]) { self.instances = instances }
}

/// One combination of a matrix' values.
public struct MatrixInstance: Hashable, Sendable {
  public struct Value: Hashable, Sendable {
    public var name: String
    /// What `$MATRIX.name` reads.
    public var value: JSONValue
    /// The value as the file spells it, for `MATRIX_NAME`.
    public var text: String

    public init(name: String, value: JSONValue, text: String) {
      self.name = name
      self.value = value
      self.text = text
    }
  }

  /// The node that stands for all the instances.
  public var of: NodeID
  /// In the file's order.
  public var values: [Value]

  public init(of: NodeID, values: [Value]) {
    self.of = of
    self.values = values
  }

  /// What `$MATRIX.name` reads, by name.
  public var scope: [String: JSONValue] {
    Dictionary(values.map { ($0.name, $0.value) }) { first, _ in first }
  }
}

extension NodeID {
  /// The instance of a node for some values: `build[linux,3]`.
  ///
  /// A value's letters, digits and `._+@:=~-` stand for themselves and every other byte as `%2F`; one that is empty or
  /// long is its number among the name's values, from 1: `#3`.
  public static func instance(of node: NodeID, _ values: [(text: String, number: Int)]) -> NodeID {
    NodeID("\(node)[\(values.map { part($0.text, $0.number) }.joined(separator: ","))]")
  }

  private static func part(_ text: String, _ number: Int) -> String {
    var part = ""
    for byte in text.utf8 {
      let isPlain = byte.isASCIILetter || byte.isASCIIDigit || plainMarks.contains(byte)
      if isPlain {
        part.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        part += byte < 16 ? "%0" : "%"
        part += String(byte, radix: 16, uppercase: true)
      }
    }
    return (1...40).contains(part.utf8.count) ? part : "#\(number)"
  }

  private static let plainMarks = Set("._+@:=~-".utf8)
}
