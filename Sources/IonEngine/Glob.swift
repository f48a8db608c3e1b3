/// A pattern for paths: `*` and `?` within one component, `**` over any number of them, `[a-z]` and `[!a-z]`, `{a,b}`.
struct Glob: Sendable {
  private let alternatives: [[[UInt8]]]

  /// Every text is a pattern; brackets and braces that aren't closed stand for themselves.
  init(_ pattern: String) {
    alternatives = Self.expand(Array(pattern.utf8)).map { expanded in
      expanded.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true).map(Array.init)
    }
  }

  /// Whether a relative path (`a/b.txt`) matches as a whole.
  func matches(_ path: String) -> Bool {
    let components = path.utf8.split(separator: UInt8(ascii: "/")).map(Array.init)
    return alternatives.contains { Self.match($0[...], components[...]) }
  }

  /// The components before the first one with a wildcard: where a search may start.
  var fixedPrefix: String {
    guard alternatives.count == 1, let parts = alternatives.first else { return "" }
    let fixed = parts.dropLast().prefix { !$0.contains { "*?[".utf8.contains($0) } }
    return fixed.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
  }

  private static func match(_ pattern: ArraySlice<[UInt8]>, _ path: ArraySlice<[UInt8]>) -> Bool {
    guard let first = pattern.first else { return path.isEmpty }
    if first == Array("**".utf8) {
      return (path.startIndex...path.endIndex).contains { match(pattern.dropFirst(), path[$0...]) }
    }
    guard let component = path.first, matchComponent(first[...], component[...]) else { return false }
    return match(pattern.dropFirst(), path.dropFirst())
  }

  /// One component, with backtracking over the last star only: linear in practice, quadratic at worst.
  private static func matchComponent(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
    var pattern = pattern
    var text = text
    var retry: (pattern: ArraySlice<UInt8>, text: ArraySlice<UInt8>)?
    while true {
      if pattern.first == UInt8(ascii: "*") {
        pattern = pattern.dropFirst()
        retry = (pattern, text)
      } else if let byte = text.first, let rest = step(pattern, byte) {
        pattern = rest
        text = text.dropFirst()
      } else if pattern.isEmpty && text.isEmpty {
        return true
      } else if let last = retry, !last.text.isEmpty {
        retry = (last.pattern, last.text.dropFirst())
        pattern = last.pattern
        text = last.text.dropFirst()
      } else {
        return false
      }
    }
  }

  /// What is left of the pattern when its first element takes a byte; nil where it doesn't.
  private static func step(_ pattern: ArraySlice<UInt8>, _ byte: UInt8) -> ArraySlice<UInt8>? {
    guard let first = pattern.first else { return nil }
    switch first {
    case UInt8(ascii: "?"): return pattern.dropFirst()
    case UInt8(ascii: "["):
      guard let close = pattern.dropFirst(2).firstIndex(of: UInt8(ascii: "]")) else { break }
      let set = pattern[(pattern.startIndex + 1)..<close]
      let isNegated = set.first == UInt8(ascii: "!") || set.first == UInt8(ascii: "^")
      guard contains(isNegated ? set.dropFirst() : set, byte) != isNegated else { return nil }
      return pattern[(close + 1)...]
    default: break
    }
    return first == byte ? pattern.dropFirst() : nil
  }

  private static func contains(_ set: ArraySlice<UInt8>, _ byte: UInt8) -> Bool {
    var index = set.startIndex
    while index < set.endIndex {
      if index + 2 < set.endIndex, set[index + 1] == UInt8(ascii: "-") {
        if set[index] <= byte && byte <= set[index + 2] { return true }
        index += 3
      } else {
        if set[index] == byte { return true }
        index += 1
      }
    }
    return false
  }

  /// Writes out `{a,b}`, innermost last; at most 1,000 alternatives.
  private static func expand(_ pattern: [UInt8]) -> [[UInt8]] {
    guard let open = pattern.firstIndex(of: UInt8(ascii: "{")) else { return [pattern] }
    var depth = 0
    var cuts = [open]
    for index in open..<pattern.count {
      switch pattern[index] {
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: ",") where depth == 1: cuts.append(index)
      default: break
      }
      guard depth == 0 else { continue }
      cuts.append(index)
      let choices = zip(cuts, cuts.dropFirst()).map { pattern[($0 + 1)..<$1] }
      return choices.flatMap { expand(Array(pattern[..<open] + $0 + pattern[(index + 1)...])) }.prefix(1000).map { $0 }
    }
    return [pattern]
  }
}
