/// Durations as workflow files spell them: `250ms`, `90s`, `1h30m`, `1.5h`.
enum DurationText {
  /// The longest duration that a file may name.
  static let longest = Duration.seconds(10 * 366 * 24 * 3600)

  private static let units: [(name: String, milliseconds: Int64)] = [
    ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
  ]

  /// Numbers, each with its unit, the larger units first and none of them twice; nil for anything else.
  static func parse(_ text: String) -> Duration? {
    var rest = Substring(text)
    var total = Duration.zero
    var smallest = -1
    repeat {
      let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
      rest = rest.dropFirst(number.count)
      let name = rest.prefix { $0.isASCII && $0.isLetter }
      rest = rest.dropFirst(name.count)
      guard let unit = units.firstIndex(where: { $0.name == name }), unit > smallest,
        let milliseconds = milliseconds(number, of: units[unit].milliseconds)
      else { return nil }
      smallest = unit
      total += .milliseconds(milliseconds)
    } while !rest.isEmpty
    return total
  }

  /// A decimal number of units in milliseconds, at most 15 digits; nil where it has no digits before or behind its point.
  private static func milliseconds(_ number: Substring, of unit: Int64) -> Double? {
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }), number.count <= 15, let value = Double(number) else {
      return nil
    }
    return value * Double(unit)
  }
}
