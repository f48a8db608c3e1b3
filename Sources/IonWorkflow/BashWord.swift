/// A word of a command as far as the lexer knows it.
struct BashWord {
  /// The text without its quotes. What only bash can know is one byte: `reference` or `expansion`.
  private(set) var skeleton: [UInt8] = []
  /// The references that are part of the word's value: where they stand in the skeleton, and their index among the
  /// occurrences. Those inside `$(…)` are not: their value passes through a command first.
  private(set) var marks: [(offset: Int, occurrence: Int)] = []
  /// The occurrences in the list of an array assignment (`x=($a.output …)`), which are words of their own.
  var elements: [Int] = []
  var isQuoted = false
  /// Whether the word is an assignment of a list.
  var isCompound = false
  /// Where the value starts in the skeleton of a word that bash reads as an assignment; nil for any other.
  var valueOffset: Int?

  /// Stands for a reference; no byte of UTF-8 text is the same.
  static let reference: UInt8 = 0xFF
  /// Stands for any other expansion.
  static let expansion: UInt8 = 0xFE

  mutating func append(_ byte: UInt8) { skeleton.append(byte) }

  mutating func appendReference(_ occurrence: Int) {
    marks.append((skeleton.count, occurrence))
    skeleton.append(Self.reference)
  }

  mutating func appendExpansion() { skeleton.append(Self.expansion) }

  /// How much of the word there is.
  struct Length {
    fileprivate let skeleton, marks, elements: Int
  }

  var length: Length { Length(skeleton: skeleton.count, marks: marks.count, elements: elements.count) }

  /// Takes off what was added since.
  mutating func cut(to length: Length) {
    skeleton.removeSubrange(length.skeleton...)
    marks.removeSubrange(length.marks...)
    elements.removeSubrange(length.elements...)
  }

  /// The text where nothing in it has to be expanded.
  var literal: String? {
    guard !skeleton.contains(where: { $0 >= Self.expansion }) else { return nil }
    return String(decoding: skeleton, as: UTF8.self)
  }

  /// The text where it may be a reserved word: nothing expanded, nothing quoted.
  var keyword: String? { isQuoted ? nil : literal }

  /// The text behind the last slash, where nothing is expanded: the name of the program.
  var programName: String? {
    literal.map { String(decoding: $0.utf8.split(separator: UInt8(ascii: "/")).last ?? [], as: UTF8.self) }
  }

  var isOption: Bool { skeleton.count > 1 && skeleton[0] == UInt8(ascii: "-") }

  /// The name in front of `=`, `+=` or a subscript, and the offset behind the `=`, where the word is an assignment once
  /// its quotes are off, as it is for `declare`.
  var assignment: (name: String, value: Int)? {
    if let valueOffset { return (leadingName, valueOffset) }
    let name = skeleton.prefix(while: \.isNamePart)
    guard let first = name.first, !first.isASCIIDigit, let equals = skeleton.firstIndex(of: UInt8(ascii: "=")) else {
      return nil
    }
    var between = skeleton[name.endIndex..<equals]
    if between.last == UInt8(ascii: "+") { between.removeLast() }
    guard between.isEmpty || (between.first == UInt8(ascii: "[") && between.last == UInt8(ascii: "]")) else {
      return nil
    }
    return (leadingName, equals + 1)
  }

  /// The name that the word starts with, whatever follows.
  var leadingName: String { String(decoding: skeleton.prefix(while: \.isNamePart), as: UTF8.self) }

  /// The references in front of an offset, by whether they stand inside a subscript.
  func references(upTo end: Int) -> (subscripts: [Int], others: [Int]) {
    var found: (subscripts: [Int], others: [Int]) = ([], [])
    var isSubscript = false
    var next = marks.startIndex
    for (offset, byte) in skeleton.prefix(end).enumerated() {
      switch byte {
      case UInt8(ascii: "["): isSubscript = true
      case UInt8(ascii: "]"): isSubscript = false
      default:
        guard next < marks.endIndex, marks[next].offset == offset else { break }
        if isSubscript {
          found.subscripts.append(marks[next].occurrence)
        } else {
          found.others.append(marks[next].occurrence)
        }
        next += 1
      }
    }
    return found
  }

  /// The references from an offset on.
  func references(from start: Int) -> [Int] { marks.filter { $0.offset >= start }.map(\.occurrence) }

  /// Every reference.
  var references: [Int] { marks.map(\.occurrence) }
}

/// A simple command as far as it is read.
struct BashCommand {
  /// Its words, without assignments in front and redirections.
  var words: [BashWord] = []
  /// The references in its here-strings.
  var inputMarks: [Int] = []
  /// Whether something stands in front of the words, so that no reserved word may follow.
  var hasPrefix = false

  var name: String? { words.first?.keyword }
}
