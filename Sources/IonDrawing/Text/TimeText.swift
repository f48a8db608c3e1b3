/// Spans of time, sizes and counts in a few characters.
enum TimeText {
  /// `340ms`, `1.2s`, `12s`, `3m04s`, `1h02m`, `2d03h`.
  static func span(_ milliseconds: Int64) -> String {
    let milliseconds = max(0, milliseconds)
    let seconds = milliseconds / 1000
    if seconds < 1 { return "\(milliseconds)ms" }
    if seconds < 10 { return "\(seconds).\(milliseconds % 1000 / 100)s" }
    if seconds < 60 { return "\(seconds)s" }
    if seconds < 3600 { return "\(seconds / 60)m\(twoDigits(seconds % 60))s" }
    if seconds < 86_400 { return "\(seconds / 3600)h\(twoDigits(seconds % 3600 / 60))m" }
    return "\(seconds / 86_400)d\(twoDigits(seconds % 86_400 / 3600))h"
  }

  /// The span of a tick from the beginning, no more exact than the step between ticks: `0`, `250ms`, `1.5s`, `2m`, `1h30m`.
  static func tick(_ milliseconds: Int64, step: Int64) -> String {
    guard milliseconds > 0 else { return "0" }
    if step < 1000 {
      if milliseconds < 1000 { return "\(milliseconds)ms" }
      let tenths = step >= 100 ? "\(milliseconds % 1000 / 100)" : String("\(1000 + milliseconds % 1000)".dropFirst())
      return "\(milliseconds / 1000).\(tenths)s"
    }
    let seconds = milliseconds / 1000
    var text = ""
    if seconds >= 86_400 { text += "\(seconds / 86_400)d" }
    if seconds % 86_400 >= 3600 { text += "\(seconds % 86_400 / 3600)h" }
    if seconds % 3600 >= 60 { text += "\(seconds % 3600 / 60)m" }
    if seconds % 60 > 0 { text += "\(seconds % 60)s" }
    return text
  }

  /// `312 bytes`, `4.2 KB`, `1.5 MB`.
  static func size(_ bytes: Int64) -> String {
    if bytes < 1_000 { return bytes == 1 ? "1 byte" : "\(bytes) bytes" }
    let (unit, name): (Int64, String) =
      bytes < 1_000_000 ? (1_000, "KB") : bytes < 1_000_000_000 ? (1_000_000, "MB") : (1_000_000_000, "GB")
    return "\(bytes / unit).\(bytes % unit * 10 / unit) \(name)"
  }

  private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
