/// A 64-bit sum over what a row holds, so that a byte that changed on disk is noticed.
///
/// Words are mixed in by steps that can each be undone, so one changed word always changes the sum; anything else goes
/// unnoticed once in 2^64. It guards against accidents, not against people. The rule is part of the schema.
struct Checksum {
  private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// The sum so far, as SQLite keeps integers.
  var value: Int64 { Int64(bitPattern: state) }

  mutating func add(_ number: Int64) { mix(UInt64(bitPattern: number)) }

  /// Adds a text by its UTF-8 bytes and their count; nil is told from the empty text.
  mutating func add(_ text: String?) {
    guard var text else { return mix(.max) }
    text.withUTF8 { bytes in
      mix(UInt64(bytes.count))
      let raw = UnsafeRawBufferPointer(bytes)
      var offset = 0
      while offset + 8 <= raw.count {
        mix(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        offset += 8
      }
      var last: UInt64 = 0
      while offset < raw.count {
        last = last << 8 | UInt64(raw[offset])
        offset += 1
      }
      mix(last)
    }
  }

  /// The sum of some texts.
  static func of(_ texts: String?...) -> Int64 {
    var sum = Checksum()
    for text in texts { sum.add(text) }
    return sum.value
  }

  private mutating func mix(_ word: UInt64) {
    state = (state ^ word) &* 0xFF51_AFD7_ED55_8CCD
    state ^= state >> 32
  }
}
