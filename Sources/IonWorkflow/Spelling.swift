/// Finds what somebody may have meant by a word that nothing has.
public enum Spelling {
  /// The words nearest to one, nearest first: at most three, each at most two edits away, or 30 % of the word's length
  /// where that is more. An edit adds, drops or changes a character or swaps two neighbours; letters' case costs nothing.
  public static func nearest(to word: String, among candidates: some Sequence<String>) -> [String] {
    let wanted = Array(word.lowercased().unicodeScalars)
    guard wanted.count <= 100 else { return [] }
    let limit = max(2, wanted.count * 3 / 10)
    var found: [(distance: Int, word: String)] = []
    for candidate in candidates {
      let letters = Array(candidate.lowercased().unicodeScalars)
      guard abs(letters.count - wanted.count) <= limit else { continue }
      let distance = distance(wanted, letters)
      // A short word is near to every other short word: more than half of it must stay.
      if distance <= limit, distance * 2 < max(wanted.count, letters.count) { found.append((distance, candidate)) }
    }
    found.sort { ($0.distance, $0.word) < ($1.distance, $1.word) }
    return found.prefix(3).map(\.word)
  }

  /// `did you mean `a`, `b` or `c`?`, or nil where nothing is near.
  public static func hint(for word: String, among candidates: some Sequence<String>) -> String? {
    alternatives(nearest(to: word, among: candidates)).map { "did you mean \($0)?" }
  }

  /// `` `a`, `b` or `c` ``, or nil where there are none.
  public static func alternatives(_ words: [String]) -> String? {
    let quoted = words.map { "`\($0)`" }
    guard let last = quoted.last else { return nil }
    return quoted.count == 1 ? last : quoted.dropLast().joined(separator: ", ") + " or " + last
  }

  /// The edits between two words, a swap of neighbours counting as one.
  static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var before: [Int] = []
    var row = Array(0...right.count)
    for (i, letter) in left.enumerated() {
      var next = [i + 1]
      for (j, other) in right.enumerated() {
        var best = min(row[j + 1] + 1, next[j] + 1, row[j] + (letter == other ? 0 : 1))
        if i > 0, j > 0, letter == right[j - 1], left[i - 1] == other { best = min(best, before[j - 1] + 1) }
        next.append(best)
      }
      (before, row) = (row, next)
    }
    return row[right.count]
  }
}

extension ReferenceScanner {
  /// A warning where a `$` starts something that looks like a reference misspelled: `$plan.ouput`, `$plan.Status`.
  static func nearMiss(_ bytes: [UInt8], at dollar: Int) -> TextFault? {
    guard let id = name(bytes, at: dollar + 1, hyphens: true), id.upperBound < bytes.count,
      bytes[id.upperBound] == UInt8(ascii: "."), let word = name(bytes, at: id.upperBound + 1), word.count <= 8
    else { return nil }
    let written = String(decoding: bytes[word], as: UTF8.self)
    let letters = Array(written.lowercased().unicodeScalars)
    for meant in ["output", "status"] where Spelling.distance(letters, Array(meant.unicodeScalars)) <= 1 {
      let text = String(decoding: bytes[dollar..<word.upperBound], as: UTF8.self)
      return TextFault(
        .warning, code: "looksLikeReference", message: "`\(text)` is no reference and stays as it is",
        range: dollar..<word.upperBound,
        hint: "did you mean `$\(String(decoding: bytes[id], as: UTF8.self)).\(meant)`?")
    }
    return nil
  }
}
