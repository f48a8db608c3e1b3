import IonJSON
import IonWorkflow
import Testing

@Suite struct EvaluationTests {
  /// A condition, and whether it holds in the sample run.
  static let verdicts: [(String, Bool)] = [
    // Booleans stand alone.
    ("true", true),
    ("false", false),
    ("$yes.output", true),
    ("!$yes.output", false),
    ("$no.output", false),
    ("$plan.output.ok", true),
    ("$INPUTS.force", true),
    ("$LOOP_PREV.review.output.done", false),
    ("$fenced.output.ok", true),
    ("$verdict.output", true),
    // Numbers compare as numbers when both are.
    ("$ten.output == 10", true),
    ("$ten.output == 10.0", true),
    ("$ten.output == 1e1", true),
    ("$ten.output == 11", false),
    ("$plan.output.count == $ten.output", true),
    ("$ten.output > 9", true),
    ("$ten.output >= 10", true),
    ("$ten.output < 10", false),
    ("$ten.output <= 10", true),
    ("$padded.output == 7", true),
    ("$INPUTS.count < $ten.output", true),
    ("$INPUTS.ratio == 2.5", true),
    ("-1 < 0", true),
    ("-2 < -1", true),
    ("-0 == 0", true),
    ("0.1 < 0.11", true),
    ("0.05 < 0.4", true),
    ("0.01 == 1e-2", true),
    ("0.01 == 0.1", false),
    ("1e400 > 1e399", true),
    ("1e-400 > 0", true),
    ("$EDITOR_LINE > 9", true),
    // Exactly, beyond 2^53 and beyond 64 bits.
    ("$big.output == 9007199254740993", true),
    ("$big.output == 9007199254740992", false),
    ("$big.output > 9007199254740992", true),
    ("$plan.output.big == 12345678901234567890", true),
    ("$plan.output.big == 12345678901234567891", false),
    ("$plan.output.big > 12345678901234567889", true),
    // Everything else compares by its text.
    ("$text.output == \"it works\\nwell\"", true),
    ("$text.output != 'it works'", true),
    ("$ten.output == '10'", true),
    ("$ten.output == '10.0'", false),
    ("$version.output == '1.10'", true),
    ("$version.output == '1.1'", false),
    ("$version.output == 1.1", true),
    ("$yes.output == true", true),
    ("$yes.output == 'true'", true),
    ("$shout.output == true", false),
    ("$plan.output.flag == true", true),
    ("$none.output == null", true),
    ("$plan.output.nothing == null", true),
    ("$plan.output.nothing == ''", false),
    ("$quoted.output == 'hello'", false),
    ("$quoted.output == '\"hello\"'", true),
    ("$empty.output == ''", true),
    ("$skipped.output == ''", true),
    ("$INPUTS.name < 'B'", true),
    ("'10' < '9'", true),
    ("'é' == 'e\u{301}'", false),
    ("$ARGUMENTS == 'fix it'", true),
    ("$MATRIX.os != 'macos'", true),
    // Statuses.
    ("$plan.status == 'succeeded'", true),
    ("$failed.status == 'failed'", true),
    ("$skipped.status in ['skipped', 'failed']", true),
    ("$plan.status != $failed.status", true),
    // Lists and objects are equal by what is in them.
    ("$list.output == ['a', 'b', 3]", true),
    ("$list.output == ['a', 'b', 3.0]", true),
    ("$list.output == ['a', 'b', '3']", false),
    ("$list.output == ['a', 'b']", false),
    ("$list.output == '[\"a\", \"b\", 3]'", true),
    ("$plan.output.none == []", true),
    ("$plan.output.items[0] == $plan.output.items[0]", true),
    ("$plan.output.items[0] == $plan.output.items[1]", false),
    ("$plan.output.nested.deep == [[1, 2], [3]]", true),
    // Membership.
    ("$INPUTS.name in ['Bob', 'Ada']", true),
    ("$INPUTS.name in ['Bob']", false),
    ("$INPUTS.name in []", false),
    ("$ten.output in [9, 10]", true),
    ("$ten.output in ['9', '10']", true),
    ("'a' in $list.output", true),
    ("3.0 in $list.output", true),
    ("'c' in $list.output", false),
    ("$list.output contains 'b'", true),
    ("$plan.output contains 'title'", true),
    ("'titel' in $plan.output", false),
    ("$text.output contains 'works'", true),
    ("$text.output contains 'Works'", false),
    ("$text.output contains ''", true),
    ("$empty.output contains 'x'", false),
    ("$skipped.output contains 'x'", false),
    ("$ten.output contains '1'", true),
    ("$yes.output contains 'error'", false),
    ("'12' contains $MATRIX.level", true),
    ("$plan.output.items contains $plan.output.items[1]", true),
    // Joining goes from left to right and stops once the answer is known.
    ("true && false || true", true),
    ("!(true && true) || false", false),
    ("$failed.status == 'succeeded' && $failed.output.x", false),
    ("$failed.status == 'failed' || $failed.output.x", true),
    ("$skipped.status == 'skipped' || $skipped.output.count > 3", true),
    // An agent's prose can be searched, and compared with what isn't a literal.
    ("$answer.output contains 'LGTM'", true),
    ("'NOPE' in $answer.output", false),
    ("$answer.output == $text.output", false),
    ("$answer.output in $list.output", false),
  ]

