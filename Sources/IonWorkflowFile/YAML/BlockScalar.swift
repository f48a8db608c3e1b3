/// A `|` or `>` scalar, read again from its source.
struct BlockScalar {
  private let bytes: [UInt8]
  private let isLiteral: Bool
  /// Where the first line behind the header starts.
  private let body: Int
  /// The digit of the header, 0 where there is none.
  private let indicator: Int
  private let isStripped: Bool
  private let isKept: Bool

  init(_ bytes: [UInt8], from start: Int, isLiteral: Bool) {
    var next = start + 1
    var digit = 0
    var chomping: UInt8 = 0
    while next < bytes.count, ScalarTrace.lineBreak(bytes, at: next) == nil, bytes[next] != UInt8(ascii: "#") {
      switch bytes[next] {
      case UInt8(ascii: "1")...UInt8(ascii: "9"): digit = Int(bytes[next] - UInt8(ascii: "0"))
      case UInt8(ascii: "+"), UInt8(ascii: "-"): chomping = bytes[next]
      default: break
      }
      next += 1
    }
    while next < bytes.count, ScalarTrace.lineBreak(bytes, at: next) == nil { next += 1 }
    self.bytes = bytes
    self.isLiteral = isLiteral
    body = min(bytes.count, next + (ScalarTrace.lineBreak(bytes, at: next)?.length ?? 0))
    indicator = digit
    isStripped = chomping == UInt8(ascii: "-")
    isKept = chomping == UInt8(ascii: "+")
  }

  /// The trace that yields a value. Under a header with a digit the indentation depends on what is around the scalar,
  /// so every one that may be meant is tried.
  func trace(of value: [UInt8]) -> ScalarTrace {
    if indicator == 0 { return trace(indent: detectedIndent) }
    var result = ScalarTrace()
    for indent in indicator...indicator + 40 {
      result = trace(indent: indent)
      if result.value == value { break }
    }
    return result
  }

  /// How far the first line with text is indented, or an emptier line before it that goes farther.
  private var detectedIndent: Int {
    var deepest = 0
    var next = body
    while true {
      let line = next
      while next < bytes.count, bytes[next] == 32 { next += 1 }
      deepest = max(deepest, next - line)
      guard let found = ScalarTrace.lineBreak(bytes, at: next) else { return max(1, deepest) }
      next += found.length
    }
  }

  private func trace(indent: Int) -> ScalarTrace {
    var result = ScalarTrace()
    var leading = ScalarTrace()
    var trailing = ScalarTrace()
    var wasBlank = false
    var next = body
    var column = skipBreaks(&next, indent: indent, into: &trailing)
    while column == indent, next < bytes.count {
      let isBlank = bytes[next] == 32 || bytes[next] == 9
      if !isLiteral, leading.value == [10], !wasBlank, !isBlank {
        if trailing.value.isEmpty { result.append(32, from: Int(leading.starts[0])..<Int(leading.ends[0])) }
      } else {
        result.append(leading)
      }
      result.append(trailing)
      leading.removeAll()
      trailing.removeAll()
      wasBlank = isBlank
      while next < bytes.count, ScalarTrace.lineBreak(bytes, at: next) == nil {
        result.append(bytes[next], from: next..<next + 1)
        next += 1
      }
      next = leading.appendBreak(bytes, at: next)
      column = skipBreaks(&next, indent: indent, into: &trailing)
    }
    if !isStripped { result.append(leading) }
    if isKept { result.append(trailing) }
    return result
  }

  /// Skips indentation and empty lines; returns the column of what stands behind them.
  private func skipBreaks(_ next: inout Int, indent: Int, into breaks: inout ScalarTrace) -> Int {
    while true {
      let line = next
      while next < bytes.count, bytes[next] == 32, next - line < indent { next += 1 }
      guard ScalarTrace.lineBreak(bytes, at: next) != nil else { return next - line }
      next = breaks.appendBreak(bytes, at: next)
    }
  }
}
