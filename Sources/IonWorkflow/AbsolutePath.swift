internal import IonJSON

/// An absolute path, `/`-separated, without `.`, `..`, empty or trailing components. Compared byte by byte; symbolic
/// links are not looked at.
public struct AbsolutePath: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The path's text, `/` for the root.
  public let text: String

  /// Reads a path that starts with `/`; nil for any other text, and for one with a NUL.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.first == UInt8(ascii: "/"), !text.utf8.contains(0) else { return nil }
    self.init(components: Self.components(of: String(text)))
  }

  /// A text that is an absolute path already, in its shortest form.
  private init(plain text: String) { self.text = text }

  private init(components: [Substring]) { text = "/" + components.joined(separator: "/") }

  /// Whether a relative text has no component that is empty or made of dots, so that it can be appended as it is.
  private static func isPlain(_ relative: some StringProtocol) -> Bool {
    var length = 0
    var hasOnlyDots = true
    for byte in relative.utf8 {
      if byte == UInt8(ascii: "/") {
        if hasOnlyDots { return false }
        (length, hasOnlyDots) = (0, true)
      } else {
        length += 1
        hasOnlyDots = hasOnlyDots && byte == UInt8(ascii: ".")
      }
    }
    return length > 0 && !hasOnlyDots
  }

  private static func components(of text: String) -> [Substring] {
    var kept: [Substring] = []
    // By scalars: a slash with a combining mark behind it is one character, and still a slash.
    for part in text.unicodeScalars.split(separator: "/").map(Substring.init) where part != "." {
      if part == ".." { _ = kept.popLast() } else { kept.append(part) }
    }
    return kept
  }

  /// The path that a text means as seen from here: relative texts are joined, absolute ones stand for themselves.
  public func appending(_ relative: some StringProtocol) -> AbsolutePath {
    if relative.utf8.first == UInt8(ascii: "/") {
      if Self.isPlain(relative.dropFirst()) { return AbsolutePath(plain: String(relative)) }
      return AbsolutePath(components: Self.components(of: String(relative)))
    }
    if Self.isPlain(relative) { return AbsolutePath(plain: text == "/" ? "/" + relative : text + "/" + relative) }
    return AbsolutePath(components: Self.components(of: text + "/" + relative))
  }

  /// The folder that holds this one; the root holds itself.
  public var parent: AbsolutePath {
    let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) ?? text.startIndex
    return AbsolutePath(plain: slash == text.startIndex ? "/" : String(text[..<slash]))
  }

  /// The last component, empty for the root.
  public var name: String { Self.components(of: text).last.map(String.init) ?? "" }

  /// The last component's ending behind its last dot, without the dot; empty where there is none.
  public var fileExtension: String {
    let scalars = name.unicodeScalars
    guard let dot = scalars.lastIndex(of: "."), dot != scalars.startIndex else { return "" }
    return String(scalars[scalars.index(after: dot)...])
  }

  /// Whether this is the other path, or something below it.
  public func isWithin(_ other: AbsolutePath) -> Bool {
    other.text == "/" || text == other.text || text.utf8.starts(with: (other.text + "/").utf8)
  }

  /// What is left of this path below another one (`a/b`), empty for the same path, nil where it isn't below it.
  public func relative(to base: AbsolutePath) -> String? {
    guard isWithin(base) else { return nil }
    let rest = text.utf8.dropFirst(base.text == "/" ? 1 : base.text.utf8.count + 1)
    return String(rest) ?? ""
  }

  public var description: String { text }

  public static func == (left: AbsolutePath, right: AbsolutePath) -> Bool { left.text.hasSameBytes(as: right.text) }
  public static func < (left: AbsolutePath, right: AbsolutePath) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
  public func hash(into hasher: inout Hasher) { text.hashBytes(into: &hasher) }
}

extension AbsolutePath: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let path = AbsolutePath(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an absolute path")
    }
    self = path
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
