/// Says, while bytes arrive in pieces, whether all of them together are UTF-8 without NUL.
struct TextCheck {
  /// Whether nothing so far rules it out.
  private var isPossible = true
  /// How many bytes the character that has begun still needs.
  private var missing = 0
  /// What the next of these bytes may be: only the first of them is bound tighter than 80 … BF (Unicode, table 3-7).
  private var bounds: ClosedRange<UInt8> = 0x80...0xBF

  /// Whether the bytes so far are such a text, with no character cut off at the end.
  var isText: Bool { isPossible && missing == 0 }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var index = 0
    while isPossible, index < bytes.count {
      if missing == 0 { index += Self.plainPrefix(of: bytes, from: index) }
      if index < bytes.count { take(bytes[index]) }
      index += 1
    }
  }

  private mutating func take(_ byte: UInt8) {
    if missing > 0 {
      isPossible = bounds.contains(byte)
      bounds = 0x80...0xBF
      missing -= 1
      return
    }
    switch byte {
    case 0x01...0x7F: return
    case 0xC2...0xDF: missing = 1
    case 0xE0: (missing, bounds) = (2, 0xA0...0xBF)
    case 0xED: (missing, bounds) = (2, 0x80...0x9F)
    case 0xE1...0xEF: missing = 2
    case 0xF0: (missing, bounds) = (3, 0x90...0xBF)
    case 0xF4: (missing, bounds) = (3, 0x80...0x8F)
    case 0xF1...0xF3: missing = 3
    default: isPossible = false
    }
  }

  /// How many bytes from an index on are ASCII without NUL, in steps of eight.
  private static func plainPrefix(of bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let highBits: UInt64 = 0x8080_8080_8080_8080
    let lowBits: UInt64 = 0x0101_0101_0101_0101
    var index = start
    while index + 8 <= bytes.count {
      let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      // A byte that is zero borrows its high bit in the subtraction.
      guard (word | (word &- lowBits)) & highBits == 0 else { break }
      index += 8
    }
    return index - start
  }
}
