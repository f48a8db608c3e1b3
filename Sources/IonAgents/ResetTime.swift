internal import Glibc
internal import IonJSON
internal import IonWorkflow

/// When an agent's limit is lifted, from what is said of it in the ways of its service; in milliseconds since
/// 1970-01-01T00:00:00Z.
enum ResetTime {
  /// Whoever says a later moment than this means something else, in milliseconds: 32 days.
  private static let furthest: Int64 = 32 * 86_400_000
  private static let momentKeys = ["resetsAt", "resets_at", "resetAt", "reset_at"]
  private static let waitKeys = ["retryAfter", "retry_after", "retry-after"]
  private static let millisecondKeys = ["retryAfterMs", "retry_after_ms"]

  /// The time by the machine's clock.
  static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// What an error's data says: a moment (`resetsAt`, in seconds, milliseconds or as a text), or how long to wait
  /// (`retryAfter`, in seconds), in it or in an object in it. Nil where nothing of it can be meant.
  static func time(in data: JSONValue?, now: Int64) -> Int64? {
    guard let object = data?.objectValue else { return nil }
    let places = [JSONValue.object(object)] + object.members.map(\.value).filter { $0.objectValue != nil }
    for place in places {
      let moments = momentKeys.lazy.compactMap { place[$0] }.compactMap { moment($0, now) }
      let waits = waitKeys.lazy.compactMap { place[$0] }.compactMap { wait($0, now) }
      let millisecondWaits = millisecondKeys.lazy.compactMap { place[$0] }.compactMap { number($0) }
        .compactMap { sane(Double(now) + $0, now) }
      if let time = moments.first ?? waits.first ?? millisecondWaits.first { return time }
    }
    return nil
  }

  /// A moment that may be meant: not in the past, and not too far away.
  static func sane(_ moment: Int64, _ now: Int64) -> Int64? {
    moment > now && moment - now <= furthest ? moment : nil
  }

  private static func sane(_ moment: Double, _ now: Int64) -> Int64? {
    Int64(exactly: moment.rounded()).flatMap { sane($0, now) }
  }

  private static func moment(_ value: JSONValue, _ now: Int64) -> Int64? {
    if let number = number(value) { return sane(number < 1e11 ? number * 1000 : number, now) }
    return value.stringValue.flatMap(UTCText.moment).flatMap { sane($0, now) }
  }

  /// How many seconds to wait; a number that is too large for that is a moment.
  private static func wait(_ value: JSONValue, _ now: Int64) -> Int64? {
    guard let number = number(value), number < 1e8 else { return moment(value, now) }
    return sane(Double(now) + number * 1000, now)
  }

  private static func number(_ value: JSONValue) -> Double? {
    AgentUsage.amount(value) ?? value.stringValue.flatMap(Double.init).flatMap { $0 >= 0 && $0.isFinite ? $0 : nil }
  }
}
