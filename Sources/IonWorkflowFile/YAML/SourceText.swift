internal import IonWorkflow

/// The bytes of a file without a byte order mark, and the way from offsets in them to lines and columns.
///
/// Lines end at LF, CR or CR LF, as editors count them; columns count Unicode scalars. Offsets are UTF-8 bytes.
struct SourceText {
  let bytes: [UInt8]
  /// Where each line starts.
  private let lineStarts: [Int]
  /// How many scalars stand before each `stride`-th byte; empty where every scalar is one byte.
  private let scalarCounts: [Int]
  private static let stride = 256

  /// - Parameter bytes: Valid UTF-8.
  init(bytes: [UInt8]) {
    self.bytes = bytes
    var starts = [0]
    var counts: [Int] = []
    var scalars = 0
    for (offset, byte) in bytes.enumerated() {
      if offset % Self.stride == 0 { counts.append(scalars) }
      if byte & 0b1100_0000 != 0b1000_0000 { scalars += 1 }
      if byte == UInt8(ascii: "\n") { starts.append(offset + 1) }
      if byte == UInt8(ascii: "\r"), offset + 1 == bytes.count || bytes[offset + 1] != UInt8(ascii: "\n") {
        starts.append(offset + 1)
      }
    }
    lineStarts = starts
    scalarCounts = scalars == bytes.count ? [] : counts
  }

  /// The line and column of an offset.
  func position(of offset: Int) -> SourcePosition {
    let line = line(of: offset)
    return SourcePosition(line: line, column: scalars(before: offset) - scalars(before: lineStarts[line]))
  }

  func range(_ offsets: Range<Int>) -> SourceRange {
    SourceRange(start: position(of: offsets.lowerBound), end: position(of: offsets.upperBound))
  }

  /// The line of an offset, from 0.
  func line(of offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// What stands in a line, without its break and the blanks before that.
  func lineText(_ line: Int) -> String {
    guard lineStarts.indices.contains(line) else { return "" }
    return String(decoding: bytes[lineStarts[line]..<lineEnd(after: lineStarts[line])], as: UTF8.self)
  }

  /// Where the line of an offset ends, without its break and the blanks before that.
  func lineEnd(after offset: Int) -> Int {
    var end = offset
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n"), bytes[end] != UInt8(ascii: "\r") { end += 1 }
    while end > offset, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == UInt8(ascii: "\t") { end -= 1 }
    return end
  }

  /// The offset of the scalar with a number, counted from 0.
  func offset(ofScalar number: Int) -> Int {
    guard !scalarCounts.isEmpty else { return min(number, bytes.count) }
    var low = 0
    var high = scalarCounts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if scalarCounts[middle] <= number { low = middle } else { high = middle }
    }
    var missing = number - scalarCounts[low]
    var offset = low * Self.stride
    while offset < bytes.count {
      if bytes[offset] & 0b1100_0000 != 0b1000_0000 {
        if missing == 0 { break }
        missing -= 1
      }
      offset += 1
    }
    return offset
  }

  private func scalars(before offset: Int) -> Int {
    guard !scalarCounts.isEmpty else { return offset }
    let block = min(offset / Self.stride, scalarCounts.count - 1)
    var count = scalarCounts[block]
    for byte in bytes[block * Self.stride..<offset] where byte & 0b1100_0000 != 0b1000_0000 { count += 1 }
    return count
  }
}

extension SourceText {
  /// Where the text of a scalar begins that says exactly what is written, quotes left out; nil for any other.
  func start(ofLiteral scalar: YAMLScalar) -> Int? {
    let quote: Int
    switch scalar.style {
    case .plain: quote = 0
    case .singleQuoted: quote = 1
    case .doubleQuoted, .literal, .folded: return nil
    }
    let start = scalar.source.lowerBound + quote
    let end = scalar.source.upperBound - quote
    guard start <= end, end <= bytes.count, end - start == scalar.text.utf8.count,
      bytes[start..<end].elementsEqual(scalar.text.utf8)
    else { return nil }
    return start
  }
}
