/// A pattern as a tree.
indirect enum PatternNode: Hashable, Sendable {
  case set(ScalarSet)
  /// One after the other; none is the empty text.
  case sequence([PatternNode])
  case alternatives([PatternNode])
  /// `maximum` nil has no bound.
  case repetition(PatternNode, minimum: Int, maximum: Int?)
  case place(PatternPlace)
  /// A text that must, or must not, stand before or behind the place.
  case look(PatternNode, isBehind: Bool, isNegated: Bool)
}

/// A place between code points that a pattern asks for.
enum PatternPlace: Hashable, Sendable { case start, end, wordBoundary, insideWord }

/// Why a text is no pattern that Ion takes.
struct PatternFailure: Error, Hashable, Sendable {
  /// In code points from the start.
  var offset: Int
  /// Half a sentence.
  var reason: String
}

/// Reads a pattern (see `TextPattern` for the dialect).
struct PatternParser {
  private static let deepest = 200
  private static let mostRepetitions = 100_000

  private let scalars: [UInt32]
  private var next = 0
  private var depth = 0

  init(_ text: String) { scalars = text.unicodeScalars.map(\.value) }

  mutating func parse() throws(PatternFailure) -> PatternNode {
    let node = try alternatives()
    guard next == scalars.count else { throw failure("has a `)` that nothing opened") }
    return node
  }

  private var current: Character? { character(at: next) }

  private func character(at index: Int) -> Character? {
    guard index < scalars.count, let scalar = Unicode.Scalar(scalars[index]) else { return nil }
    return Character(scalar)
  }

  private mutating func skip(_ text: String) -> Bool {
    let wanted = text.unicodeScalars.map(\.value)
    guard scalars[next...].starts(with: wanted) else { return false }
    next += wanted.count
    return true
  }

  private func failure(_ reason: String, at offset: Int? = nil) -> PatternFailure {
    PatternFailure(offset: offset ?? next, reason: reason)
  }

  // MARK: Structure

