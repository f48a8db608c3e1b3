internal import IonJSON

/// An id that is text on the wire and on disk, and a type of its own in code. Compared byte by byte.
public protocol TextIdentifier: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible,
  ExpressibleByStringLiteral
where RawValue == String {
  init(rawValue: String)
}

extension TextIdentifier {
  public init(_ text: some StringProtocol) { self.init(rawValue: String(text)) }
  public init(stringLiteral value: String) { self.init(rawValue: value) }
  public var description: String { rawValue }
  public static func == (left: Self, right: Self) -> Bool { left.rawValue.hasSameBytes(as: right.rawValue) }
  public func hash(into hasher: inout Hasher) { rawValue.hashBytes(into: &hasher) }
  public static func < (left: Self, right: Self) -> Bool {
    left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
  }
}

/// A node of a workflow, or one instance of it (`build`, `build[linux]`, `review#3/test`).
public struct NodeID: TextIdentifier {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }

  /// Whether a text is an id that a workflow file may give a node: `[A-Za-z_][A-Za-z0-9_-]*`, but none of
  /// the words that start other references.
  public static func isValid(_ text: some StringProtocol) -> Bool {
    guard let first = text.utf8.first, first == UInt8(ascii: "_") || first.isASCIILetter else { return false }
    return text.utf8.allSatisfy {
      $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
    }
      && !reserved.contains(String(text))
  }

  private static let reserved: Set<String> = ["INPUTS", "MATRIX", "LOOP_PREV"]
}

/// One run of a workflow; globally unique, opaque.
public struct RunID: TextIdentifier {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }
}

/// One codebase, that is one workspace with a store of its own.
public struct CodebaseID: TextIdentifier {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }

  /// Whether a text may be a codebase id, and so a folder's name: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`.
  public static func isValid(_ text: some StringProtocol) -> Bool {
    guard let first = text.utf8.first, first.isASCIILetter || first.isASCIIDigit, text.utf8.count <= 64 else {
      return false
    }
    return text.utf8.allSatisfy {
      $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_")
        || $0 == UInt8(ascii: "-")
    }
  }
}

extension UInt8 {
  package var isASCIILetter: Bool { (65...90).contains(self) || (97...122).contains(self) }
  package var isASCIIDigit: Bool { (48...57).contains(self) }
}
