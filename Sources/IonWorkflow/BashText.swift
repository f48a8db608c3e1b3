/// Text as bash reads it in one go: the body itself, or what is left of a part of it once bash has taken off the
/// backslashes that backquotes need, or the line continuations and tabs of a here-document.
struct BashText {
  private(set) var bytes: [UInt8]
  /// For each byte, where it comes from in the body; nil for the body itself.
  private var origins: [Range<Int>]?
  /// How many backquotes stand around the text: how often a backslash must be doubled to survive.
  let backquotes: Int

  /// The body itself.
  init(body: [UInt8]) {
    bytes = body
    backquotes = 0
  }

  /// A part of another text, empty so far.
  init(within outer: BashText, addingBackquotes added: Int) {
    bytes = []
    origins = []
    backquotes = outer.backquotes + added
  }

  /// Takes a stretch of the outer text over as one byte.
  mutating func append(_ byte: UInt8, from range: Range<Int>, of outer: BashText) {
    bytes.append(byte)
    origins?.append(outer.origin(of: range))
  }

  /// Where a stretch of the text stands in the body.
  func origin(of range: Range<Int>) -> Range<Int> {
    guard let origins else { return range }
    guard let last = range.last else {
      let offset =
        range.lowerBound < origins.count ? origins[range.lowerBound].lowerBound : origins.last?.upperBound ?? 0
      return offset..<offset
    }
    return origins[range.lowerBound].lowerBound..<origins[last].upperBound
  }

  /// The first byte of a stretch in front of which bash took something off; nil where the body has all of it in a row.
  func seam(in range: Range<Int>) -> Int? {
    guard let origins else { return nil }
    return range.dropFirst().first { origins[$0 - 1].upperBound != origins[$0].lowerBound }
  }
}
