import IonJSON
import IonJSONSchema
import Testing

/// The keywords for arrays: JSON Schema Validation 2020-12, section 6.4, and Core, section 10.3.1.
@Suite struct ArrayKeywordTests {
  @Test(arguments: [
    Row(
      #"{"items": {"type": "integer"}}"#, fits: ["[]", "[1, 2, 3]", "[1.0]", #"{"a": "x"}"#, #""x""#],
      fails: [#"[1, "x"]"#, "[null]"]),
    Row(#"{"items": true}"#, fits: ["[1, null]", "[]"]),
    Row(#"{"items": false}"#, fits: ["[]", "{}"], fails: ["[1]", "[null]"]),
    Row(
      #"{"prefixItems": [{"type": "integer"}, {"type": "string"}]}"#,
      fits: [#"[1, "a"]"#, "[]", "[1]", #"[1, "a", null]"#, "{}"], fails: [#"["a", 1]"#, "[1, 2]"]),
    Row(#"{"prefixItems": [true, false]}"#, fits: ["[]", "[1]"], fails: ["[1, 2]"]),
    Row(
      #"{"prefixItems": [{}, {}], "items": {"type": "integer"}}"#, fits: [#"["a", null, 1]"#, "[]", #"["a"]"#],
      fails: [#"["a", "b", "c"]"#]),
    Row(#"{"prefixItems": [{"type": "string"}], "items": false}"#, fits: [#"["a"]"#, "[]"], fails: [#"["a", 1]"#]),
    Row(#"{"items": {"items": {"items": {"type": "number"}}}}"#, fits: ["[[[1], [2]], []]"], fails: [#"[[["a"]]]"#]),
  ])
  func items(_ row: Row) throws { try row.check() }

  @Test(arguments: [
    Row(#"{"contains": {"minimum": 5}}"#, fits: ["[3, 4, 5]", "[5]", "{}", "1"], fails: ["[]", "[2, 3, 4]"]),
    Row(#"{"contains": {"const": 5}}"#, fits: ["[5.0]", "[1, 5]"], fails: [#"["5"]"#]),
    Row(#"{"contains": true}"#, fits: ["[null]"], fails: ["[]"]),
    Row(#"{"contains": false}"#, fits: [#""x""#], fails: ["[]", "[1]"]),
    Row(#"{"contains": {"const": 1}, "maxContains": 1}"#, fits: ["[1]", "[1, 2]"], fails: ["[]", "[1, 1]", "[2]"]),
    Row(
      #"{"contains": {"const": 1}, "minContains": 2}"#, fits: ["[1, 1]", "[1, 2, 1]", "[1, 1, 1]"],
      fails: ["[]", "[1]", "[2, 1]"]),
    Row(#"{"contains": {"const": 1}, "minContains": 2.0}"#, fits: ["[1, 1]"], fails: ["[1]"]),
    Row(#"{"contains": {"const": 1}, "minContains": 0}"#, fits: ["[]", "[2]", "[1, 1]"]),
    Row(#"{"contains": {"const": 1}, "minContains": 0, "maxContains": 1}"#, fits: ["[]", "[1]"], fails: ["[1, 1]"]),
    Row(#"{"contains": {"const": 1}, "minContains": 3, "maxContains": 2}"#, fails: ["[1, 1]", "[1, 1, 1]", "[]"]),
    Row(#"{"minContains": 5, "maxContains": 0}"#, fits: ["[]", "[1, 2]"]),
    Row(
      #"{"contains": {"type": "null"}, "items": {"minimum": 0}}"#, fits: ["[null, 1]"], fails: ["[1]", "[null, -1]"]),
  ])
  func contains(_ row: Row) throws { try row.check() }

  @Test(arguments: [
    Row(#"{"minItems": 1}"#, fits: ["[1]", "[1, 2]", #""""#, "{}"], fails: ["[]"]),
    Row(#"{"minItems": 1.0}"#, fits: ["[null]"], fails: ["[]"]),
    Row(#"{"maxItems": 2}"#, fits: ["[]", "[1, 2]", #""foobar""#], fails: ["[1, 2, 3]"]),
    Row(#"{"minItems": 2, "maxItems": 2}"#, fits: ["[1, 2]"], fails: ["[1]", "[1, 2, 3]"]),
    Row(
      #"{"uniqueItems": true}"#,
      fits: [
        "[]", "[1]", "[1, 2]", "[1, true]", "[0, false]", #"["a", "A"]"#, "[[1], [2]]", #"[{"a": 1}, {"a": 2}]"#,
        #"[1, "1"]"#, "[[1], [true]]", #"[{"a": false}, {"a": 0}]"#, "[9007199254740992, 9007199254740993]",
        #"["\u00e9", "e\u0301"]"#, "{}", #"[[["a"]], [["b"]]]"#, "[null, false, 0, [], {}]", #"[1, [1]]"#,
      ],
      fails: [
        "[1, 1]", "[1, 1.0]", "[1.0, 1.00, 1]", #"["a", "b", "a"]"#, #"[{"a": 1, "b": 2}, {"b": 2, "a": 1}]"#,
        "[[1, 2], [1, 2]]", "[null, null]", "[false, false]", "[[], []]", "[{}, {}]", "[1e2, 100]",
        #"[{"a": {"b": [1]}}, {"a": {"b": [1.0]}}]"#,
      ]),
    Row(#"{"uniqueItems": false}"#, fits: ["[1, 1]", "[[], []]"]),
    Row(
      #"{"uniqueItems": true, "prefixItems": [{"type": "boolean"}, {"type": "boolean"}], "items": false}"#,
      fits: ["[false, true]"], fails: ["[false, false]", "[true, false, 1]"]),
  ])
  func counts(_ row: Row) throws { try row.check() }

  @Test func manyItemsAreComparedByWhatTheyHold() throws {
    let schema = try JSONSchema(["uniqueItems": true, "items": ["type": "object"]])
    var items = (0..<100_000).map { JSONValue.object(["id": .integer(Int64($0)), "name": "n"]) }
    #expect(schema.accepts(.array(items)))
    items.append(["name": "n", "id": 7.0])
    #expect(
      schema.findings(in: .array(items)).map(\.reason)
        == ["must have no two equal items, and items 7 and 100000 are equal"])
  }
}
