import IonJSON
import IonJSONSchema
import Testing

/// What is said about a value that doesn't fit.
@Suite struct FindingTests {
  @Test(arguments: [
    (#"{"type": "string"}"#, "1", "", "type", "/type", "the value must be a string, not a number"),
    (
      #"{"type": ["integer", "null"]}"#, "1.5", "", "type", "/type",
      "the value must be null or an integer, not a number with a fraction"
    ),
    (
      #"{"properties": {"a/b": {"items": {"const": 1}}}}"#, #"{"a/b": [1, 2]}"#, "/a~1b/1", "const",
      "/properties/a~1b/items/const", "`/a~1b/1` must be `1`"
    ),
    (
      #"{"enum": ["b", "a"]}"#, #""c""#, "", "enum", "/enum",
      #"the value is none of the 2 values that are allowed: `"a"`, `"b"`"#
    ),
    (#"{"multipleOf": 0.5}"#, "0.7", "", "multipleOf", "/multipleOf", "the value must be a multiple of 0.5"),
    (#"{"minimum": 3}"#, "2", "", "minimum", "/minimum", "the value must be at least 3"),
    (#"{"exclusiveMaximum": 3}"#, "3", "", "exclusiveMaximum", "/exclusiveMaximum", "the value must be below 3"),
    (
      #"{"minLength": 2}"#, #""a""#, "", "minLength", "/minLength",
      "the value must have at least 2 characters, and has 1"
    ),
    (#"{"maxItems": 1}"#, "[1, 2]", "", "maxItems", "/maxItems", "the value must have at most 1 item, and has 2"),
    (
      #"{"minProperties": 2}"#, "{}", "", "minProperties", "/minProperties",
      "the value must have at least 2 properties, and has 0"
    ),
    (#"{"pattern": "^a"}"#, #""b""#, "", "pattern", "/pattern", "the value must match the pattern `^a`"),
    (
      #"{"uniqueItems": true}"#, "[1, 2, 1]", "", "uniqueItems", "/uniqueItems",
      "the value must have no two equal items, and items 0 and 2 are equal"
    ),
    (
      #"{"contains": {"const": 1}}"#, "[2]", "", "contains", "/contains",
      "the value must have at least 1 item that `contains` asks for, and has 0"
    ),
    (
      #"{"contains": {"const": 1}, "maxContains": 1}"#, "[1, 1]", "", "maxContains", "/maxContains",
      "the value must have at most 1 item that `contains` asks for, and has 2"
    ),
    (#"{"required": ["title"]}"#, "{}", "", "required", "/required", "the value lacks the property `title`"),
    (
      #"{"dependentRequired": {"a": ["b"]}}"#, #"{"a": 1}"#, "", "dependentRequired", "/dependentRequired",
      "the value has the property `a` and so must have `b`"
    ),
    (
      #"{"properties": {"a": {}}, "additionalProperties": false}"#, #"{"b": 1}"#, "/b", "additionalProperties",
      "/additionalProperties", "`/b` is a property that is not allowed; there may be `a`"
    ),
    (
      #"{"unevaluatedProperties": false}"#, #"{"b": 1}"#, "/b", "unevaluatedProperties", "/unevaluatedProperties",
      "`/b` is a property that is not allowed"
    ),
    (
      #"{"unevaluatedItems": false}"#, "[1]", "/0", "unevaluatedItems", "/unevaluatedItems",
      "`/0` is an item that is not allowed"
    ),
    (
      #"{"propertyNames": {"maxLength": 1}}"#, #"{"ab": 1}"#, "", "propertyNames", "/propertyNames",
      "the value has the property name `ab`, which is not allowed: it must have at most 1 character, and has 2"
    ),
    (#"{"properties": {"a": false}}"#, #"{"a": 1}"#, "/a", "false", "/properties/a", "`/a` is not allowed"),
    (
      #"{"anyOf": [{"type": "null"}, {"properties": {"a": {"type": "null"}}}]}"#, #"{"a": 1}"#, "", "anyOf", "/anyOf",
      "the value fits none of the 2 alternatives (the nearest: `/a` must be null, not a number)"
    ),
    (
      #"{"oneOf": [{"type": "null"}, {"minimum": 5}]}"#, "1", "", "oneOf", "/oneOf",
      "the value fits none of the 2 alternatives (the nearest: the value must be at least 5)"
    ),
    (
      #"{"oneOf": [true, {"type": "null"}, true]}"#, "1", "", "oneOf", "/oneOf",
      "the value must fit exactly one alternative, and fits alternatives 0 and 2"
    ),
    (#"{"not": {"type": "null"}}"#, "null", "", "not", "/not", "the value must not fit the schema of `not`, and does"),
    (#"{"if": true, "then": {"type": "null"}}"#, "1", "", "type", "/then/type", "the value must be null, not a number"),
    (
      ##"{"$defs": {"n": {"type": "null"}}, "items": {"$ref": "#/$defs/n"}}"##, "[1]", "/0", "type", "/$defs/n/type",
      "`/0` must be null, not a number"
    ),
  ])
  func findings(
    _ schema: String, _ value: String, _ instance: String, _ keyword: String, _ place: String, _ message: String
  ) throws {
    let findings = try JSONSchema(json(schema)).findings(in: json(value))
    let finding = try #require(findings.first)
    #expect(findings.count == 1)
    #expect(
      [finding.instance, finding.keyword, finding.schema, finding.message] == [instance, keyword, place, message])
  }

  @Test func allOfThemAreTold() throws {
    let schema = try JSONSchema(
      json(
        #"{"required": ["a", "b"], "properties": {"c": {"type": "null"}, "d": {"items": {"minimum": 5, "multipleOf": 2}}}}"#
      ))
    let findings = schema.findings(in: try json(#"{"c": 1, "d": [1, 6, 7]}"#))
    #expect(
      findings.map { "\($0.instance) \($0.keyword)" } == [
        " required", " required", "/c type", "/d/0 multipleOf", "/d/0 minimum", "/d/2 multipleOf",
      ])
  }

  @Test func aLimitEndsTheCheck() throws {
    let schema = try JSONSchema(["items": ["type": "string"]])
    let value = JSONValue.array((0..<1000).map { .integer($0) })
    #expect(schema.findings(in: value, limit: 3).map(\.instance) == ["/0", "/1", "/2"])
    #expect(schema.findings(in: value).count == 1000)
  }

  @Test func noPartOfTheValueIsTold() throws {
    let schema = try JSONSchema(
      json(#"{"properties": {"p": {"maxLength": 3, "pattern": "^a", "enum": ["x"], "const": "y", "type": "number"}}}"#))
    let findings = schema.findings(in: ["p": "s3cret-value"])
    #expect(findings.count == 5)
    #expect(findings.allSatisfy { !$0.message.contains("s3cret") })
  }
}

/// What is surely not there.
@Suite struct DeadEndTests {
  private static let schema = ##"""
    {"type": "object", "additionalProperties": false, "$defs": {"p": {"type": "object", "properties": {"name": {"type": "string"}}, "additionalProperties": false}},
     "properties": {"title": {"type": "string"}, "person": {"$ref": "#/$defs/p"}, "open": {"type": "object"}, "any": {},
      "list": {"type": "array", "items": {"$ref": "#/$defs/p"}}, "either": {"anyOf": [{"$ref": "#/$defs/p"}, {"type": "null"}]},
      "maybe": {"anyOf": [{"$ref": "#/$defs/p"}, {}]}, "pair": {"prefixItems": [{"type": "null"}], "items": false},
      "x": {"patternProperties": {"^k": {}}, "additionalProperties": false}}}
    """##

  @Test(
    arguments: [
      ([.field("title")], nil), ([.field("person"), .field("name")], nil), ([.field("open"), .field("q")], nil),
      ([.field("any"), .field("q"), .index(3)], nil), ([.field("list"), .index(2), .field("name")], nil),
      ([.field("either"), .field("name")], nil), ([.field("maybe"), .field("q")], nil),
      ([.field("x"), .field("key")], nil),
      ([.field("titel")], 0), ([.field("title"), .field("q")], 1), ([.field("person"), .field("nam")], 1),
      ([.field("list"), .field("q")], 1), ([.field("list"), .index(0), .field("q")], 2),
      ([.field("either"), .field("q")], 1),
      ([.field("pair"), .index(1)], 1), ([.field("x"), .field("q")], 1), ([.index(0)], 0),
    ] as [([JSONSchema.Step], Int?)])
  func deadEnds(_ path: [JSONSchema.Step], _ depth: Int?) throws {
    #expect(try JSONSchema(json(Self.schema)).deadEnd(of: path)?.depth == depth)
  }

  @Test func theNamesThatThereAreAreTold() throws {
    let end = try JSONSchema(json(Self.schema)).deadEnd(of: [.field("person"), .field("nam")])
    #expect(
      try end
        == JSONSchema(json(Self.schema)).deadEnd(of: [.field("list"), .index(0), .field("n")]).map {
          var end = $0
          end.depth = 1
          return end
        })
    #expect(end?.fields == ["name"])
  }
}
