internal import IonJSON

/// A JSON value that is equal to another as JSON Schema has it: `1`, `1.0` and `1e0` are one number, the order of an
/// object's members doesn't matter, and strings are their bytes.
struct ExactValue: Hashable, Sendable {
  let value: JSONValue

  init(_ value: JSONValue) { self.value = value }

  static func == (left: ExactValue, right: ExactValue) -> Bool { isEqual(left.value, right.value) }

  func hash(into hasher: inout Hasher) { Self.hash(value, into: &hasher) }

  private static func isEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
    switch (left, right) {
    case (.integer(let left), .integer(let right)): return left == right
    case (.integer, .number), (.number, .integer), (.number, .number): return left.exactNumber == right.exactNumber
    case (.array(let left), .array(let right)):
      return left.count == right.count && zip(left, right).allSatisfy { isEqual($0, $1) }
    case (.object(let left), .object(let right)):
      return left.count == right.count
        && left.members.allSatisfy { member in right[member.key].map { isEqual(member.value, $0) } ?? false }
    case (.null, _), (.bool, _), (.string, _), (.integer, _), (.number, _), (.array, _), (.object, _):
      return left == right
    }
  }

  private static func hash(_ value: JSONValue, into hasher: inout Hasher) {
    switch value {
    case .null: hasher.combine(0)
    case .bool(let flag): hasher.combine(flag)
    case .integer, .number: hasher.combine(value.exactNumber)
    case .string(let text): hasher.combine(bytes: text)
    case .array(let values):
      hasher.combine(values.count)
      for value in values { hash(value, into: &hasher) }
    case .object(let object):
      var sum = 0
      for member in object.members {
        var one = Hasher()
        one.combine(bytes: member.key)
        hash(member.value, into: &one)
        sum &+= one.finalize()
      }
      hasher.combine(sum)
    }
  }
}

/// A text compared byte by byte, where `String` would take different spellings of one character for equal.
struct ExactKey: Hashable, Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (left: ExactKey, right: ExactKey) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }
  func hash(into hasher: inout Hasher) { hasher.combine(bytes: text) }
}

/// A number by its value alone.
enum ExactNumber: Hashable, Sendable {
  case integer(Int64)
  case decimal(ExactDecimal)
}

extension JSONValue {
  /// The number's value; nil for what is no number.
  fileprivate var exactNumber: ExactNumber? {
    switch self {
    case .integer(let value): .integer(value)
    case .number(let number):
      number.exactInteger(Int64.self).map(ExactNumber.integer) ?? decimal.map(ExactNumber.decimal)
    case .null, .bool, .string, .array, .object: nil
    }
  }
}

extension Hasher {
  fileprivate mutating func combine(bytes text: String) {
    var text = text
    text.withUTF8 { combine(bytes: UnsafeRawBufferPointer($0)) }
    combine(UInt8(0xFF))
  }
}
