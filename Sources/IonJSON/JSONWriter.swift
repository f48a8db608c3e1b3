/// Writes one value as JSON text. Open containers are kept on a stack of their own, so that depth costs no stack.
struct JSONWriter {
  enum Style {
    /// No white space, members in their order.
    case compact
    /// Two spaces a level, members sorted by the bytes of their keys.
    case pretty
  }

  /// An array or object that isn't closed yet, with the next child's place.
  private struct Frame {
    enum Children {
      case elements([JSONValue])
      case members([JSONObject.Member])
    }

    let children: Children
    var next = 0
  }

  let style: Style
  private(set) var bytes: [UInt8] = []
  private var frames: [Frame] = []

  init(_ style: Style) { self.style = style }

  mutating func write(_ value: JSONValue) {
    begin(value)
    while let frame = frames.last { advance(frame) }
  }

  /// Writes a scalar whole, and of a container its opening bracket.
  private mutating func begin(_ value: JSONValue) {
    switch value {
    case .null: append("null")
    case .bool(let flag): append(flag ? "true" : "false")
    case .integer(let number): bytes.append(contentsOf: String(number).utf8)
    case .number(let number): bytes.append(contentsOf: number.literal.utf8)
    case .string(let text): appendString(text)
    case .array(let elements) where elements.isEmpty: append("[]")
    case .array(let elements):
      append("[")
      frames.append(Frame(children: .elements(elements)))
    case .object(let object) where object.isEmpty: append("{}")
    case .object(let object):
      append("{")
      frames.append(Frame(children: .members(ordered(object.members))))
    }
  }

  /// Writes the next child of the innermost container, or its closing bracket.
  private mutating func advance(_ frame: Frame) {
    switch frame.children {
    case .elements(let elements):
      guard frame.next < elements.count else { return close("]") }
      beginLine(frame)
      begin(elements[frame.next])
    case .members(let members):
      guard frame.next < members.count else { return close("}") }
      beginLine(frame)
      appendString(members[frame.next].key)
      append(style == .pretty ? ": " : ":")
      begin(members[frame.next].value)
    }
  }

  private mutating func beginLine(_ frame: Frame) {
    frames[frames.count - 1].next += 1
    if frame.next > 0 { append(",") }
    indent()
  }

  private mutating func close(_ bracket: StaticString) {
    frames.removeLast()
    indent()
    append(bracket)
  }

  private mutating func indent() {
    guard style == .pretty else { return }
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(0x20, count: 2 * frames.count))
  }

  private func ordered(_ members: [JSONObject.Member]) -> [JSONObject.Member] {
    style == .pretty ? members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) } : members
  }

  private mutating func append(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func appendString(_ text: String) {
    var text = text
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { content in
      var start = 0
      for (index, byte) in content.enumerated()
      where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        bytes.append(contentsOf: content[start..<index])
        appendEscape(byte)
        start = index + 1
      }
      bytes.append(contentsOf: content[start...])
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func appendEscape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: append("b")
    case 0x09: append("t")
    case 0x0A: append("n")
    case 0x0C: append("f")
    case 0x0D: append("r")
    case ..<0x20:
      append(byte < 0x10 ? "u000" : "u001")
      bytes.append(contentsOf: String(byte & 0x0F, radix: 16).utf8)
    default: bytes.append(byte)
    }
  }
}

extension JSONValue {
  /// The compact JSON text in UTF-8: no white space, members in their order, no line break.
  public func serialized() -> [UInt8] {
    var writer = JSONWriter(.compact)
    writer.write(self)
    return writer.bytes
  }

  /// The compact JSON text.
  public func serializedText() -> String { String(decoding: serialized(), as: UTF8.self) }

  /// The JSON text for people and version control: two spaces a level, members sorted by the bytes of their keys, a
  /// line break at the end.
  public func prettyText() -> String {
    var writer = JSONWriter(.pretty)
    writer.write(self)
    return String(decoding: writer.bytes, as: UTF8.self) + "\n"
  }
}
