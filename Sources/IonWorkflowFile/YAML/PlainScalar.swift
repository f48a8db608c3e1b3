internal import IonJSON

/// What plain scalars mean: YAML 1.2's core schema, as far as it can be read in one way alone.
///
/// A number is a number only in JSON's spelling, and the shortest one: `010`, `+1`, `0x1F`, `1.10` and `12:30` are text,
/// as are `yes` and `on`. So nothing that is passed on as text changes its spelling.
enum PlainScalar {
  static func resolve(_ text: String) -> JSONValue {
    switch text {
    case "", "~", "null", "Null", "NULL": .null
    case "true", "True", "TRUE": .bool(true)
    case "false", "False", "FALSE": .bool(false)
    default:
      if let number = number(text), number.isShortest { number.value } else { .string(text) }
    }
  }

  /// The number that a text spells as JSON does, and whether it spells it without trailing zeros; nil for anything else.
  static func number(_ text: String) -> (value: JSONValue, isShortest: Bool)? {
    let bytes = Array(text.utf8)
    guard bytes.count <= 1000 else { return nil }
    var next = bytes.first == UInt8(ascii: "-") ? 1 : 0
    let whole = digits(bytes, from: next)
    guard !whole.isEmpty, whole.count == 1 || bytes[whole.lowerBound] != UInt8(ascii: "0") else { return nil }
    next = whole.upperBound
    var isShortest = text != "-0"
    if next == bytes.count, let integer = Int64(text) { return (.integer(integer), isShortest) }
    if next < bytes.count, bytes[next] == UInt8(ascii: ".") {
      let fraction = digits(bytes, from: next + 1)
      guard !fraction.isEmpty else { return nil }
      isShortest = isShortest && bytes[fraction.upperBound - 1] != UInt8(ascii: "0")
      next = fraction.upperBound
    }
    if next < bytes.count, bytes[next] | 0x20 == UInt8(ascii: "e") {
      next += 1
      if next < bytes.count, bytes[next] == UInt8(ascii: "+") || bytes[next] == UInt8(ascii: "-") { next += 1 }
      let exponent = digits(bytes, from: next)
      guard !exponent.isEmpty else { return nil }
      next = exponent.upperBound
    }
    return next == bytes.count ? (.number(JSONNumber(unchecked: text)), isShortest) : nil
  }

  private static func digits(_ bytes: [UInt8], from start: Int) -> Range<Int> {
    var end = start
    while end < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[end]) { end += 1 }
    return start..<end
  }
}

extension YAMLScalar {
  /// What the scalar means where no type is due.
  var resolved: JSONValue { isPlain ? PlainScalar.resolve(text) : .string(text) }
}

extension YAMLNode {
  /// The value as JSON, its aliases written out.
  var json: JSONValue {
    switch value {
    case .scalar(let scalar): scalar.resolved
    case .sequence(let items): .array(items.map(\.json))
    case .mapping(let pairs):
      .object(JSONObject(uniqueMembers: pairs.map { JSONObject.Member(key: $0.key.text, value: $0.value.json) }))
    }
  }
}
