import IonWorkflow
import Testing

@Suite struct TemplateTests {
  /// A text, and the segments that it is read as: references in ⟨⟩, text between them as it stands.
  static let readings: [(String, String)] = [
    // Whole texts.
    ("", ""),
    ("nothing to see", "nothing to see"),
    ("$plan.output", "⟨$plan.output⟩"),
    ("$plan.status", "⟨$plan.status⟩"),
    ("$INPUTS.name", "⟨$INPUTS.name⟩"),
    ("$MATRIX.os", "⟨$MATRIX.os⟩"),
    ("$LOOP_PREV.review.output", "⟨$LOOP_PREV.review.output⟩"),
    ("$LOOP_PREV.review.output.notes[0]", "⟨$LOOP_PREV.review.output.notes[0]⟩"),
    ("$ARGUMENTS", "⟨$ARGUMENTS⟩"),
    ("$EDITOR_SELECTION", "⟨$EDITOR_SELECTION⟩"),
    // Paths.
    ("$plan.output.title", "⟨$plan.output.title⟩"),
    ("$plan.output.a.b.c", "⟨$plan.output.a.b.c⟩"),
    ("$plan.output[0].name", "⟨$plan.output[0].name⟩"),
    ("$plan.output[007]", "⟨$plan.output[7]⟩"),
    (#"$plan.output["odd key"]"#, #"⟨$plan.output["odd key"]⟩"#),
    (#"$plan.output["plain"]"#, "⟨$plan.output.plain⟩"),
    (#"$plan.output["a\"b\\c\n"][2]"#, #"⟨$plan.output["a\"b\\c\n"][2]⟩"#),
    (#"$plan.output[""]"#, #"⟨$plan.output[""]⟩"#),
    (#"$plan.output["Größe"].x"#, #"⟨$plan.output["Größe"].x⟩"#),
    // Where a reference ends.
    ("Use $plan.output.", "Use ⟨$plan.output⟩."),
    ("Use $plan.output..x", "Use ⟨$plan.output⟩..x"),
    ("$plan.output.title.", "⟨$plan.output.title⟩."),
    ("$plan.output.5", "⟨$plan.output⟩.5"),
    ("$plan.output.a-b", "⟨$plan.output.a⟩-b"),
    ("$plan.output-old", "⟨$plan.output⟩-old"),
    ("$plan.status.x", "⟨$plan.status⟩.x"),
    ("$plan.status[0]", "⟨$plan.status⟩[0]"),
    ("$INPUTS.file.md", "⟨$INPUTS.file⟩.md"),
    ("$MATRIX.os.tar", "⟨$MATRIX.os⟩.tar"),
    ("$plan.output [0]", "⟨$plan.output⟩ [0]"),
    ("($plan.output)", "(⟨$plan.output⟩)"),
    ("[$plan.output](url)", "[⟨$plan.output⟩](url)"),
    ("$plan.outputé", "⟨$plan.output⟩é"),
    ("$ARGUMENTSを読む", "⟨$ARGUMENTS⟩を読む"),
    ("$plan.output$review.output", "⟨$plan.output⟩⟨$review.output⟩"),
    ("pre$plan.output", "pre⟨$plan.output⟩"),
    // The longest id wins; whole identifiers only.
    ("$build-all.output", "⟨$build-all.output⟩"),
    ("$a-$b.output", "$a-⟨$b.output⟩"),
    ("$ARGUMENTS-x", "⟨$ARGUMENTS⟩-x"),
    ("$ARGUMENTS_X", "$ARGUMENTS_X"),
    ("$CONTEXTUAL", "$CONTEXTUAL"),
    ("$plan.outputs_dir", "$plan.outputs_dir"),
    ("$plan.output_dir", "$plan.output_dir"),
    ("$MATRIX.output", "⟨$MATRIX.output⟩"),
    ("$INPUTS.status", "⟨$INPUTS.status⟩"),
    ("$incl__node.output", "⟨$incl__node.output⟩"),
    // Text that only has a dollar.
    ("$", "$"),
    ("costs $5", "costs $5"),
    ("$HOME and $plan", "$HOME and $plan"),
    ("${file}.output", "${file}.output"),
    ("$1.output", "$1.output"),
    ("$-x.output", "$-x.output"),
    ("$plan.", "$plan."),
    ("$plan.title", "$plan.title"),
    ("$LOOP_PREV.review.status", "$LOOP_PREV.review.status"),
    // Dollars and backslashes.
    ("$$", "$"),
    ("$$plan.output", "$plan.output"),
    ("$$$plan.output", "$⟨$plan.output⟩"),
    ("$$ARGUMENTS", "$ARGUMENTS"),
    (#"\$plan.output"#, #"\$plan.output"#),
    (#"\\$plan.output"#, #"\\⟨$plan.output⟩"#),
    (#"\\\$plan.output"#, #"\\\$plan.output"#),
    (#"\$$plan.output"#, #"\$⟨$plan.output⟩"#),
    (#"\n$plan.output"#, #"\n⟨$plan.output⟩"#),
  ]

  @Test(arguments: readings) func textIsReadAsSegments(text: String, expected: String) {
    let template = Template.parse(text).template
    let shown = template.segments.map { segment in
      switch segment {
      case .text(let text): text
      case .reference(let reference): "⟨\(reference)⟩"
      }
    }
    #expect(shown.joined().utf8.elementsEqual(expected.utf8), "\(shown)")
  }

  /// A text with a problem: its code, the stretch that it covers, and whether it is an error.
  static let faults: [(String, String, String, Diagnostic.Severity)] = [
    ("see $plan.output[] there", "badPath", "[]", .error),
    ("see $plan.output[-1] there", "badPath", "[-1]", .error),
    ("$plan.output['a']", "badPath", "['a']", .error),
    ("$plan.output[0", "badPath", "[", .error),
    ("$plan.output[0\n]", "badPath", "[", .error),
    ("$plan.output[1x] y", "badPath", "[1x]", .error),
    ("$plan.output[99999999999999999999]", "badPath", "[99999999999999999999]", .error),
    (#"$plan.output["a"#, "unclosedQuote", #""a"#, .error),
    ("$plan.output[\"a\nb\"]", "unclosedQuote", #""a"#, .error),
    (#"$plan.output["a" ]"#, "badPath", #"["a" ]"#, .error),
    (#"é $plan.output["a\q"]"#, "unknownEscape", #"\q"#, .error),
    (#"$plan.output["a\é"]"#, "unknownEscape", #"\é"#, .error),
    ("$plan.output.x[END]", "badPath", "[END]", .warning),
    ("$plan.output[", "badPath", "[", .warning),
    ("say $plan.ouput now", "looksLikeReference", "$plan.ouput", .warning),
    ("say $plan.outputs now", "looksLikeReference", "$plan.outputs", .warning),
    ("say $my-plan.Status now", "looksLikeReference", "$my-plan.Status", .warning),
  ]

  @Test(arguments: faults) func problemIsReportedWhereItStands(
    text: String, code: String, covered: String, severity: Diagnostic.Severity
  ) throws {
    let faults = Template.parse(text).faults
    let fault = try #require(faults.first)
    #expect(faults.count == 1)
    #expect(fault.code == code)
    #expect(fault.severity == severity)
    #expect(String(decoding: Array(text.utf8)[fault.range], as: UTF8.self) == covered)
  }

  @Test func soundTextsHaveNoFaults() {
    for (text, _) in Self.readings where !text.contains("outputs") {
      #expect(Template.parse(text).faults == [], "\(text)")
    }
  }

  @Test func referencesAreFoundWhereTheyStand() {
    let text = "é $plan.output.title, then $ARGUMENTS and $$x.output"
    let found = Template.parse(text).references
    let stretches = found.map { String(decoding: Array(text.utf8)[$0.range], as: UTF8.self) }
    #expect(stretches == ["$plan.output.title", "$ARGUMENTS"])
    #expect(found.map(\.reference) == Template.parse(text).template.references)
  }

  @Test func misspelledReferenceIsHinted() {
    #expect(Template.parse("$plan.ouput").faults.first?.hint == "did you mean `$plan.output`?")
  }
}
