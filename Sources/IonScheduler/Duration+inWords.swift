extension Duration {
  /// The duration as a workflow file spells it (`250ms`, `1.5s`, `2m`, `1h30m`), to the millisecond.
  package var inWords: String {
    let (seconds, attoseconds) = components
    let milliseconds = attoseconds / 1_000_000_000_000_000
    if seconds == 0 { return "\(milliseconds)ms" }
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
    var words = hours > 0 ? "\(hours)h" : ""
    if minutes > 0 { words += "\(minutes)m" }
    if rest > 0 || milliseconds > 0 { words += "\(rest)\(Self.fraction(milliseconds))s" }
    return words
  }

  private static func fraction(_ milliseconds: Int64) -> String {
    guard milliseconds > 0 else { return "" }
    var digits = String(String(milliseconds + 1000).dropFirst())
    while digits.hasSuffix("0") { digits.removeLast() }
    return "." + digits
  }
}
