/// The end of what a terminal printed: as much as whoever made it wants to keep.
struct TerminalTail {
  /// The most that is kept, whatever is asked for.
  static let mostBytes = 8 * 1024 * 1024

  private let limit: Int
  private var bytes: [UInt8] = []
  /// Everything that came, in bytes.
  private(set) var count = 0

  /// `limit` is the most bytes that `text` may have; nil for as many as there may be.
  init(limit: Int?) { self.limit = min(limit ?? Self.mostBytes, Self.mostBytes) }

  mutating func add(_ piece: UnsafeRawBufferPointer) {
    count += piece.count
    bytes.append(contentsOf: piece.suffix(limit))
    // Twice as much is held, so that the work stays linear.
    if bytes.count > 2 * limit { bytes.removeFirst(bytes.count - limit) }
  }

  /// Whether something is missing at the beginning.
  var isTruncated: Bool { count > limit }

  /// What is kept, whole characters only; bytes that are none show as U+FFFD.
  var text: String {
    var kept = bytes.suffix(limit)
    if isTruncated { kept = kept.drop { $0 & 0xC0 == 0x80 } }
    var text = String(decoding: kept.dropLast(Self.unfinished(kept)), as: UTF8.self)
    // What stands for bytes that are none is longer than they are.
    while text.utf8.count > limit { text.unicodeScalars.removeFirst(max(1, (text.utf8.count - limit) / 4)) }
    return text
  }

  /// How many bytes at the end begin a character that isn't whole yet.
  private static func unfinished(_ bytes: ArraySlice<UInt8>) -> Int {
    for (behind, byte) in bytes.suffix(3).reversed().enumerated() where byte & 0xC0 != 0x80 {
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return length > behind + 1 ? behind + 1 : 0
    }
    return 0
  }
}
