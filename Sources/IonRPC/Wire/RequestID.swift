public import IonJSON

/// The id of a request, echoed with its type and value: `"7"` is not `7`, and no digit is lost.
public struct RequestID: Hashable, Sendable {
  /// A string, or a number written as an integer of any size.
  public let json: JSONValue

  public init(_ number: Int64) { json = .integer(number) }
  public init(_ text: String) { json = .string(text) }

  /// Nil for what is no id: null, a fraction, a boolean, an array, an object.
  public init?(_ json: JSONValue) {
    switch json {
    case .integer, .string: break
    case .number(let number): guard number.isWrittenAsInteger else { return nil }
    case .null, .bool, .array, .object: return nil
    }
    self.json = json
  }
}

extension RequestID: CustomStringConvertible {
  /// The JSON text of the id.
  public var description: String { json.description }
}
