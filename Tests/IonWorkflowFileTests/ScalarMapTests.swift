import IonWorkflow
import Testing

@testable import IonWorkflowFile

/// Places in a scalar's value lead back to where they were written.
@Suite struct ScalarMapTests {
  /// A source whose only value is the scalar of its key `k`.
  func scalar(_ text: String) throws -> (scalar: YAMLScalar, source: SourceText) {
    let reading = YAMLText.read(Array(text.utf8), limits: .standard)
    let scalar = try #require(reading.root?.mapping?.first?.value.scalar, "\(reading.findings)")
    return (scalar, reading.source)
  }

  func text(_ range: Range<Int>, _ source: SourceText) -> String {
    String(decoding: source.bytes[range], as: UTF8.self)
  }

  static let sources = [
    "k: one two-three", "k: one\n  two\n\n  three é four", "k: 'it''s ''one'' two'", "k: 'one\n\n\n  two  three '",
    #"k: "one\ttwo\n\"three\" \u00e9 four""#, "k: \"one  \\\n   two\n  three\n\n  four\"",
    "k: |\n  one\n   two\n\n  three\n",
    "k: |-\n    one\n    two\n\n\n", "k: |+\n  one\n\n\nj: x", "k: >\n  one\n  two\n\n  three\n   four\n  five\n",
    "k: >-\n\n  one\n\n\n  two\n", "k: |2\n    one\n  two\n", "k: >1-\n  one\n two\n", "k: |  # comment\n  one # two\n",
    "k: one\r\n  two\r\n", "k: |\r\n  one\r\n  two\r\n", "k: \"one\u{2028}two\u{85} three\"", "k: é🎈 one",
    "k: &anchor 'one'",
    "k: !!str one", "k: &a\n  # comment\n  |\n  one\n", "k: >\n  one\u{2028}\n  two\n",
  ]

  @Test(arguments: sources)
  func wordsAreFoundWhereTheyAreWritten(_ yaml: String) throws {
    let (scalar, source) = try scalar(yaml)
    let map = ScalarMap(scalar, in: source)
    let bytes = Array(scalar.text.utf8)
    var next = 0
    var words = 0
    while next < bytes.count {
      let word = bytes[next...].prefix { $0.isASCIILetter || $0 >= 0xE3 || $0 == 0xC3 || $0 == 0xA9 }
      if !word.isEmpty, word.allSatisfy(\.isASCIILetter) {
        #expect(text(map.place(word.indices), source) == String(decoding: word, as: UTF8.self))
        words += 1
      }
      next += max(1, word.count)
    }
    #expect(words > 0)
  }

  @Test func escapesAndFoldsAreWholePlaces() throws {
    let (scalar, source) = try scalar(#"k: "a\u00e9\tb""#)
    let map = ScalarMap(scalar, in: source)
    #expect(text(map.place(1..<3), source) == #"\u00e9"#)
    #expect(text(map.place(3..<4), source) == #"\t"#)
    let (folded, foldedSource) = try self.scalar("k: a\n  b")
    #expect(text(ScalarMap(folded, in: foldedSource).place(1..<2), foldedSource) == "\n")
  }

  @Test func theEndOfAValueIsTheEndOfItsText() throws {
    for (yaml, end) in [("k: ab", 5), ("k: 'ab'", 6), ("k: ''", 4), ("k: |\n  ab\n", 9)] {
      let (scalar, source) = try scalar(yaml)
      let count = scalar.text.utf8.count
      #expect(ScalarMap(scalar, in: source).place(count..<count) == end..<end, "\(yaml)")
    }
  }

  @Test func whatCannotBeMappedIsTheWholeScalar() throws {
    let (scalar, source) = try scalar("k: 'ab'")
    var other = scalar
    other.text = "something else"
    #expect(ScalarMap(other, in: source).place(0..<1) == 3..<7)
    #expect(ScalarMap(scalar, in: source).place(0..<9) == 3..<7)
  }

  /// Random texts in every style: the value that is built again from the source is the one that the parser read.
  @Test(arguments: 0..<20)
  func everyValueIsBuiltAgain(_ seed: Int) throws {
    var numbers = SeededNumbers(seed: UInt64(seed + 1000))
    let pieces = [
      "a", "b c", " ", "\n", "\n\n", "  ", "é", "🎈", "''", "\\n", "\\x41", "\\\n ", "#", "-", ":", "\t", "\u{2028}",
    ]
    var checked = 0
    for _ in 0..<200 {
      var body = ""
      for _ in 0..<Int.random(in: 1...12, using: &numbers) { body += pieces.randomElement(using: &numbers) ?? "" }
      let indented = body.replacing("\n", with: "\n  ")
      let yaml =
        [
          "k: x\(indented)", "k: '\(indented)'", "k: \"\(indented)\"", "k: |\n  \(indented)\n",
          "k: >-\n  \(indented)\n",
          "k: |+\n  \(indented)\nj: 1\n", "k: >2\n  \(indented)\n",
        ].randomElement(using: &numbers) ?? ""
      let reading = YAMLText.read(Array(yaml.utf8), limits: .standard)
      guard let scalar = reading.root?.mapping?.first?.value.scalar else { continue }
      checked += 1
      let map = ScalarMap(scalar, in: reading.source)
      #expect(map.isExact, "\(yaml.debugDescription) is \(scalar.text.debugDescription)")
    }
    #expect(checked > 50)
  }
}
