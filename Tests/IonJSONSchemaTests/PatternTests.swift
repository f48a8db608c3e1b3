import IonJSON
import IonJSONSchema
import Testing

/// The dialect of patterns: ECMA-262 with the flag `u`, as far as `TextPattern` says.
@Suite struct PatternTests {
  private static let table: [(pattern: String, matches: [String], fails: [String])] = [
    ("", ["", "a"], []),
    ("a", ["a", "bab"], ["", "b", "A"]),
    ("^abc$", ["abc"], ["abc\n", "xabc", "abcx", "ab"]),
    ("^(ab|cd)+$", ["ab", "cdab"], ["", "abc"]),
    ("^(?:a|)$", ["", "a"], ["b"]),
    ("^(?<year>\\d{4})-\\d{2}$", ["2026-11"], ["226-11", "2026-1", "２０２６-11"]),
    ("^a{2}$", ["aa"], ["a", "aaa"]),
    ("^a{2,}$", ["aa", "aaaa"], ["a"]),
    ("^a{1,3}$", ["a", "aaa"], ["", "aaaa"]),
    ("^a{0}$", [""], ["a"]),
    ("^a+?b*?c??$", ["a", "aab", "abc"], ["b", "ac c"]),
    ("^(a*)*$", ["", "aaa"], ["b"]),
    ("^(a|a)*b$", ["aaaab", "b"], ["aaaaa"]),
    ("^a{$", ["a{"], ["a"]),
    ("^a{,2}$", ["a{,2}"], ["aa"]),
    ("^x{1$", ["x{1"], ["x"]),
    ("^.$", ["a", "\u{1F4A9}", "é"], ["", "\n", "\r", "\u{2028}", "ab"]),
    ("^[a-c]$", ["a", "b", "c"], ["d", "A", "-"]),
    ("^[^a-c]$", ["d", "\n", "\u{1F4A9}"], ["a", ""]),
    ("^[a\\-c]$", ["a", "-", "c"], ["b"]),
    ("^[-a]$", ["-", "a"], ["b"]),
    ("^[a-]$", ["-", "a"], ["b"]),
    ("^[\\]\\\\]$", ["]", "\\"], ["["]),
    ("^[]$", [], ["", "a"]),
    ("^[^]$", ["a", "\n"], [""]),
    ("^[\\d_]+$", ["12_3"], ["a"]),
    ("^[^\\d]$", ["a"], ["1"]),
    ("^[\\D]$", ["a"], ["1"]),
    ("^[\\D5]$", ["a", "5"], ["1"]),
    ("^\\w+$", ["az_09AZ"], ["é", "-", ""]),
    ("^\\W$", ["é", "-"], ["a", "_"]),
    ("^\\s$", [" ", "\t", "\u{A0}", "\u{FEFF}", "\u{2029}", "\u{3000}", "\u{B}"], ["a", "\u{180E}", "\u{200B}"]),
    ("^\\S+$", ["ab"], ["a b"]),
    ("\\bfoo\\b", ["foo", "a foo b", "foo-bar"], ["foobar", "afoo"]),
    ("^\\Bx", [], ["x"]),
    ("a\\Bb", ["ab"], ["a b"]),
    ("^[\\b]$", ["\u{8}"], ["b"]),
    ("^\\u0041\\x42\\u{43}\\cA\\0$", ["ABC\u{1}\u{0}"], ["ABC"]),
    ("^\\uD83D\\uDCA9$", ["\u{1F4A9}"], ["x"]),
    ("^\u{1F4A9}*$", ["", "\u{1F4A9}\u{1F4A9}"], ["\u{1F4A8}"]),
    ("^[\u{1F4A8}-\u{1F4AA}]$", ["\u{1F4A9}"], ["\u{1F4AB}"]),
    ("^\\^\\$\\\\\\.\\*\\+\\?\\(\\)\\[\\]\\{\\}\\|\\/\\-\\_$", ["^$\\.*+?()[]{}|/-_"], [""]),
    ("^\\t\\n\\v\\f\\r$", ["\t\n\u{B}\u{C}\r"], [""]),
    ("^\\p{L}+$", ["aé漢Ω"], ["1", "_", ""]),
    ("^\\p{Letter}cole$", ["école", "Ecole"], ["1cole"]),
    ("^\\p{Lu}\\p{Ll}*$", ["Élan", "A"], ["élan"]),
    ("^\\p{digit}+$", ["42", "٤٢"], ["a"]),
    ("^\\P{L}$", ["1", "-"], ["a", "é"]),
    ("^[\\p{L}\\p{Nd}]+$", ["aé1"], ["a-"]),
    ("^[^\\p{L}]$", ["1"], ["a"]),
    ("^[\\P{L}a]$", ["1", "a"], ["b"]),
    ("^\\p{gc=Sc}$", ["€", "$"], ["a"]),
    ("^\\p{ASCII}+$", ["abc"], ["é"]),
    ("^(?!\\.)(?!.*\\.\\.)[^/]+$", ["a.b", "ab"], [".a", "a..b", "a/b"]),
    ("^(?=.*\\d)(?=.*[a-z]).{3,}$", ["a1x", "1ba"], ["a1", "abc", "123"]),
    ("(?<=\\$)\\d+$", ["$42", "x$1"], ["42", "€42"]),
    ("(?<!a)b", ["b", "cb", "abb"], ["ab", "a"]),
    ("a(?!b(?!c))", ["ac", "abc", "a"], ["ab", "abd"]),
    ("^(?=(?=ab)a)ab$", ["ab"], ["a"]),
    ("x(?=y)|z$", ["xy", "z"], ["x", "zz y"]),
    ("a|b|", ["", "q"], []),
    ("^(?:\\d{1,3}\\.){3}\\d{1,3}$", ["127.0.0.1"], ["127.0.0", "1270.0.0.1"]),
    ("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", ["2eb8aa08-aa98-11ea-b4aa-73b441d16380"], ["2eb8aa08"]),
  ]

