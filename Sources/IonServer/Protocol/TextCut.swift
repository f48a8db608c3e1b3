/// A stretch of UTF-8 that is cut at characters.
struct TextCut {
  let start: Int
  let end: Int
  let text: String

  /// Starts at the first character at or behind `from`, and ends before the one that would go over the limit. Something is
  /// always taken where there is something.
  init(_ bytes: [UInt8], from: Int, limit: Int) {
    func isInside(_ index: Int) -> Bool { index < bytes.count && bytes[index] & 0xC0 == 0x80 }
    var first = from
    while isInside(first) { first += 1 }
    var last = min(bytes.count, first + limit)
    while last > first && isInside(last) { last -= 1 }
    if last == first && last < bytes.count {
      last += 1
      while isInside(last) { last += 1 }
    }
    start = first
    end = last
    text = String(decoding: bytes[first..<last], as: UTF8.self)
  }
}