  @Test(arguments: verdicts) func conditionHolds(text: String, expected: Bool) throws {
    #expect(try Condition.parse(text).condition.evaluate(in: SampleScope.scope) == expected)
  }

  /// A condition that can't be evaluated, and a part of its message.
  static let failures: [(String, String)] = [
    ("$failed.output == 'x'", "`failed` failed"),
    ("$skipped.output.x == 'x'", "`skipped` was skipped"),
    ("true && $failed.output", "`failed` failed"),
    ("false || $ghost.output", "no node `ghost`"),
    ("!$plan.output.missing", "has no field `missing`"),
    ("$ten.output in [1, $failed.output]", "`failed` failed"),
    ("$shout.output", "`$shout.output` is text, and a value that stands alone in a condition must be true or false"),
    ("$plan.output.flag", "is text"),
    ("$ten.output", "is a number"),
    ("$skipped.output", "is text"),
    ("$list.output", "is a list"),
    ("$plan.output", "is an object"),
    ("$none.output", "is null"),
    ("$answer.output == 'LGTM'", "give `answer` an `output_format`"),
    ("'LGTM' != $answer.output", "free-form answer"),
    ("$verdict.output == true", "free-form answer"),
    ("$answer.output < 3", "free-form answer"),
    ("$answer.output in ['LGTM', 'NOPE']", "free-form answer"),
    ("['LGTM'] contains $answer.output", "free-form answer"),
    ("$plan.output.count contains 1", "is a number, and only a list, an object or a text can contain something"),
    ("1 in $INPUTS.force", "`$INPUTS.force` is true or false"),
    ("$binary.output contains 'x'", "NUL byte"),
  ]

  @Test(arguments: failures) func failureSaysWhatToDo(text: String, message: String) throws {
    let condition = try Condition.parse(text).condition
    let failure = try #require(throws: ReferenceFailure.self) { try condition.evaluate(in: SampleScope.scope) }
    #expect(failure.message.contains(message), "\(failure.message)")
    #expect(failure.description == failure.message)
  }

  @Test func deeplyNestedOutputsAreCompared() throws {
    func nested(_ inner: String) -> NodeReading {
      let text = String(repeating: "[", count: 500) + inner + String(repeating: "]", count: 500)
      return .succeeded(OutputDocument(text: text))
    }
    let scope = ValueScope(nodes: ["a": nested("1"), "b": nested("1.0"), "c": nested("2")])
    #expect(try Condition.parse("$a.output == $b.output").condition.evaluate(in: scope))
    #expect(try Condition.parse("$a.output != $c.output").condition.evaluate(in: scope))
  }

  @Test func membersOrderMakesNoDifference() throws {
    let scope = ValueScope(
      nodes: [
        "a": .succeeded(OutputDocument(text: #"{"x": 1, "y": [true]}"#)),
        "b": .succeeded(OutputDocument(text: #"{"y":[true],"x":1.0}"#)),
        "c": .succeeded(OutputDocument(text: #"{"x": 1, "z": [true]}"#)),
        "d": .succeeded(OutputDocument(text: #"{"x": 1, "y": [true], "z": 0}"#)),
      ])
    #expect(try Condition.parse("$a.output == $b.output").condition.evaluate(in: scope))
    #expect(try !Condition.parse("$a.output == $c.output").condition.evaluate(in: scope))
    #expect(try !Condition.parse("$a.output == $d.output").condition.evaluate(in: scope))
    #expect(try Condition.parse("$b.output in [$c.output, $a.output]").condition.evaluate(in: scope))
  }
}