  @Test(arguments: table.indices) func matches(_ index: Int) throws {
    let row = Self.table[index]
    let schema = try JSONSchema(["pattern": .string(row.pattern)])
    for text in row.matches {
      #expect(schema.accepts(.string(text)), "\(row.pattern) must match \(text.debugDescription)")
    }
    for text in row.fails {
      #expect(!schema.accepts(.string(text)), "\(row.pattern) must not match \(text.debugDescription)")
    }
  }

  @Test(arguments: [
    ("(", "has a `(` that nothing closes (character 1)"),
    ("a)", "has a `)` that nothing opened (character 2)"),
    ("[a", "has a `[` that nothing closes (character 1)"),
    ("*a", "repeats nothing (character 1)"),
    ("a|+", "repeats nothing (character 3)"),
    ("{2}", "repeats nothing (character 1)"),
    ("a**", "has two repetitions in a row (character 3)"),
    ("^*", "repeats something that takes no text (character 3)"),
    ("(?=a)*", "repeats something that takes no text (character 7)"),
    ("a{3,2}", "has a repetition whose bounds are the wrong way round (character 2)"),
    ("a{100001}", "repeats something too often (character 3)"),
    ("[b-a]", "has a range whose bounds are the wrong way round (character 2)"),
    ("[\\d-z]", "has a range between things that are no characters (character 2)"),
    ("\\", "ends with a backslash (character 1)"),
    ("\\y", "has the escape `\\y`, which is none (character 1)"),
    ("\\xZZ", "has an escape that is none (character 1)"),
    ("\\u12", "has an escape that is none (character 1)"),
    ("\\u{110000}", "names a character that there isn't (character 1)"),
    ("(a)\\1", "refers back to a group, which Ion's patterns can't (character 4)"),
    ("(?<x>a)\\k<x>", "refers back to a group, which Ion's patterns can't (character 8)"),
    ("(?i)a", "has a kind of group that Ion doesn't know (character 1)"),
    ("(?<1 >a)", "has a group without a proper name (character 1)"),
    ("\\p{Script=Greek}", "names the property `Script=Greek`; general categories alone are known (character 1)"),
    ("\\p", "has a `\\p` without `{…}` (character 1)"),
    (
      "(((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9})",
      "comes to more than 20000 steps, which is too large (character 1)"
    ),
  ])
  func faultsAreNamed(_ pattern: String, _ reason: String) throws {
    let found = try problems(#"{"pattern": \#(JSONValue.string(pattern))}"#)
    #expect(found.map(\.pointer) == ["/pattern"])
    #expect(found.map(\.message) == ["the pattern `\(pattern)` \(reason)"])
  }

  @Test func noPatternHangs() throws {
    let text = JSONValue.string(String(repeating: "a", count: 20_000))
    for pattern in ["^(a+)+$", "^(a|aa)+$", "^(a*)*b$", "(x+x+)+y", "^(?=(a+)+b)", "(.*)(.*)(.*)(.*)q"] {
      let schema = try JSONSchema(["pattern": .string(pattern)])
      #expect(schema.accepts(text) == pattern.hasSuffix("+$"))
    }
  }

  @Test func manyPatternsAreTooLargeTogether() throws {
    let found = try problems(
      #"{"allOf": [\#((0..<30).map { #"{"pattern": "a{9999}b{\#($0)}"}"# }.joined(separator: ", "))]}"#)
    #expect(found.map(\.message) == ["the patterns come to more than 200000 steps, which is too large"])
  }

  @Test func whatComesToNothingIsRepeatedForNothing() throws {
    let schema = try JSONSchema(["pattern": "^(((){100000}){100000}){100000}$"])
    #expect(schema.accepts(""))
  }
}
