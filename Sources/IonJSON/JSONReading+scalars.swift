extension JSONReading {
  /// Reads a number that begins at `position`.
  mutating func readNumber() throws(JSONFailure) -> JSONValue {
    let start = position
    let isNegative = bytes[position] == UInt8(ascii: "-")
    if isNegative { position += 1 }
    let firstDigit = position
    var magnitude: Int64 = 0
    var overflows = false
    // Negative numbers are summed downwards: the least Int64 has no positive counterpart.
    while position < bytes.count, isDigit(bytes[position]) {
      let digit = Int64(bytes[position] - UInt8(ascii: "0"))
      let (tens, tooBig) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, tooFar) = isNegative ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
      overflows = overflows || tooBig || tooFar
      magnitude = sum
      position += 1
    }
    guard position > firstDigit else { throw failure(position < bytes.count ? .malformedNumber : .endOfInput) }
    guard bytes[firstDigit] != UInt8(ascii: "0") || position == firstDigit + 1 else { throw failure(.malformedNumber) }
    let isInteger = try !readFractionAndExponent()
    // A negative zero has no Int64.
    if isInteger, !overflows, !(isNegative && magnitude == 0) { return .integer(magnitude) }
    return .number(JSONNumber(unchecked: String(decoding: bytes[start..<position], as: UTF8.self)))
  }

  /// Whether there was any.
  private mutating func readFractionAndExponent() throws(JSONFailure) -> Bool {
    let start = position
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      try readDigits()
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
        position += 1
      }
      try readDigits()
    }
    return position > start
  }

  private mutating func readDigits() throws(JSONFailure) {
    let start = position
    while position < bytes.count, isDigit(bytes[position]) { position += 1 }
    guard position > start else { throw failure(position < bytes.count ? .malformedNumber : .endOfInput) }
  }

  /// Reads a string whose opening quote is at `position`.
  mutating func readString() throws(JSONFailure) -> String {
    position += 1
    let start = position
    var allBits: UInt8 = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
      allBits |= byte
      position += 1
    }
    guard position < bytes.count else { throw failure(.endOfInput) }
    if allBits >= 0x80 { try checkUTF8(start..<position) }
    let head = bytes[start..<position]
    switch bytes[position] {
    case UInt8(ascii: "\""):
      position += 1
      return String(decoding: head, as: UTF8.self)
    case UInt8(ascii: "\\"):
      return try readEscapedString(head: head)
    default:
      throw failure(.controlCharacter)
    }
  }

  /// Reads the rest of a string from its first backslash, which is at `position`; `head` stands before it.
  private mutating func readEscapedString(head: Slice<UnsafeRawBufferPointer>) throws(JSONFailure) -> String {
    var text = Array(head)
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        try readEscape(into: &text)
      case ..<0x20:
        throw failure(.controlCharacter)
      default:
        try copyPlainBytes(into: &text)
      }
    }
    throw failure(.endOfInput)
  }

  private mutating func copyPlainBytes(into text: inout [UInt8]) throws(JSONFailure) {
    let start = position
    var allBits: UInt8 = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
      allBits |= byte
      position += 1
    }
    if allBits >= 0x80 { try checkUTF8(start..<position) }
    text.append(contentsOf: bytes[start..<position])
  }

  private mutating func readEscape(into text: inout [UInt8]) throws(JSONFailure) {
    guard position + 1 < bytes.count else { throw JSONFailure(offset: bytes.count, reason: .endOfInput) }
    let letter = bytes[position + 1]
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      text.append(contentsOf: Character(try readUnicodeEscape()).utf8)
      return
    default: throw failure(.malformedEscape)
    }
    position += 2
  }

  /// Reads `\uXXXX`, or two of them that are a surrogate pair; a surrogate without its other half is U+FFFD.
  private mutating func readUnicodeEscape() throws(JSONFailure) -> Unicode.Scalar {
    let unit = try readHexadecimal()
    if let scalar = Unicode.Scalar(unit) { return scalar }
    let isHigh = unit < 0xDC00
    guard isHigh, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { return "\u{FFFD}" }
    let afterHigh = position
    let low = try readHexadecimal()
    guard (0xDC00...0xDFFF).contains(low) else {
      position = afterHigh
      return "\u{FFFD}"
    }
    let code = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
    return Unicode.Scalar(code) ?? "\u{FFFD}"
  }

  /// Reads the four digits of the `\uXXXX` at `position`.
  private mutating func readHexadecimal() throws(JSONFailure) -> UInt16 {
    var unit: UInt16 = 0
    for index in (position + 2)..<(position + 6) {
      guard index < bytes.count else { throw JSONFailure(offset: bytes.count, reason: .endOfInput) }
      guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else { throw failure(.malformedEscape) }
      unit = unit << 4 | UInt16(digit)
    }
    position += 6
    return unit
  }

  /// Refuses what is not UTF-8 by the Unicode standard's table 3-7 (well-formed byte sequences).
  private func checkUTF8(_ range: Range<Int>) throws(JSONFailure) {
    var index = range.lowerBound
    while index < range.upperBound {
      let lead = bytes[index]
      if lead < 0x80 {
        index += 1
        continue
      }
      let (length, second): (Int, ClosedRange<UInt8>)
      switch lead {
      case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
      case 0xE0: (length, second) = (3, 0xA0...0xBF)
      case 0xED: (length, second) = (3, 0x80...0x9F)
      case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
      case 0xF0: (length, second) = (4, 0x90...0xBF)
      case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
      case 0xF4: (length, second) = (4, 0x80...0x8F)
      default: throw JSONFailure(offset: index, reason: .invalidUTF8)
      }
      let end = index + length
      guard end <= range.upperBound, second.contains(bytes[index + 1]),
        bytes[(index + 2)..<end].allSatisfy({ $0 & 0xC0 == 0x80 })
      else { throw JSONFailure(offset: index, reason: .invalidUTF8) }
      index = end
    }
  }
}
