import IonJSON
import IonWorkflow
import Testing

@Suite struct ConditionTests {
  /// A condition, and the tree that it is read as.
  static let readings: [(String, String)] = [
    // Operands alone.
    ("true", "true"),
    ("false", "false"),
    ("$test.output", "$test.output"),
    ("$test.output.ok", "$test.output.ok"),
    ("$INPUTS.dry_run", "$INPUTS.dry_run"),
    ("$MATRIX.debug", "$MATRIX.debug"),
    ("$LOOP_PREV.check.output.done", "$LOOP_PREV.check.output.done"),
    // Comparisons.
    ("$test.output == 'ok'", "($test.output == 'ok')"),
    ("$test.output==\"ok\"", "($test.output == 'ok')"),
    ("$test.output != 'ok'", "($test.output != 'ok')"),
    ("$n.output < 3", "($n.output < 3)"),
    ("$n.output<=3", "($n.output <= 3)"),
    ("$n.output > -3", "($n.output > -3)"),
    ("3 >= $n.output", "(3 >= $n.output)"),
    ("$test.status == 'failed'", "($test.status == 'failed')"),
    ("$a.status == $b.status", "($a.status == $b.status)"),
    ("$ARGUMENTS != ''", "($ARGUMENTS != '')"),
    ("$a.output.x == null", "($a.output.x == null)"),
    ("$a.output.x == false", "($a.output.x == false)"),
    (#"$a.output["odd key"][0] == 1"#, #"($a.output["odd key"][0] == 1)"#),
    // Membership.
    ("$a.output in ['x', 'y']", "($a.output in ['x', 'y'])"),
    ("$a.output in []", "($a.output in [])"),
    ("$a.output in [1, $b.output, [true, null]]", "($a.output in [1, $b.output, [true, null]])"),
    ("$a.output contains 'x'", "($a.output contains 'x')"),
    ("'x' in $a.output", "('x' in $a.output)"),
    ("'abc' contains $a.output", "('abc' contains $a.output)"),
    ("$a.status in ['failed', 'skipped']", "($a.status in ['failed', 'skipped'])"),
    // Numbers keep what they are.
    ("$n.output == 9007199254740993", "($n.output == 9007199254740993)"),
    ("$n.output == 10.50", "($n.output == 10.50)"),
    ("$n.output == 1e3", "($n.output == 1e3)"),
    ("$n.output == 123456789012345678901234567890", "($n.output == 123456789012345678901234567890)"),
    // Escapes and quotes.
    (#"$a.output == 'it\'s'"#, "($a.output == 'it's')"),
    (#"$a.output == "say \"x\"""#, #"($a.output == 'say "x"')"#),
    (#"$a.output == "it's""#, "($a.output == 'it's')"),
    (#"$a.output == 'a\nb\t\\'"#, "($a.output == 'a\nb\t\\')"),
    ("$a.output == '$b.output'", "($a.output == '$b.output')"),
    ("$a.output == 'é && ('", "($a.output == 'é && (')"),
    // `&&` binds tighter than `||`, `!` tighter than both.
    ("true && false", "(true && false)"),
    ("true || false && true", "(true || (false && true))"),
    ("(true || false) && true", "((true || false) && true)"),
    ("true && true && false", "(true && true && false)"),
    ("!$a.output", "!$a.output"),
    ("!$a.output && true", "(!$a.output && true)"),
    ("!$a.output == 'x'", "!($a.output == 'x')"),
    ("!(true || false)", "!(true || false)"),
    ("! ( ! ( true ) )", "!!true"),
    ("((($a.output)))", "$a.output"),
    ("  true\n  && false  ", "(true && false)"),
    ("$a.output==1||$b.output==2&&true", "(($a.output == 1) || (($b.output == 2) && true))"),
  ]

  @Test(arguments: readings) func conditionIsReadAsTree(text: String, expected: String) throws {
    #expect(Self.show(try Condition.parse(text).condition) == expected)
  }

  /// A condition that can't be read: what its fault covers, a part of its message, and a part of its hint.
  static let faults: [(String, String, String, String)] = [
    // Operators of other languages.
    ("$a.output = 'x'", "=", "`=`", "did you mean `==`?"),
    ("$a.output =='x' = 1", "=", "no operator", "did you mean `==`?"),
    ("$a.output === 'x'", "===", "no operator", "did you mean `==`?"),
    ("$a.output => 3", "=>", "no operator", "did you mean `>=`?"),
    ("$a.output <> 3", "<>", "no operator", "did you mean `!=`?"),
    ("$a.output =~ 'x'", "=~", "no operator", "did you mean `contains`?"),
    ("true & false", "&", "no operator", "did you mean `&&`?"),
    ("true | false", "|", "no operator", "did you mean `||`?"),
    ("true and false", "and", "neither a reference", "did you mean `&&`?"),
    ("true OR false", "OR", "neither a reference", "did you mean `||`?"),
    ("not true", "not", "neither a reference", "did you mean `!`?"),
    ("$a.output is true", "is", "neither a reference", "did you mean `==`?"),
    ("$a.output == None", "None", "neither a reference", "did you mean `null`?"),
    ("$a.output == True", "True", "neither a reference", "did you mean `true`?"),
    ("!!true", "!", "one `!`", ""),
    // Words without quotes, references without a dollar or misspelled.
    ("$a.output == ok", "ok", "neither a reference nor a quoted text", "put text in quotes: 'ok'"),
    ("$a.output == very-good", "very-good", "quoted text", "'very-good'"),
    ("plan.output == 'x'", "plan.output", "neither a reference", "did you mean `$plan.output`?"),
    ("INPUTS.x == 'x'", "INPUTS.x", "neither a reference", "did you mean `$INPUTS.x`?"),
    ("$plan == 'x'", "$plan", "is no reference", "did you mean `$plan.output`?"),
    ("$plan.ouput == 'x'", "$plan.ouput", "is no reference", "did you mean `$plan.output`?"),
    ("$ARGUMENT == 'x'", "$ARGUMENT", "is no reference", "did you mean `$ARGUMENTS`?"),
    ("$ == 'x'", "$", "a name is missing", "$id.output"),
    ("${plan}.output == 'x'", "$", "a name is missing", "$id.output"),
    ("$a.output.x-y == 1", "-y", "can't follow", #"["x-y"]"#),
    ("$a.output.5 == 1", ".5", "can't follow", "[0]"),
    ("$a.output. == 1", ".", "can't follow", "a field is a name"),
    ("$a.status.x == 1", ".x", "can't follow", ""),
    ("$a.output[x] == 1", "[x]", "brackets", "[\"key\"]"),
    ("$a.output['x'] == 1", "['x']", "double quotes", "[\"key\"]"),
    // What is missing.
    ("", "", "the condition is empty", "write a reference"),
    ("  ", "", "the condition is empty", ""),
    ("$a.output ==", "", "a value is missing at the end", ""),
    ("== 'x'", "==", "a value is missing before `==`", ""),
    ("true && ", "", "a value is missing at the end", ""),
    ("true || || false", "||", "a value is missing before `||`", ""),
    ("()", ")", "a value is missing before `)`", ""),
    ("$a.output in ['x',]", "]", "a value is missing before `]`", ""),
    ("$a.output in [,]", ",", "a value is missing before `,`", ""),
    ("$a.output 'x'", "'x'", "an operator is missing", ""),
    ("$a.output == 'x' 'y'", "'y'", "an operator is missing before `'y'`", "&&"),
    ("true true", "true", "an operator is missing", "&&"),
    ("true, false", ",", "only in a list", "&&"),
    ("$a.output in ['x' 'y']", "'y'", "an operator is missing", ""),
    // What is never closed, or never opened.
    ("é $a.output == 'x", "é", "no meaning", ""),
    ("$a.output == 'x", "'x", "no closing '", "same line"),
    ("$a.output == \"x\n\"", "\"x", "no closing \"", "same line"),
    ("(true && (false)", "(", "this `(` is never closed", "add a `)`"),
    ("$a.output in ['x'", "[", "this `[` is never closed", "add a `]`"),
    ("true)", ")", "closes nothing", ""),
    ("(true]", "]", "closes nothing", ""),
    // Texts and numbers.
    (#"$a.output == 'a\d'"#, #"\d"#, "is no escape", #"\\"#),
    ("$a.output == 010", "010", "is no number", "quotes"),
    ("$a.output == 1.", "1.", "is no number", ""),
    ("$a.output == 10px", "10px", "is no number", "quotes"),
    ("$a.output == -", "-", "is no number", ""),
    ("$a.output == +5", "+", "no meaning", ""),
    ("$a.output == ‘x’", "‘", "no meaning", "straight quotes"),
    ("$a.output ? 1", "?", "no meaning", ""),
    // What could never be evaluated.
    ("'yes'", "'yes'", "neither true nor false", "compare"),
    ("null", "null", "neither true nor false", ""),
    ("1 && true", "1", "neither true nor false", ""),
    ("['x'] || true", "['x']", "neither true nor false", ""),
    ("$a.status", "$a.status", "a status is text", "== 'succeeded'"),
    ("!$ARGUMENTS", "$ARGUMENTS", "is text", "!= ''"),
    ("1 < $a.output < 3", "<", "can't be compared again", "&&"),
    ("$a.output in 3", "in", "needs a list", ""),
    ("true contains 'x'", "contains", "needs a list", ""),
    ("$a.status == 'success'", "'success'", "`success` is no status", "a status is succeeded, failed"),
    ("'Failed' == $a.status", "'Failed'", "is no status", "did you mean `failed`?"),
    ("$a.status in ['failed', 'x']", "['failed', 'x']", "`x` is no status", "a status is succeeded"),
  ]

  @Test(arguments: faults) func unreadableConditionSaysWhereAndWhy(
    text: String, covered: String, message: String, hint: String
  ) throws {
    let fault = try #require(throws: TextFault.self) { try Condition.parse(text) }
    #expect(fault.severity == .error)
    #expect(String(decoding: Array(text.utf8)[fault.range], as: UTF8.self) == covered)
    #expect(fault.message.contains(message), "\(fault.message)")
    #expect(hint.isEmpty || fault.hint?.contains(hint) == true, "\(fault.hint ?? "no hint")")
  }

  @Test func faultPointsAtTheSecondOfTwoEqualWords() throws {
    let fault = try #require(throws: TextFault.self) { try Condition.parse("true && true true") }
    #expect(fault.range == 13..<17)
  }

  @Test func referencesAreFoundWhereTheyStand() throws {
    let text = "!($a.output == 'é') && $b.output.x in [$INPUTS.y, 1]"
    let found = try Condition.parse(text).references
    let stretches = found.map { String(decoding: Array(text.utf8)[$0.range], as: UTF8.self) }
    #expect(stretches == ["$a.output", "$b.output.x", "$INPUTS.y"])
    #expect(found.map(\.reference.description) == stretches)
  }

  @Test(arguments: [("(", "true", ")"), ("!(", "true", ")"), ("true == [", "1", "]")])
  func nestingIsBounded(open: String, inner: String, close: String) throws {
    func nested(_ depth: Int) -> String {
      let bracket = String(open.suffix(1))
      return open + String(repeating: bracket, count: depth - 1) + inner + String(repeating: close, count: depth)
    }
    _ = try Condition.parse(nested(Condition.maximumDepth))
    let fault = try #require(throws: TextFault.self) { try Condition.parse(nested(Condition.maximumDepth + 1)) }
    #expect(fault.message.contains("nested deeper"))
    #expect(throws: TextFault.self) { try Condition.parse(nested(100_000)) }
  }

  static func show(_ condition: Condition) -> String {
    switch condition {
    case .operand(let operand): show(operand)
    case .comparison(let left, let comparison, let right): "(\(show(left)) \(comparison.rawValue) \(show(right)))"
    case .not(let inner): "!" + show(inner)
    case .and(let parts): "(" + parts.map(show).joined(separator: " && ") + ")"
    case .or(let parts): "(" + parts.map(show).joined(separator: " || ") + ")"
    }
  }

  private static func show(_ operand: Condition.Operand) -> String {
    switch operand {
    case .reference(let reference): reference.description
    case .literal(.string(let text)): "'\(text)'"
    case .literal(.number(let number)): number.literal
    case .literal(.integer(let number)): String(number)
    case .literal(.bool(let flag)): String(flag)
    case .literal: "null"
    case .list(let members): "[" + members.map(show).joined(separator: ", ") + "]"
    }
  }
}
