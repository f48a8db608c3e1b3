extension UTCText {
  /// The inverse of `of`, for what others write, too: seconds may have a part or none, and the zone may be `Z` or
  /// `+01:00`. Nil for any other text.
  public static func moment(_ text: String) -> Int64? {
    var reader = MomentReader(text)
    guard let day = reader.day(), reader.take("Tt "), let time = reader.time(), let offset = reader.offset(),
      reader.isAtEnd
    else { return nil }
    return day * 86_400_000 + time - offset
  }
}

/// A moment's text, read from its front; in milliseconds.
private struct MomentReader {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = text[...].utf8 }

  var isAtEnd: Bool { rest.isEmpty }

  /// Takes one of some characters; whether there was one.
  mutating func take(_ characters: String) -> Bool {
    guard let first = rest.first, characters.utf8.contains(first) else { return false }
    rest.removeFirst()
    return true
  }

  /// So many digits.
  private mutating func number(_ count: Int) -> Int64? {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
    rest = rest.dropFirst(count)
    return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
  }

  /// `2030-03-17`, as days from 1970-01-01.
  mutating func day() -> Int64? {
    guard let year = number(4), take("-"), let month = number(2), 1...12 ~= month, take("-"), let day = number(2),
      1...31 ~= day
    else { return nil }
    return UTCText.day(year: year, month: month, day: day)
  }

  /// `17:46:40.5`, the part of the second as far as milliseconds.
  mutating func time() -> Int64? {
    guard let hour = number(2), hour < 24, take(":"), let minute = number(2), minute < 60, take(":"),
      let second = number(2), second <= 60
    else { return nil }
    let time = (hour * 3_600 + minute * 60 + second) * 1_000
    guard take(".") else { return time }
    let digits = rest.prefix { 0x30...0x39 ~= $0 }
    guard !digits.isEmpty else { return nil }
    rest = rest.dropFirst(digits.count)
    return time + zip(digits, [100, 10, 1]).reduce(0) { $0 + Int64($1.0 - 0x30) * Int64($1.1) }
  }

  /// `Z`, or `+01:00`.
  mutating func offset() -> Int64? {
    if take("Zz") { return 0 }
    let isBehind = rest.first == UInt8(ascii: "-")
    guard take("+-"), let hours = number(2), take(":"), let minutes = number(2) else { return nil }
    return (hours * 60 + minutes) * (isBehind ? -60_000 : 60_000)
  }
}
