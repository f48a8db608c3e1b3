public import IonJSON

/// The bounds of a whole number on the wire.
public protocol NumberBounds: Sendable {
  static var range: ClosedRange<Int> { get }
}

/// How many entries a page of a list has.
public enum PageSize: NumberBounds {
  public static let range = 1...1_000
  /// Where a client doesn't say.
  static let usual = 100
}

/// How many bytes of content one answer carries.
public enum ContentSize: NumberBounds {
  public static let range = 1...1_048_576
  /// Where a client doesn't say, and wants to look at something rather than have it.
  static let usual = 65_536
}

/// How many files a list of changes has.
public enum ChangeCount: NumberBounds {
  public static let range = 1...10_000
  /// Where a client doesn't say.
  static let usual = 1_000
}

/// How long a diff may be, in bytes; 0 is none.
public enum DiffSize: NumberBounds {
  public static let range = 0...33_554_432
  /// Where a client doesn't say.
  static let usual = 1_048_576
}

/// A place in a file or in a store's log, from 0.
public enum Place: NumberBounds { public static let range = 0...Int.max }

/// A start of a node; 0 stands for what was taken over from another run.
public enum AttemptNumber: NumberBounds { public static let range = 0...1_000_000 }

/// Milliseconds to wait, at most a week.
public enum WaitingTime: NumberBounds { public static let range = 0...604_800_000 }

/// The `limit` of a list.
public typealias PageLimit = Bounded<PageSize>
/// A number of bytes that an answer may carry.
public typealias ContentLimit = Bounded<ContentSize>
/// An offset, or the number of an event.
public typealias Offset = Bounded<Place>

/// A whole number within bounds; others are refused.
public struct Bounded<Bounds: NumberBounds>: WireScalar, Hashable, ExpressibleByIntegerLiteral {
  public static var schema: JSONObject {
    var schema: JSONObject = ["type": "integer", "minimum": .integer(Int64(Bounds.range.lowerBound))]
    if Bounds.range.upperBound < .max { schema["maximum"] = .integer(Int64(Bounds.range.upperBound)) }
    return schema
  }

  public static var sample: Self { Self(unchecked: Bounds.range.lowerBound) }

  public let value: Int

  private init(unchecked value: Int) { self.value = value }

  /// Nil for a number out of bounds.
  public init?(_ value: Int) {
    guard Bounds.range.contains(value) else { return nil }
    self.init(unchecked: value)
  }

  public init(integerLiteral value: Int) {
    precondition(Bounds.range.contains(value), "a number out of its bounds")
    self.init(unchecked: value)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let value = try container.decode(Int.self)
    guard let bounded = Self(value) else {
      let limits = Bounds.range.upperBound < .max ? "to \(Bounds.range.upperBound)" : "or more"
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "must be \(Bounds.range.lowerBound) \(limits), but is \(value)")
    }
    self = bounded
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}
