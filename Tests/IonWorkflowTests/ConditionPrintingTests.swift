import IonWorkflow
import Testing

@Suite struct ConditionPrintingTests {
  @Test(arguments: [
    ("$a.output", "$a.output"),
    ("$a.output=='x'", "$a.output == \"x\""),
    ("$a.output.n >= 10.0", "$a.output.n >= 10.0"),
    ("!($a.output == 'x')", "!$a.output == \"x\""),
    ("!(!$a.output)", "!(!$a.output)"),
    ("($a.status=='failed'||$b.output)&&$c.output", "($a.status == \"failed\" || $b.output) && $c.output"),
    ("$a.output && $b.output || $c.output", "$a.output && $b.output || $c.output"),
    ("!($a.output && $b.output)", "!($a.output && $b.output)"),
    ("$a.output && ($b.output && $c.output)", "$a.output && ($b.output && $c.output)"),
    ("$a.output || ($b.output || $c.output)", "$a.output || ($b.output || $c.output)"),
    ("$a.status in ['failed', 'skipped']", "$a.status in [\"failed\", \"skipped\"]"),
    ("$a.output[\"odd key\"][0] contains \"a \\\"b\\\"\\n\"", "$a.output[\"odd key\"][0] contains \"a \\\"b\\\"\\n\""),
    ("$INPUTS.deploy == null || true", "$INPUTS.deploy == null || true"),
  ])
  func conditionsArePrintedAsTheyMayBeWritten(text: String, printed: String) throws {
    let condition = try Condition.parse(text).condition
    #expect(condition.description == printed)
    #expect(try Condition.parse(printed).condition == condition)
  }
}
