import IonJSON
import IonWorkflow
import Testing

@Suite struct InputCheckTests {
  static let declarations: [InputDeclaration] = [
    input("title", .string, isRequired: true),
    input("count", .number, usual: 5),
    input("dry_run", .boolean),
    input("target", .path),
    input("level", .enum, values: ["low", "high"], usual: "low"),
    input("token", .secret),
    input("issue", .string, pattern: #"[A-Z]+-\d+"#),
  ]

  private static func input(
    _ name: String, _ kind: InputDeclaration.Kind, values: [String] = [], isRequired: Bool = false,
    usual: JSONValue? = nil, pattern: String? = nil
  ) -> InputDeclaration {
    var declaration = InputDeclaration(name: name, kind: kind)
    declaration.values = values
    declaration.isRequired = isRequired
    declaration.defaultValue = usual
    declaration.pattern = pattern
    return declaration
  }

  /// What is given beside a title, where from, and what the run then has under that name.
  static let accepted: [(String, JSONValue?, InputOrigin, JSONValue)] = [
    ("title", "", .typed, ""),
    ("title", "10", .text, "10"),
    ("count", nil, .typed, 5),
    ("count", nil, .text, 5),
    ("count", 7, .typed, 7),
    ("count", .number(JSONNumber(unchecked: "7.50")), .typed, .number(JSONNumber(unchecked: "7.50"))),
    ("count", "7", .text, 7),
    ("count", "-7.50", .text, .number(JSONNumber(unchecked: "-7.50"))),
    ("count", "9007199254740993", .text, 9_007_199_254_740_993),
    ("count", "", .text, 5),
    ("count", nil as JSONValue, .typed, 5),
    ("dry_run", nil, .typed, false),
    ("dry_run", true, .typed, true),
    ("dry_run", "true", .text, true),
    ("dry_run", "false", .text, false),
    ("dry_run", "", .text, false),
    ("target", nil, .typed, ""),
    ("target", "src/a b.swift", .text, "src/a b.swift"),
    ("target", "", .typed, ""),
    ("level", nil, .typed, "low"),
    ("level", "high", .typed, "high"),
    ("level", "", .typed, "low"),
    ("token", "s3cret", .typed, "s3cret"),
    ("token", "", .text, ""),
    ("issue", "ION-12", .typed, "ION-12"),
    ("issue", nil, .typed, ""),
  ]

  @Test(arguments: accepted) func inputIsTaken(name: String, given: JSONValue?, origin: InputOrigin, value: JSONValue)
    throws
  {
    var supplied: [String: JSONValue] = ["title": "x"]
    if let given { supplied[name] = given }
    let checked = try InputCheck.check(Self.declarations, supplied: supplied, from: origin)
    #expect(checked.all[name] == value)
    #expect(checked.all.keys.sorted() == Self.declarations.map(\.name).sorted())
  }

  /// What is given, where from, the reason why it is refused, a part of the message and a part of the hint.
  static let refused: [(String, JSONValue, InputOrigin, InputFault.Reason, String, String)] = [
    ("titel", "x", .typed, .unknown, "is no input of this workflow", "did you mean `title`?"),
    ("zzzzzz", "x", .text, .unknown, "is no input", "the inputs are `title`, `count`"),
    ("title", nil, .typed, .missing, "is required", ""),
    ("title", 5, .typed, .wrongType, "must be text, and is a number", #"write it in quotes: "5""#),
    ("title", true, .typed, .wrongType, "must be text, and is true or false", #""true""#),
    ("title", ["x"], .typed, .wrongType, "must be text, and is a list", ""),
    ("title", "a\0b", .typed, .unusable, "NUL", ""),
    ("count", "7", .typed, .wrongType, "must be a number, and is text", "write it without quotes: 7"),
    ("count", "many", .typed, .wrongType, "must be a number, and is text", ""),
    ("count", "7x", .text, .wrongType, "must be a number, and `7x` is none", "as in JSON"),
    ("count", "010", .text, .wrongType, "`010` is none", ""),
    ("count", "0x10", .text, .wrongType, "`0x10` is none", ""),
    ("count", "inf", .text, .wrongType, "`inf` is none", ""),
    ("count", true, .typed, .wrongType, "must be a number, and is true or false", ""),
    ("dry_run", "yes", .text, .wrongType, "must be true or false, and is `yes`", "did you mean `true`?"),
    ("dry_run", "0", .text, .wrongType, "is `0`", "did you mean `false`?"),
    ("dry_run", "maybe", .text, .wrongType, "is `maybe`", ""),
    ("dry_run", "true", .typed, .wrongType, "must be true or false, and is text", "write it without quotes: true"),
    ("dry_run", 1, .typed, .wrongType, "must be true or false, and is a number", ""),
    ("target", 1, .typed, .wrongType, "must be a path, and is a number", ""),
    ("target", "a\0b", .text, .unusable, "NUL", ""),
    ("level", "hgih", .typed, .notAmongValues, "must be one of `low`, `high`, and is `hgih`", "did you mean `high`?"),
    ("level", "High", .text, .notAmongValues, "is `High`", "did you mean `high`?"),
    ("level", 1, .typed, .wrongType, "must be text, and is a number", #"write it in quotes: "1""#),
    ("token", ["s3cret"], .typed, .wrongType, "must be text, and is a list", ""),
    ("issue", "ION-", .typed, .patternMismatch, #"must match `[A-Z]+-\d+` as a whole, and `ION-` doesn't"#, ""),
    ("issue", "see ION-12", .typed, .patternMismatch, "as a whole", ""),
    ("issue", "ION-12\n", .text, .patternMismatch, "as a whole", ""),
  ]

  @Test(arguments: refused) func inputIsRefused(
    name: String, given: JSONValue, origin: InputOrigin, reason: InputFault.Reason, message: String, hint: String
  ) throws {
    var supplied: [String: JSONValue] = ["title": "x"]
    supplied[name] = given
    let failure = try #require(throws: InputFailure.self) {
      try InputCheck.check(Self.declarations, supplied: supplied, from: origin)
    }
    let fault = try #require(failure.faults.first)
    #expect(failure.faults.count == 1)
    #expect((fault.name, fault.reason) == (name, reason))
    #expect(fault.message.contains(message), "\(fault.message)")
    #expect(hint.isEmpty || fault.hint?.contains(hint) == true, "\(fault.hint ?? "no hint")")
  }

  @Test func everyFaultIsReportedAtOnce() throws {
    let failure = try #require(throws: InputFailure.self) {
      try InputCheck.check(Self.declarations, supplied: ["zeta": 1, "count": "x", "alpha": 2, "level": "mid"])
    }
    #expect(failure.faults.map(\.name) == ["title", "count", "level", "alpha", "zeta"])
  }

  @Test func workflowWithoutInputsSaysSo() throws {
    let failure = try #require(throws: InputFailure.self) { try InputCheck.check([], supplied: ["x": 1]) }
    #expect(failure.faults.first?.hint == "the workflow takes no inputs")
  }

  @Test func secretsAreNeverKept() throws {
    let checked = try InputCheck.check(Self.declarations, supplied: ["title": "x", "token": "s3cret"])
    #expect(checked.secretNames == ["token"])
    #expect(checked.all["token"] == "s3cret")
    #expect(checked.kept == checked.all.filter { $0.key != "token" })
  }

  @Test func secretIsNeverQuoted() throws {
    let secret = Self.input("token", .secret, pattern: "[0-9]+")
    let fault = try #require(throws: InputFault.self) { try secret.check("s3cret") }
    #expect(fault.reason == .patternMismatch)
    #expect(!"\(fault)".contains("s3cret"))
  }

  @Test func defaultIsCheckedToo() throws {
    let wrong = Self.input("level", .enum, values: ["low"], usual: "mid")
    let failure = try #require(throws: InputFailure.self) { try InputCheck.check([wrong], supplied: [:]) }
    #expect(failure.faults.first?.reason == .notAmongValues)
  }

  @Test func longValueIsCutInAMessage() throws {
    let fault = try #require(throws: InputFault.self) {
      try Self.input("n", .number).check(.string(String(repeating: "é", count: 10_000)), from: .text)
    }
    #expect(fault.message.utf8.count < 250)
  }

  /// A pattern, a text, and whether the one matches the whole of the other.
  static let patterns: [(String, String, Bool)] = [
    ("a|ab", "ab", true),
    ("a|ab", "abc", false),
    ("", "", true),
    ("", "x", false),
    ("^v\\d+$", "v12", true),
    ("[a-z]{2,3}", "abcd", false),
    (".", "é", true),
    (".", "\n", false),
    (".", "e\u{301}", false),
    ("(?i)yes", "YES", true),
  ]

  @Test(arguments: patterns) func patternMatchesTheWholeText(pattern: String, text: String, matches: Bool) {
    let declaration = Self.input("x", .string, pattern: pattern)
    #expect(declaration.patternFault == nil)
    if matches {
      #expect(throws: Never.self) { try declaration.check(.string(text)) }
    } else {
      #expect(throws: InputFault.self) { try declaration.check(.string(text)) }
    }
  }

  @Test(arguments: ["(", "[a", "*", "a{2,1}"]) func brokenPatternIsNamed(pattern: String) throws {
    let declaration = Self.input("x", .string, pattern: pattern)
    let fault = try #require(declaration.patternFault)
    #expect(fault.reason == .badPattern)
    #expect(fault.message.contains("`\(pattern)`"))
    #expect(throws: fault) { try declaration.check("x") }
  }
}