  private mutating func alternatives() throws(PatternFailure) -> PatternNode {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else { throw failure("is nested deeper than \(Self.deepest) groups") }
    var branches = [try sequence()]
    while skip("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .alternatives(branches)
  }

  private mutating func sequence() throws(PatternFailure) -> PatternNode {
    var parts: [PatternNode] = []
    while let character = current, character != "|", character != ")" { parts.append(try quantified()) }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func quantified() throws(PatternFailure) -> PatternNode {
    let atom = try self.atom()
    guard let (minimum, maximum) = try quantifier() else { return atom }
    switch atom {
    case .place, .look: throw failure("repeats something that takes no text")
    case .set, .sequence, .alternatives, .repetition: break
    }
    // Whether a repetition is greedy makes no difference to whether there is a match.
    _ = skip("?")
    if let character = current, "*+?".contains(character) { throw failure("has two repetitions in a row") }
    return .repetition(atom, minimum: minimum, maximum: maximum)
  }

  private mutating func quantifier() throws(PatternFailure) -> (Int, Int?)? {
    if skip("*") { return (0, nil) }
    if skip("+") { return (1, nil) }
    if skip("?") { return (0, 1) }
    let start = next
    guard skip("{"), let minimum = try count() else {
      next = start
      return nil
    }
    var maximum: Int? = minimum
    if skip(",") { maximum = try count() }
    guard skip("}") else {
      next = start
      return nil
    }
    if let maximum, maximum < minimum {
      throw failure("has a repetition whose bounds are the wrong way round", at: start)
    }
    return (minimum, maximum)
  }

  private mutating func count() throws(PatternFailure) -> Int? {
    let start = next
    var count = 0
    while next < scalars.count, ScalarSet.digits.contains(scalars[next]) {
      count = count * 10 + Int(scalars[next] - 0x30)
      guard count <= Self.mostRepetitions else { throw failure("repeats something too often", at: start) }
      next += 1
    }
    return next > start ? count : nil
  }

  private mutating func atom() throws(PatternFailure) -> PatternNode {
    let start = next
    guard let character = current else { throw failure("ends too early") }
    next += 1
    switch character {
    case "(": return try group(from: start)
    case "[": return .set(try characterClass(from: start))
    case ".": return .set(ScalarSet.lineEnds.negated)
    case "^": return .place(.start)
    case "$": return .place(.end)
    case "*", "+", "?": throw failure("repeats nothing", at: start)
    case "\\":
      if skip("b") { return .place(.wordBoundary) }
      if skip("B") { return .place(.insideWord) }
      return .set(try escape(from: start))
    default:
      if character == "{" {
        next = start
        guard try quantifier() == nil else { throw failure("repeats nothing", at: start) }
        next = start + 1
      }
      return .set(ScalarSet(scalars[start]))
    }
  }

  private mutating func group(from start: Int) throws(PatternFailure) -> PatternNode {
    var look: (isBehind: Bool, isNegated: Bool)?
    if skip("?") {
      if skip("=") {
        look = (false, false)
      } else if skip("!") {
        look = (false, true)
      } else if skip("<=") {
        look = (true, false)
      } else if skip("<!") {
        look = (true, true)
      } else if skip("<") {
        try skipName(from: start)
      } else if !skip(":") {
        throw failure("has a kind of group that Ion doesn't know", at: start)
      }
    }
    let body = try alternatives()
    guard skip(")") else { throw failure("has a `(` that nothing closes", at: start) }
    if let look { return .look(body, isBehind: look.isBehind, isNegated: look.isNegated) }
    // A group is one atom, whatever is in it.
    if case .place = body { return .sequence([body]) }
    if case .look = body { return .sequence([body]) }
    return body
  }

  private mutating func skipName(from start: Int) throws(PatternFailure) {
    let first = next
    while next < scalars.count, ScalarSet.word.contains(scalars[next]) || scalars[next] > 0x7F { next += 1 }
    guard next > first, skip(">") else { throw failure("has a group without a proper name", at: start) }
  }

  // MARK: Sets

  private mutating func characterClass(from start: Int) throws(PatternFailure) -> ScalarSet {
    let isNegated = skip("^")
    var set = ScalarSet()
    while !skip("]") {
      guard next < scalars.count else { throw failure("has a `[` that nothing closes", at: start) }
      let place = next
      let lower = try classAtom()
      guard next + 1 < scalars.count, current == "-", character(at: next + 1) != "]" else {
        set.formUnion(lower)
        continue
      }
      next += 1
      let upper = try classAtom()
      guard let from = lower.onlyScalar, let to = upper.onlyScalar else {
        throw failure("has a range between things that are no characters", at: place)
      }
      guard from <= to else { throw failure("has a range whose bounds are the wrong way round", at: place) }
      set.ranges.append(from...to)
    }
    set.isNegated = isNegated
    return set
  }

  private mutating func classAtom() throws(PatternFailure) -> ScalarSet {
    let start = next
    guard next < scalars.count else { throw failure("has a `[` that nothing closes") }
    next += 1
    guard scalars[start] == 0x5C else { return ScalarSet(scalars[start]) }
    if skip("b") { return ScalarSet(0x08) }
    return try escape(from: start)
  }

  /// What stands behind a backslash, which has been read.
  private mutating func escape(from start: Int) throws(PatternFailure) -> ScalarSet {
    guard let character = current else { throw failure("ends with a backslash", at: start) }
    next += 1
    switch character {
    case "d": return .digits
    case "D": return ScalarSet.digits.negated
    case "w": return .word
    case "W": return ScalarSet.word.negated
    case "s": return .blanks
    case "S": return ScalarSet.blanks.negated
    case "t": return ScalarSet(0x09)
    case "n": return ScalarSet(0x0A)
    case "v": return ScalarSet(0x0B)
    case "f": return ScalarSet(0x0C)
    case "r": return ScalarSet(0x0D)
    case "0" where current.map { !$0.isNumber } ?? true: return ScalarSet(0)
    case "p", "P": return try category(isNegated: character == "P", from: start)
    case "x": return ScalarSet(try hexadecimal(digits: 2, from: start))
    case "u": return ScalarSet(try codePoint(from: start))
    case "c":
      guard let letter = current, letter.isASCII, letter.isLetter else {
        throw failure("has an escape that is none", at: start)
      }
      next += 1
      return ScalarSet(scalars[next - 1] & 0x1F)
    case "k": throw failure("refers back to a group, which Ion's patterns can't", at: start)
    case _ where character.isASCII && character.isNumber:
      throw failure("refers back to a group, which Ion's patterns can't", at: start)
    case _ where character.isASCII && !character.isLetter: return ScalarSet(scalars[next - 1])
    default: throw failure("has the escape `\\\(character)`, which is none", at: start)
    }
  }

  private mutating func category(isNegated: Bool, from start: Int) throws(PatternFailure) -> ScalarSet {
    guard skip("{"), let end = scalars[next...].firstIndex(of: 0x7D) else {
      throw failure("has a `\\p` without `{…}`", at: start)
    }
    var name = String(String.UnicodeScalarView(scalars[next..<end].compactMap(Unicode.Scalar.init)))
    next = end + 1
    for prefix in ["General_Category=", "gc="] where name.hasPrefix(prefix) { name.removeFirst(prefix.count) }
    guard let set = ScalarSet(category: name) else {
      throw failure("names the property `\(name.prefix(40))`; general categories alone are known", at: start)
    }
    return isNegated ? set.negated : set
  }

  private mutating func hexadecimal(digits: Int, from start: Int) throws(PatternFailure) -> UInt32 {
    let end = min(next + digits, scalars.count)
    let text = String(String.UnicodeScalarView(scalars[next..<end].compactMap(Unicode.Scalar.init)))
    guard text.utf8.count == digits, text.allSatisfy(\.isHexDigit), let value = UInt32(text, radix: 16) else {
      throw failure("has an escape that is none", at: start)
    }
    next = end
    return value
  }

  private mutating func codePoint(from start: Int) throws(PatternFailure) -> UInt32 {
    if skip("{") {
      guard let end = scalars[next...].firstIndex(of: 0x7D), (1...8).contains(end - next) else {
        throw failure("has an escape that is none", at: start)
      }
      let value = try hexadecimal(digits: end - next, from: start)
      next += 1
      guard value <= 0x10FFFF else { throw failure("names a character that there isn't", at: start) }
      return value
    }
    let high = try hexadecimal(digits: 4, from: start)
    guard (0xD800...0xDBFF).contains(high), skip("\\u") else { return high }
    let low = try hexadecimal(digits: 4, from: start)
    guard (0xDC00...0xDFFF).contains(low) else { throw failure("has half a surrogate pair", at: start) }
    return 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
  }
}

extension ScalarSet {
  /// The code point where the set is one character.
  fileprivate var onlyScalar: UInt32? {
    guard !isNegated, categories.isEmpty, ranges.count == 1, ranges[0].count == 1 else { return nil }
    return ranges[0].lowerBound
  }
}
