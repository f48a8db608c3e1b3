/// The way from places in a scalar's value back to the source: exact for what is written plainly, and for each escape
/// or fold the whole of it.
///
/// The value is built again from the source as libyaml does it. Should the two ever differ, every place is the whole
/// scalar.
struct ScalarMap {
  private var trace = ScalarTrace()
  /// Whether the value could be built again.
  let isExact: Bool
  private let whole: Range<Int>
  /// The place of what stands at the value's very end.
  private let end: Int

  init(_ scalar: YAMLScalar, in source: SourceText) {
    whole = scalar.source
    let bytes = source.bytes
    switch scalar.style {
    case .plain:
      trace.readFlow(bytes, scalar.source, quote: nil)
      end = scalar.source.upperBound
    case .singleQuoted, .doubleQuoted:
      let inside = scalar.source.lowerBound + 1..<max(scalar.source.lowerBound + 1, scalar.source.upperBound - 1)
      trace.readFlow(bytes, inside, quote: scalar.style == .singleQuoted ? UInt8(ascii: "'") : UInt8(ascii: "\""))
      end = inside.upperBound
    case .literal, .folded:
      trace = BlockScalar(bytes, from: scalar.source.lowerBound, isLiteral: scalar.style == .literal)
        .trace(of: Array(scalar.text.utf8))
      end = scalar.source.upperBound
    }
    isExact = trace.value.elementsEqual(scalar.text.utf8)
  }

  /// The source of a stretch of the value; both count UTF-8 bytes, and an empty stretch stays empty.
  func place(_ range: Range<Int>) -> Range<Int> {
    guard isExact, range.lowerBound >= 0, range.upperBound <= trace.value.count else { return whole }
    let start = range.lowerBound < trace.value.count ? Int(trace.starts[range.lowerBound]) : end
    guard !range.isEmpty else { return start..<start }
    return start..<max(start, Int(trace.ends[range.upperBound - 1]))
  }
}

/// A value's bytes, each with the stretch of the source that it comes from.
struct ScalarTrace {
  private(set) var value: [UInt8] = []
  private(set) var starts: [UInt32] = []
  private(set) var ends: [UInt32] = []

  mutating func append(_ byte: UInt8, from range: Range<Int>) {
    value.append(byte)
    starts.append(UInt32(truncatingIfNeeded: range.lowerBound))
    ends.append(UInt32(truncatingIfNeeded: range.upperBound))
  }

  mutating func append(_ other: ScalarTrace) {
    value += other.value
    starts += other.starts
    ends += other.ends
  }

  mutating func removeAll() { self = ScalarTrace() }

  /// How long the line break at an offset is, and what it becomes in a value; nil where none is.
  static func lineBreak(_ bytes: [UInt8], at offset: Int) -> (length: Int, value: [UInt8])? {
    func byte(_ distance: Int) -> UInt8 { offset + distance < bytes.count ? bytes[offset + distance] : 0 }
    switch (byte(0), byte(1), byte(2)) {
    case (13, 10, _): return (2, [10])
    case (13, _, _), (10, _, _): return (1, [10])
    case (0xC2, 0x85, _): return (2, [10])
    case (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9): return (3, [0xE2, 0x80, byte(2)])
    default: return nil
    }
  }

  /// Adds a line break's value; returns the offset behind it.
  mutating func appendBreak(_ bytes: [UInt8], at offset: Int) -> Int {
    guard let found = Self.lineBreak(bytes, at: offset) else { return offset }
    for byte in found.value { append(byte, from: offset..<offset + found.length) }
    return offset + found.length
  }
}

// MARK: Plain and quoted scalars

extension ScalarTrace {
  /// Reads a plain scalar, or what stands between quotes: blanks around line breaks go, one break becomes a space, of
  /// several the first goes.
  mutating func readFlow(_ bytes: [UInt8], _ range: Range<Int>, quote: UInt8?) {
    var next = range.lowerBound
    var gap = Gap()
    while next < range.upperBound {
      if bytes[next] == 32 || bytes[next] == 9 {
        if !gap.isBroken { gap.blanks.append(bytes[next], from: next..<next + 1) }
        next += 1
      } else if Self.lineBreak(bytes, at: next) != nil {
        next = gap.readBreak(bytes, at: next)
      } else {
        append(gap.joined)
        gap = Gap()
        next = readCharacter(bytes, at: next, quote: quote, gap: &gap)
      }
    }
    if quote != nil { append(gap.joined) }
  }

  /// What stands between two words.
  struct Gap {
    var blanks = ScalarTrace()
    var first = ScalarTrace()
    var others = ScalarTrace()
    var isBroken = false

    mutating func readBreak(_ bytes: [UInt8], at offset: Int) -> Int {
      defer { isBroken = true }
      return isBroken ? others.appendBreak(bytes, at: offset) : first.appendBreak(bytes, at: offset)
    }

    /// What the gap becomes in the value.
    var joined: ScalarTrace {
      guard isBroken else { return blanks }
      var result = ScalarTrace()
      if first.value == [10] {
        if others.value.isEmpty { result.append(32, from: Int(first.starts[0])..<Int(first.ends[0])) }
      } else {
        result.append(first)
      }
      result.append(others)
      return result
    }
  }

  private mutating func readCharacter(_ bytes: [UInt8], at offset: Int, quote: UInt8?, gap: inout Gap) -> Int {
    switch bytes[offset] {
    case UInt8(ascii: "'") where quote == UInt8(ascii: "'"):
      append(bytes[offset], from: offset..<offset + 2)
      return offset + 2
    case UInt8(ascii: "\\") where quote == UInt8(ascii: "\""):
      if let found = Self.lineBreak(bytes, at: offset + 1) {
        gap.isBroken = true
        return offset + 1 + found.length
      }
      return readEscape(bytes, at: offset)
    default:
      append(bytes[offset], from: offset..<offset + 1)
      return offset + 1
    }
  }

  private mutating func readEscape(_ bytes: [UInt8], at offset: Int) -> Int {
    let letter = offset + 1 < bytes.count ? bytes[offset + 1] : 0
    let length = Self.codeLengths[letter] ?? 0
    let end = min(offset + 2 + length, bytes.count)
    let scalar: UInt32
    if length > 0 {
      scalar = UInt32(String(decoding: bytes[min(offset + 2, end)..<end], as: UTF8.self), radix: 16) ?? 0
    } else {
      scalar = Self.escapes[letter] ?? UInt32(letter)
    }
    for byte in String(Character(Unicode.Scalar(scalar) ?? "\u{FFFD}")).utf8 { append(byte, from: offset..<end) }
    return end
  }

  /// How many hexadecimal digits follow `\x`, `\u` and `\U`.
  private static let codeLengths: [UInt8: Int] = [
    UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8,
  ]

  /// The escapes that don't stand for themselves.
  private static let escapes: [UInt8: UInt32] = [
    UInt8(ascii: "0"): 0, UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10,
    UInt8(ascii: "v"): 11, UInt8(ascii: "f"): 12, UInt8(ascii: "r"): 13, UInt8(ascii: "e"): 27,
    UInt8(ascii: "N"): 0x85, UInt8(ascii: "_"): 0xA0, UInt8(ascii: "L"): 0x2028, UInt8(ascii: "P"): 0x2029,
  ]
}
