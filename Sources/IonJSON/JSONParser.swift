/// Reads one JSON text: RFC 8259 strictly, from UTF-8 bytes, in linear time.
///
/// One byte order mark at the start is skipped. Of members with the same key the last value wins, in the place of the
/// first. A lone surrogate in an escape becomes U+FFFD; every other deviation is refused. Nothing recurses, so no input
/// overflows the stack.
public struct JSONParser: Sendable {
  /// How deep arrays and objects may be nested, at most `depthCap`.
  public let maximumDepth: Int

  /// The greatest depth limit: a value nested much deeper can't be compared or freed without a great stack.
  public static let depthCap = 4096

  public init(maximumDepth: Int = 512) { self.maximumDepth = min(maximumDepth, Self.depthCap) }

  /// The value of the text in `bytes`.
  public func parse(_ bytes: [UInt8]) throws(JSONFailure) -> JSONValue {
    try bytes.withUnsafeBytes { buffer in outcome(buffer) }.get()
  }

  /// The value of the text.
  public func parse(_ text: String) throws(JSONFailure) -> JSONValue {
    var text = text
    return try text.withUTF8 { buffer in outcome(UnsafeRawBufferPointer(buffer)) }.get()
  }

  /// The value of the text in `bytes`, which are read only during the call.
  public func parse(_ bytes: UnsafeRawBufferPointer) throws(JSONFailure) -> JSONValue { try outcome(bytes).get() }

  private func outcome(_ bytes: UnsafeRawBufferPointer) -> Result<JSONValue, JSONFailure> {
    var reading = JSONReading(bytes, maximumDepth: maximumDepth)
    do throws(JSONFailure) { return .success(try reading.document()) } catch { return .failure(error) }
  }
}

/// One pass over the bytes of one text. Open containers are kept on a stack of their own.
struct JSONReading {
  /// An array or object that isn't closed yet; its children begin at these places of `values` and `keys`.
  private struct Frame {
    let isObject: Bool
    let firstValue: Int
    let firstKey: Int
  }

  let bytes: UnsafeRawBufferPointer
  var position = 0
  private let maximumDepth: Int
  private var frames: [Frame] = []
  private var values: [JSONValue] = []
  private var keys: [String] = []

  init(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
  }

  mutating func document() throws(JSONFailure) -> JSONValue {
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
    while true {
      guard let value = try nextValue() else { continue }
      guard let root = try settle(value) else { continue }
      skipSpace()
      guard position == bytes.count else { throw failure(.trailingBytes) }
      return root
    }
  }

  /// Puts a finished value into its container and closes every container that ends behind it. Returns the text's value
  /// once no container is open, nil when a sibling follows.
  private mutating func settle(_ finished: JSONValue) throws(JSONFailure) -> JSONValue? {
    var value = finished
    while let frame = frames.last {
      values.append(value)
      switch try nextByte() {
      case UInt8(ascii: ","):
        position += 1
        if frame.isObject { try readKey() }
        return nil
      case UInt8(ascii: "]") where !frame.isObject:
        value = .array(Array(values[frame.firstValue...]))
      case UInt8(ascii: "}") where frame.isObject:
        value = .object(closedObject(frame))
      case let byte:
        throw failure(.unexpectedByte(byte))
      }
      position += 1
      values.removeSubrange(frame.firstValue...)
      frames.removeLast()
    }
    return value
  }

  private mutating func closedObject(_ frame: Frame) -> JSONObject {
    let members = zip(keys[frame.firstKey...], values[frame.firstValue...]).map(JSONObject.Member.init)
    keys.removeSubrange(frame.firstKey...)
    return JSONObject(members: members)
  }

  /// Reads up to the end of a value, or past an opening bracket and, in an object, the first key: then nil.
  private mutating func nextValue() throws(JSONFailure) -> JSONValue? {
    switch try nextByte() {
    case UInt8(ascii: "\""): return .string(try readString())
    case UInt8(ascii: "{"): return try open(isObject: true)
    case UInt8(ascii: "["): return try open(isObject: false)
    case UInt8(ascii: "t"): return try readLiteral("true", .bool(true))
    case UInt8(ascii: "f"): return try readLiteral("false", .bool(false))
    case UInt8(ascii: "n"): return try readLiteral("null", .null)
    case let byte where byte == UInt8(ascii: "-") || isDigit(byte): return try readNumber()
    case let byte: throw failure(.unexpectedByte(byte))
    }
  }

  private mutating func open(isObject: Bool) throws(JSONFailure) -> JSONValue? {
    guard frames.count < maximumDepth else { throw failure(.tooDeep(limit: maximumDepth)) }
    position += 1
    let byte = try nextByte()
    if byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
      position += 1
      return isObject ? .object(JSONObject()) : .array([])
    }
    frames.append(Frame(isObject: isObject, firstValue: values.count, firstKey: keys.count))
    if isObject { try readKey() }
    return nil
  }

  private mutating func readKey() throws(JSONFailure) {
    let quote = try nextByte()
    guard quote == UInt8(ascii: "\"") else { throw failure(.unexpectedByte(quote)) }
    keys.append(try readString())
    let colon = try nextByte()
    guard colon == UInt8(ascii: ":") else { throw failure(.unexpectedByte(colon)) }
    position += 1
  }

  private mutating func readLiteral(_ literal: StaticString, _ value: JSONValue) throws(JSONFailure) -> JSONValue {
    for index in 0..<literal.utf8CodeUnitCount {
      guard position < bytes.count else { throw failure(.endOfInput) }
      guard bytes[position] == literal.utf8Start[index] else { throw failure(.unexpectedByte(bytes[position])) }
      position += 1
    }
    return value
  }

  /// The next byte that isn't white space, not consumed.
  private mutating func nextByte() throws(JSONFailure) -> UInt8 {
    skipSpace()
    guard position < bytes.count else { throw failure(.endOfInput) }
    return bytes[position]
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  func failure(_ reason: JSONFailure.Reason) -> JSONFailure { JSONFailure(offset: position, reason: reason) }
}
