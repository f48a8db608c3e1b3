/// Two texts' differences as people read them: a unified diff.
enum UnifiedDiff {
  /// Lines of context around a change.
  private static let context = 3
  /// What is compared line by line; of more, all of it counts as changed. The work is the product of both lengths.
  private static let mostComparisons = 4_000_000

  private enum Edit {
    case same
    case removed
    case added
  }

  private struct Line {
    var edit: Edit
    var text: Substring
  }

  /// The diff of a file's text; a nil `old` stands for a file that isn't there yet. Empty where nothing differs.
  static func text(_ path: String, from old: String?, to new: String) -> String {
    let lines = compare(split(old ?? ""), split(new))
    let hunks = hunks(in: lines)
    guard !hunks.isEmpty else { return "" }
    let name = path.utf8.first == UInt8(ascii: "/") ? path : "/" + path
    return "--- \(old == nil ? "/dev/null" : "a" + name)\n+++ b\(name)\n" + hunks.map { show(lines, $0) }.joined()
  }

  /// A text's lines, each with its newline. By scalars: a newline with a mark behind it still is one.
  private static func split(_ text: String) -> [Substring] {
    var lines: [Substring] = []
    var start = text.startIndex
    while start < text.endIndex {
      let end = text.utf8[start...].firstIndex(of: UInt8(ascii: "\n")).map(text.utf8.index(after:)) ?? text.endIndex
      lines.append(text[start..<end])
      start = end
    }
    return lines
  }

  private static func compare(_ old: [Substring], _ new: [Substring]) -> [Line] {
    var start = 0
    while start < min(old.count, new.count), isEqual(old[start], new[start]) { start += 1 }
    var end = 0
    while end < min(old.count, new.count) - start, isEqual(old[old.count - 1 - end], new[new.count - 1 - end]) {
      end += 1
    }
    let middle = compareMiddle(Array(old[start..<old.count - end]), Array(new[start..<new.count - end]))
    return old[..<start].map { Line(edit: .same, text: $0) } + middle
      + old[(old.count - end)...].map { Line(edit: .same, text: $0) }
  }

  /// The longest common subsequence, by its table.
  private static func compareMiddle(_ old: [Substring], _ new: [Substring]) -> [Line] {
    guard !old.isEmpty, !new.isEmpty, old.count <= mostComparisons / new.count else {
      return old.map { Line(edit: .removed, text: $0) } + new.map { Line(edit: .added, text: $0) }
    }
    let width = new.count + 1
    var table = [Int32](repeating: 0, count: (old.count + 1) * width)
    for i in old.indices.reversed() {
      for j in new.indices.reversed() {
        table[i * width + j] =
          isEqual(old[i], new[j])
          ? table[(i + 1) * width + j + 1] + 1 : max(table[(i + 1) * width + j], table[i * width + j + 1])
      }
    }
    var lines: [Line] = []
    var (i, j) = (0, 0)
    while i < old.count || j < new.count {
      if i < old.count, j < new.count, isEqual(old[i], new[j]) {
        lines.append(Line(edit: .same, text: old[i]))
        (i, j) = (i + 1, j + 1)
      } else if j == new.count || (i < old.count && table[(i + 1) * width + j] >= table[i * width + j + 1]) {
        lines.append(Line(edit: .removed, text: old[i]))
        i += 1
      } else {
        lines.append(Line(edit: .added, text: new[j]))
        j += 1
      }
    }
    return lines
  }

  private static func isEqual(_ left: Substring, _ right: Substring) -> Bool { left.utf8.elementsEqual(right.utf8) }

  /// The stretches of changes with their context, apart from each other.
  private static func hunks(in lines: [Line]) -> [Range<Int>] {
    var hunks: [Range<Int>] = []
    for (index, line) in lines.enumerated() where line.edit != .same {
      let range = max(0, index - context)..<min(lines.count, index + context + 1)
      if let last = hunks.last, range.lowerBound <= last.upperBound {
        hunks[hunks.count - 1] = last.lowerBound..<range.upperBound
      } else {
        hunks.append(range)
      }
    }
    return hunks
  }

  private static func show(_ lines: [Line], _ hunk: Range<Int>) -> String {
    let before = lines[..<hunk.lowerBound]
    let text = lines[hunk].map { line in
      let sign =
        switch line.edit {
        case .same: " "
        case .removed: "-"
        case .added: "+"
        }
      let isWhole = line.text.utf8.last == UInt8(ascii: "\n")
      return sign + line.text + (isWhole ? "" : "\n\\ No newline at end of file\n")
    }
    let old = place(before, lines[hunk], without: .added)
    let new = place(before, lines[hunk], without: .removed)
    return "@@ -\(old) +\(new) @@\n" + text.joined()
  }

  private static func place(_ before: ArraySlice<Line>, _ inside: ArraySlice<Line>, without edit: Edit) -> String {
    let start = before.count { $0.edit != edit }
    let count = inside.count { $0.edit != edit }
    return "\(count == 0 ? start : start + 1),\(count)"
  }
}
