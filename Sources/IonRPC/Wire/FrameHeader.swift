/// What the header lines of one frame have said so far.
struct FrameHeader {
  private(set) var length: Int?
  /// The first charset that isn't UTF-8.
  private(set) var unsupportedCharset: String?

  /// Reads one line without its line end.
  mutating func read(_ line: ArraySlice<UInt8>, bodyLimit: Int) throws(FrameFault) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
      line[..<colon].allSatisfy(Self.isNameByte)
    else { throw .malformedHeader }
    let value = Self.trimmed(line[(colon + 1)...])
    guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else { throw .malformedHeader }
    switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
    case "content-length": try readLength(value, limit: bodyLimit)
    case "content-type": readType(value)
    default: break
    }
  }

  private mutating func readLength(_ digits: ArraySlice<UInt8>, limit: Int) throws(FrameFault) {
    guard !digits.isEmpty, digits.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { throw .malformedLength }
    guard digits.count <= 10 else { throw .malformedLength }
    let length = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    guard self.length == nil || self.length == length else { throw .conflictingLengths }
    guard length <= limit else { throw .bodyTooLong(limit: limit) }
    self.length = length
  }

  private mutating func readType(_ value: ArraySlice<UInt8>) {
    let parameters = value.split(separator: UInt8(ascii: ";")).dropFirst()
    for parameter in parameters {
      let text = String(decoding: Self.trimmed(parameter), as: UTF8.self).lowercased()
      guard text.hasPrefix("charset=") else { continue }
      let charset = text.dropFirst("charset=".count).filter { $0 != "\"" }
      if charset != "utf-8", charset != "utf8", unsupportedCharset == nil { unsupportedCharset = charset }
    }
  }

  /// RFC 9110's token characters.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes.drop { $0 == 0x20 || $0 == 0x09 }
    while let last = rest.last, last == 0x20 || last == 0x09 { rest.removeLast() }
    return rest
  }
}
