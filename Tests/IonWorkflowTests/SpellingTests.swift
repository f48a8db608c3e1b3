import IonWorkflow
import Testing

@Suite struct SpellingTests {
  /// A word, the words that there are, and the hint.
  static let hints: [(String, [String], String?)] = [
    ("depend_on", ["depends_on", "description"], "did you mean `depends_on`?"),
    ("Timeout", ["timeout"], "did you mean `timeout`?"),
    ("bsah", ["bash", "script"], "did you mean `bash`?"),
    ("buld", ["build", "bald", "bold", "bulk"], "did you mean `bald`, `bold` or `build`?"),
    ("test", ["tests", "tent"], "did you mean `tent` or `tests`?"),
    ("trigger_rulez_of_mine", ["trigger_rules_of_mine"], "did you mean `trigger_rules_of_mine`?"),
    ("x", ["y"], nil),
    ("ab", ["cd"], nil),
    ("prompt", ["bash", "exec"], nil),
    ("anything", [], nil),
    ("", ["a"], nil),
  ]

  @Test(arguments: hints) func nearWordIsHinted(word: String, words: [String], hint: String?) {
    #expect(Spelling.hint(for: word, among: words) == hint)
  }

  @Test func nearestComesFirst() {
    #expect(Spelling.nearest(to: "größe", among: ["grösse", "größen", "Größe"]) == ["Größe", "größen", "grösse"])
  }

  @Test func endlessWordHasNoNeighbours() {
    let word = String(repeating: "x", count: 100_000)
    #expect(Spelling.nearest(to: word, among: [word]) == [])
  }
}
