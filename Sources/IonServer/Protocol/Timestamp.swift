public import IonJSON
public import IonStore
internal import IonWorkflow

/// A moment on the wire: RFC 3339, sent in UTC with milliseconds, read with any offset.
public struct Timestamp: WireScalar, Hashable, CustomStringConvertible {
  public static let schema: JSONObject = ["type": "string", "format": "date-time"]
  public static let sample = Timestamp(0)

  /// Milliseconds since 1970-01-01T00:00:00Z.
  public var wallTime: WallTime

  public init(_ wallTime: WallTime) { self.wallTime = wallTime }

  /// `2026-03-01T09:30:00.250Z`.
  public var description: String { UTCText.of(wallTime) }

  /// Reads `date T time [.fraction] (Z | ±hh:mm)`; nil for anything else. Digits beyond milliseconds are dropped.
  public init?(_ text: String) {
    var scan = TimestampScan(text)
    guard let year = scan.number(4), scan.take("-"), let month = scan.number(2), scan.take("-"),
      let day = scan.number(2), scan.take("T"), let hour = scan.number(2), scan.take(":"),
      let minute = scan.number(2), scan.take(":"), let second = scan.number(2), let fraction = scan.fraction(),
      let offset = scan.offset(), scan.isAtEnd
    else { return nil }
    // A leap second is read as the second behind it.
    guard (1...12).contains(month), day >= 1, hour < 24, minute < 60, second <= 60 else { return nil }
    let date = UTCText.day(year: year, month: month, day: day)
    guard UTCText.date(ofDay: date) == (year, month, day) else { return nil }
    let seconds = date * 86_400 + hour * 3_600 + minute * 60 + second - offset * 60
    self.init(seconds * 1_000 + fraction)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let timestamp = Timestamp(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "`\(text)` is no RFC 3339 time, such as 2026-03-01T09:30:00Z")
    }
    self = timestamp
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// Takes a timestamp's text apart.
private struct TimestampScan {
  private var rest: ArraySlice<UInt8>

  init(_ text: String) { rest = Array(text.uppercased().utf8)[...] }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func take(_ character: Character) -> Bool {
    guard rest.first == character.asciiValue else { return false }
    rest.removeFirst()
    return true
  }

  /// Exactly so many digits.
  mutating func number(_ width: Int) -> Int64? {
    let digits = rest.prefix(width)
    guard digits.count == width, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
    rest.removeFirst(width)
    return digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
  }

  /// Milliseconds; 0 where there is no fraction, nil for a point without digits.
  mutating func fraction() -> Int64? {
    guard take(".") else { return 0 }
    let digits = rest.prefix { (48...57).contains($0) }
    guard !digits.isEmpty else { return nil }
    rest.removeFirst(digits.count)
    return (Array(digits) + [48, 48]).prefix(3).reduce(0) { $0 * 10 + Int64($1 - 48) }
  }

  /// Minutes east of UTC.
  mutating func offset() -> Int64? {
    if take("Z") { return 0 }
    let isEast = take("+")
    guard isEast || take("-"), let hours = number(2), take(":"), let minutes = number(2), hours < 24, minutes < 60
    else { return nil }
    return (isEast ? 1 : -1) * (hours * 60 + minutes)
  }
}
