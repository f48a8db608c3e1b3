import IonJSON
import IonWorkflow
import Testing

@Suite struct ResolutionTests {
  /// A reference, and the value that it reads, as JSON.
  static let values: [(String, String)] = [
    // Whole outputs have the type that their text is a document of.
    ("$ten.output", "10"),
    ("$yes.output", "true"),
    ("$none.output", "null"),
    ("$list.output", #"["a","b",3]"#),
    ("$fenced.output", #"{"ok":true}"#),
    ("$text.output", #""it works\nwell""#),
    ("$empty.output", #""""#),
    ("$shout.output", #""TRUE""#),
    ("$quoted.output", #""\"hello\"""#),
    ("$big.output", "9007199254740993"),
    // Fields and elements keep their types, and numbers all their digits.
    ("$plan.output.title", #""Tidy""#),
    ("$plan.output.count", "10.0"),
    ("$plan.output.big", "12345678901234567890"),
    ("$plan.output.ok", "true"),
    ("$plan.output.nothing", "null"),
    (#"$plan.output["odd key"]"#, "1"),
    (#"$plan.output["a.b"]"#, "2"),
    ("$plan.output.items[1].name", #""two""#),
    ("$plan.output.items[0]", #"{"name":"one"}"#),
    ("$plan.output.nested.deep[0][1]", "2"),
    ("$plan.output.none", "[]"),
    ("$list.output[2]", "3"),
    ("$fenced.output.ok", "true"),
    // Statuses can always be read; a skipped node's whole output is empty.
    ("$plan.status", #""succeeded""#),
    ("$failed.status", #""failed""#),
    ("$skipped.status", #""skipped""#),
    ("$binary.status", #""succeeded""#),
    ("$waiting.status", #""pending""#),
    ("$skipped.output", #""""#),
    // Everything that isn't a node's.
    ("$INPUTS.name", #""Ada""#),
    ("$INPUTS.count", "3"),
    ("$INPUTS.ratio", "2.50"),
    ("$INPUTS.force", "true"),
    ("$MATRIX.os", #""linux""#),
    ("$MATRIX.level", "2"),
    ("$LOOP_PREV.review.output.done", "false"),
    ("$LOOP_PREV.review.output.notes[0]", #""x""#),
    ("$LOOP_PREV.other.output", #""""#),
    ("$ARGUMENTS", #""fix it""#),
    ("$USER_MESSAGE", #""fix it""#),
    ("$CONTEXT", #""issue""#),
    ("$EXTERNAL_CONTEXT", #""issue""#),
    ("$REJECTION_REASON", #""""#),
    ("$EDITOR_LINE", "12"),
    ("$EDITOR_FILE", #""a.swift""#),
  ]

  @Test(arguments: values) func referenceReadsTypedValue(text: String, json: String) throws {
    let reference = try #require(Reference.parse(text))
    #expect(try reference.resolve(in: SampleScope.scope).serializedText() == json)
  }

  /// A reference that has no value, the reason, and a part of the message.
  static let failures: [(String, ReferenceFailure.Reason, String)] = [
    ("$ghost.output", .unknownNode, "no node `ghost` has settled before this one"),
    ("$ghost.status", .unknownNode, "no node `ghost`"),
    ("$failed.output", .noOutput(.failed), "`failed` failed, and a failed node has no output"),
    ("$failed.output.x", .noOutput(.failed), "`$failed.output.x` can't be read"),
    ("$cancelled.output", .noOutput(.cancelled), "was cancelled"),
    ("$interrupted.output", .noOutput(.interrupted), "resume the run"),
    ("$waiting.output", .noOutput(.pending), "hasn't settled yet; name it in `depends_on`"),
    ("$skipped.output.x", .skipped, "`skipped` was skipped"),
    ("$skipped.output[0]", .skipped, "Guard it with `$skipped.status == 'succeeded'`"),
    ("$LOOP_PREV.other.output.x", .skipped, "`other` was skipped"),
    ("$binary.output", .unreadable, "the output of `binary` has a NUL byte or is not UTF-8"),
    ("$text.output.x", .notJSON, "the output of `text` is not a JSON document"),
    ("$empty.output.x", .notJSON, "let the node print JSON"),
    ("$quoted.output[0]", .notJSON, "not a JSON document"),
    ("$INPUTS.nmae", .unknownInput(names: ["count", "force", "name", "note", "ratio"]), "did you mean `name`?"),
    (
      "$INPUTS.quite_other", .unknownInput(names: ["count", "force", "name", "note", "ratio"]),
      "there is `count`, `force`"
    ),
    ("$MATRIX.arch", .unknownMatrixName(names: ["level", "os"]), "`matrix` has no such name"),
  ]

  @Test(arguments: failures) func unresolvableReferenceSaysWhy(
    text: String, reason: ReferenceFailure.Reason, message: String
  ) throws {
    let reference = try #require(Reference.parse(text))
    let failure = try #require(throws: ReferenceFailure.self) { try reference.resolve(in: SampleScope.scope) }
    #expect(failure.reference == reference)
    #expect(failure.reason == reason)
    #expect(failure.message.contains(message), "\(failure.message)")
    #expect(throws: failure) { try reference.resolveText(in: SampleScope.scope) }
  }

  /// A path that leads nowhere, and the end of its message.
  static let deadEnds: [(String, String)] = [
    ("$plan.output.titel", "`$plan.output` has no field `titel`; did you mean `title`?"),
    ("$plan.output.items[0].nmae", "`$plan.output.items[0]` has no field `nmae`; did you mean `name`?"),
    ("$fenced.output.unlike", "`$fenced.output` has no field `unlike`; there is `ok`."),
    ("$plan.output.bare.x", "`$plan.output.bare` is an empty object."),
    ("$plan.output.items[2]", "`$plan.output.items` has 2 elements, and the last one is [1]."),
    ("$plan.output.none[0]", "`$plan.output.none` has 0 elements, so there is no [0]."),
    ("$plan.output.nested.deep[1][1]", "`$plan.output.nested.deep[1]` has 1 element, and the last one is [0]."),
    ("$plan.output.title.x", "`$plan.output.title` is text, which has no fields."),
    ("$plan.output.nothing.x", "`$plan.output.nothing` is null, which has no fields."),
    ("$plan.output.count[0]", "`$plan.output.count` is a number, which has no elements by number."),
    ("$ten.output.x", "`$ten.output` is a number, which has no fields."),
    ("$list.output.length", "is a list, which has no fields; an element is read as `$list.output[0]`."),
    ("$plan.output[0]", "is an object, which has no elements by number; a field is read as `$plan.output.name`."),
  ]

  @Test(arguments: deadEnds) func deadEndIsNamed(text: String, ending: String) throws {
    let reference = try #require(Reference.parse(text))
    let failure = try #require(throws: ReferenceFailure.self) { try reference.resolve(in: SampleScope.scope) }
    #expect(failure.message.hasPrefix("`\(text)` can't be read: "), "\(failure.message)")
    #expect(failure.message.hasSuffix(ending), "\(failure.message)")
  }

  /// A text, and what it becomes.
  static let texts: [(String, String)] = [
    ("no references", "no references"),
    ("$ten.output of $INPUTS.count", "10 of 3"),
    ("v$version.output", "v1.10"),
    ("[$padded.output]", "[     7]"),
    ("$list.output", #"["a", "b", 3]"#),
    ("$fenced.output", "```json\n{\"ok\": true}\n```"),
    ("$quoted.output", "\"hello\""),
    ("<$skipped.output>", "<>"),
    ("$plan.output.title!", "Tidy!"),
    ("$plan.output.items", #"[{"name":"one"},{"name":"two"}]"#),
    ("$plan.output.count $plan.output.nothing $plan.output.ok", "10.0 null true"),
    ("$INPUTS.ratio", "2.50"),
    ("line $EDITOR_LINE", "line 12"),
    ("$plan.status/$failed.status", "succeeded/failed"),
    ("$$ten.output is $ten.output", "$ten.output is 10"),
    ("$answer.output", "LGTM, ship it"),
  ]

  @Test(arguments: texts) func templateBecomesText(text: String, expected: String) throws {
    #expect(try Template.parse(text).template.resolve(in: SampleScope.scope) == expected)
  }

  @Test func substitutedTextIsNeverReadAgain() throws {
    let scope = ValueScope(nodes: ["a": .succeeded(OutputDocument(text: "$$ $b.output"))])
    #expect(try Template.parse("$a.output").template.resolve(in: scope) == "$$ $b.output")
  }

  @Test func templateFailsByItsFirstUnreadableReference() {
    let template = Template.parse("$ten.output $failed.output $ghost.output").template
    #expect(throws: ReferenceFailure(Reference(.output("failed")), .noOutput(.failed))) {
      try template.resolve(in: SampleScope.scope)
    }
  }

  @Test func wholeReferenceInWithKeepsItsType() throws {
    let binding = Binding.Value.reference(Reference(.output("list")), ifSkipped: nil)
    #expect(try binding.resolve(in: SampleScope.scope) == ["a", "b", 3])
    #expect(try binding.resolveText(in: SampleScope.scope) == #"["a", "b", 3]"#)
  }

  @Test func literalInWithStaysAsItIs() throws {
    #expect(try Binding.Value.literal(["x": 1]).resolve(in: ValueScope()) == ["x": 1])
    #expect(try Binding.Value.literal(["x": 1]).resolveText(in: ValueScope()) == #"{"x":1}"#)
  }

  @Test func templateInWithIsText() throws {
    let binding = Binding.Value.template(Template.parse("$ten.output").template)
    #expect(try binding.resolve(in: SampleScope.scope) == "10")
  }

  @Test(arguments: ["$skipped.output", "$skipped.output.x", "$LOOP_PREV.other.output.x"])
  func standInServesWhereTheNodeWasSkipped(text: String) throws {
    let binding = Binding.Value.reference(try #require(Reference.parse(text)), ifSkipped: 7)
    #expect(try binding.resolve(in: SampleScope.scope) == 7)
  }

  @Test func standInServesNothingElse() throws {
    let standIn: JSONValue = "stand-in"
    func value(_ reference: Reference) throws -> JSONValue {
      try Binding.Value.reference(reference, ifSkipped: standIn).resolve(in: SampleScope.scope)
    }
    #expect(try value(Reference(.status("skipped"))) == "skipped")
    #expect(try value(Reference(.output("ten"))) == 10)
    #expect(throws: ReferenceFailure.self) { try value(Reference(.output("failed"))) }
  }

  @Test func messageNeverQuotesAValue() throws {
    let scope = ValueScope(inputs: ["token": "s3cret"])
    let failure = try #require(throws: ReferenceFailure.self) {
      try Condition.operand(.reference(Reference(.input("token")))).evaluate(in: scope)
    }
    #expect(!failure.message.contains("s3cret"))
  }
}
