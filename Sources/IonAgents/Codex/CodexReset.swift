internal import Glibc

/// When Codex takes more again, from its words: "try again at 3:45 PM" on the same day, else "try again at
/// Nov 28th, 2026 3:45 PM", both by its local time.
enum CodexReset {
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// Reads the time from words, where the program with this environment has the local time of this process.
  static func reader(in environment: [(String, String)]) -> @Sendable (String) -> Int64? {
    let zone = environment.last { $0.0 == "TZ" }?.1
    let own = getenv("TZ").map { String(cString: $0) }
    guard zone == own else { return { _ in nil } }
    return { time(in: $0, now: ResetTime.now()) }
  }

  /// The time that words name; nil where they name none, or one that can't be meant, or that comes twice or never where
  /// clocks are changed.
  static func time(in words: String, now: Int64) -> Int64? {
    let words = words.lowercased()
    guard let start = words.firstRange(of: "try again at ")?.upperBound else { return nil }
    let parts = words[start...].split { $0 == " " || $0 == "," || $0 == "." || $0.isNewline }.map(String.init)
    guard let half = parts.firstIndex(where: { $0 == "am" || $0 == "pm" }), half == 1 || half == 4 else { return nil }
    var wanted = local(now)
    guard let (hour, minute) = clock(parts[half - 1], isAfternoon: parts[half] == "pm") else { return nil }
    (wanted.tm_hour, wanted.tm_min, wanted.tm_sec, wanted.tm_isdst) = (hour, minute, 0, -1)
    if half == 4 {
      let day = parts[1].prefix { $0.isASCII && $0.isNumber }
      guard let month = months.firstIndex(of: parts[0]), let day = Int32(day), 1...31 ~= day,
        let year = Int32(parts[2]),
        1970...9999 ~= year
      else { return nil }
      (wanted.tm_year, wanted.tm_mon, wanted.tm_mday) = (year - 1900, Int32(month), day)
    }
    return moment(wanted).flatMap { ResetTime.sane($0, now) }
  }

  private static func local(_ moment: Int64) -> tm {
    var seconds = time_t(moment / 1000)
    var local = tm()
    localtime_r(&seconds, &local)
    return local
  }

  private static func clock(_ text: String, isAfternoon: Bool) -> (Int32, Int32)? {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let hour = Int32(parts[0]), let minute = Int32(parts[1]), 1...12 ~= hour, 0...59 ~= minute
    else { return nil }
    return (hour % 12 + (isAfternoon ? 12 : 0), minute)
  }

  /// The one moment at which clocks here show this; nil where there is none, or another one an hour before or behind it.
  private static func moment(_ wanted: tm) -> Int64? {
    var copy = wanted
    let moment = Int64(mktime(&copy)) * 1000
    let isShown = { (moment: Int64) in
      let shown = local(moment)
      return (shown.tm_year, shown.tm_mon, shown.tm_mday, shown.tm_hour, shown.tm_min)
        == (wanted.tm_year, wanted.tm_mon, wanted.tm_mday, wanted.tm_hour, wanted.tm_min)
    }
    guard isShown(moment), !isShown(moment - 3_600_000), !isShown(moment + 3_600_000) else { return nil }
    return moment
  }
}
