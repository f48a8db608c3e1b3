/// A path in a repository as git has it: any bytes but NUL, `/`-separated, seen from the top level.
struct RepositoryPath: Hashable, Comparable, Sendable, CustomStringConvertible {
  let bytes: [UInt8]

  init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  init(_ text: String) { self.init(text.utf8) }

  /// For people; what isn't UTF-8 shows as U+FFFD.
  var description: String { String(decoding: bytes, as: UTF8.self) }

  var components: [[UInt8]] {
    bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Array.init)
  }

  /// The folders above it, from the top level down.
  var folders: [RepositoryPath] {
    bytes.indices.filter { bytes[$0] == UInt8(ascii: "/") }.map { RepositoryPath(bytes[..<$0]) }
  }

  /// Why nothing may be written at this path; nil where it is a plain path below the top level, and not git's own.
  var fault: String? {
    for component in components {
      let name = String(decoding: component, as: UTF8.self)
      if component.isEmpty || name == "." || name == ".." { return "the path leaves the checkout" }
      if component.contains(0) { return "the path has a NUL" }
      if name.lowercased() == ".git" { return "the path is git's own" }
    }
    return nil
  }

  /// Whether a link here with this text stays below the top level, as far as texts can tell.
  func staysInside(linkingTo target: [UInt8]) -> Bool {
    guard target.first != UInt8(ascii: "/"), !target.isEmpty else { return false }
    var depth = components.count - 1
    for part in target.split(separator: UInt8(ascii: "/")) {
      switch String(decoding: part, as: UTF8.self) {
      case ".": continue
      case "..": depth -= 1
      case let name where name.lowercased() == ".git": return false
      default: depth += 1
      }
      if depth < 0 { return false }
    }
    return true
  }

  static func < (left: RepositoryPath, right: RepositoryPath) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

/// What git keeps at a path: what kind of thing, and the hash of its content.
struct TreeEntry: Hashable, Sendable {
  /// Git's own words for kinds of files.
  enum Kind: UInt32, Sendable {
    case file = 0o100644
    case program = 0o100755
    case link = 0o120000
    /// The commit of another repository.
    case repository = 0o160000

    var isFile: Bool { self == .file || self == .program }
  }

  var kind: Kind
  var hash: String

  /// Nil for a mode that stands for nothing.
  init?(mode: Substring, hash: Substring) {
    guard let number = UInt32(mode, radix: 8), let kind = Kind(rawValue: number) else { return nil }
    self.kind = kind
    self.hash = String(hash)
  }

  init(_ kind: Kind, _ hash: String) {
    self.kind = kind
    self.hash = hash
  }

  /// Reads what `text` says; nil for anything else.
  init?(text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2 else { return nil }
    self.init(mode: words[0], hash: words[1])
  }

  /// As it is written down.
  var text: String { "\(String(kind.rawValue, radix: 8)) \(hash)" }
}
