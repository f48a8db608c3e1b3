import IonJSON
import IonJSONSchema
import Testing

/// `$ref`, `$defs`, `$anchor` and recursion: JSON Schema Core 2020-12, section 8.
@Suite struct ReferenceTests {
  @Test(arguments: [
    Row(
      ##"{"$defs": {"n": {"type": "integer"}}, "properties": {"a": {"$ref": "#/$defs/n"}}}"##,
      fits: [#"{"a": 1}"#, "{}"], fails: [#"{"a": "x"}"#]),
    Row(
      ##"{"properties": {"foo": {"$ref": "#"}}, "additionalProperties": false}"##,
      fits: [#"{"foo": false}"#, #"{"foo": {"foo": false}}"#], fails: [#"{"bar": 1}"#, #"{"foo": {"bar": 1}}"#]),
    Row(
      ##"{"prefixItems": [{"type": "integer"}, {"$ref": "#/prefixItems/0"}]}"##, fits: ["[1, 2]"], fails: [#"[1, "x"]"#]
    ),
    Row(
      ##"{"$defs": {"til~de": {"type": "integer"}, "sla/sh": {"type": "integer"}, "per%cent": {"type": "null"}}, "properties": {"t": {"$ref": "#/$defs/til~0de"}, "s": {"$ref": "#/$defs/sla~1sh"}, "p": {"$ref": "#/$defs/per%25cent"}}}"##,
      fits: [#"{"t": 1, "s": 2, "p": null}"#], fails: [#"{"t": "x"}"#, #"{"s": "x"}"#, #"{"p": 1}"#]),
    Row(
      ##"{"$defs": {"a": {"type": "integer"}, "b": {"$ref": "#/$defs/a"}, "c": {"$ref": "#/$defs/b"}}, "$ref": "#/$defs/c"}"##,
      fits: ["5"], fails: [#""a""#]),
    Row(
      ##"{"$defs": {"r": {"type": "array"}}, "properties": {"foo": {"$ref": "#/$defs/r", "maxItems": 2}}}"##,
      fits: [#"{"foo": []}"#], fails: [#"{"foo": [1, 2, 3]}"#, #"{"foo": "x"}"#]),
    Row(##"{"properties": {"$ref": {"type": "string"}}}"##, fits: [##"{"$ref": "a"}"##], fails: [##"{"$ref": 2}"##]),
    Row(##"{"$ref": "#/$defs/bool", "$defs": {"bool": false}}"##, fails: ["1"]),
    Row(##"{"$ref": "#/$defs/bool", "$defs": {"bool": true}}"##, fits: ["1"]),
    Row(##"{"$ref": "#foo", "$defs": {"A": {"$anchor": "foo", "type": "integer"}}}"##, fits: ["1"], fails: [#""a""#]),
    Row(
      ##"{"$dynamicRef": "#node", "$defs": {"A": {"$dynamicAnchor": "node", "type": "integer"}}}"##, fits: ["1"],
      fails: [#""a""#]),
    Row(
      ##"{"$id": "https://x.example/tree", "$ref": "https://x.example/tree#/$defs/n", "$defs": {"n": {"type": "null"}}}"##,
      fits: ["null"], fails: ["1"]),
    Row(##"{"definitions": {"n": {"type": "null"}}, "$ref": "#/definitions/n"}"##, fits: ["null"], fails: ["1"]),
    Row(##"{"x-lists": [{"y": {"type": "null"}}], "$ref": "#/x-lists/0/y"}"##, fits: ["null"], fails: ["1"]),
    Row(
      ##"{"x": {"$ref": "#/y"}, "y": {"$ref": "#/z"}, "z": {"type": "null"}, "items": {"$ref": "#/x"}}"##,
      fits: ["[null]"], fails: ["[1]"]),
    Row(
      ##"{"type": "object", "required": ["v"], "properties": {"v": {"type": "number"}, "nodes": {"type": "array", "items": {"$ref": "#"}}}, "additionalProperties": false}"##,
      fits: [#"{"v": 1, "nodes": [{"v": 2, "nodes": []}, {"v": 3}]}"#],
      fails: [#"{"v": 1, "nodes": [{"v": "x"}]}"#, #"{"v": 1, "nodes": [{}]}"#]),
    Row(
      ##"{"$defs": {"a": {"properties": {"b": {"$ref": "#/$defs/b"}}}, "b": {"properties": {"a": {"$ref": "#/$defs/a"}}, "required": ["a"]}}, "$ref": "#/$defs/a"}"##,
      fits: [#"{"b": {"a": {"b": {"a": {}}}}}"#], fails: [#"{"b": {"a": {"b": {}}}}"#]),
    Row(##"{"$schema": "http://json-schema.org/draft-07/schema#", "type": "null"}"##, fits: ["null"], fails: ["1"]),
    Row(##"{"const": {"$ref": "#/nowhere"}}"##, fits: [##"{"$ref": "#/nowhere"}"##], fails: ["{}"]),
    Row(##"{"enum": [{"$ref": "#/nowhere"}], "default": {"$ref": 5}}"##, fits: [##"{"$ref": "#/nowhere"}"##]),
    Row(
      ##"{"allOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/a"}], "$defs": {"a": {"type": "null"}}}"##, fits: ["null"],
      fails: ["0"]),
  ])
  func references(_ row: Row) throws { try row.check() }

  @Test func recursionGoesAsDeepAsIsPromised() throws {
    let schema = try JSONSchema(["properties": ["next": ["$ref": "#"]], "additionalProperties": false])
    func chain(_ count: Int) -> JSONValue { (0..<count).reduce([:]) { chain, _ in ["next": chain] } }
    #expect(schema.findings(in: chain(190)) == [])
    let findings = schema.findings(in: chain(260))
    #expect(findings.map(\.reason) == ["is nested too deeply to be checked"])
  }

  @Test func whatMultipliesItselfIsGivenUp() throws {
    var definitions = JSONObject()
    for level in 0..<40 {
      definitions["a\(level)"] = [
        "allOf": [["$ref": .string("#/$defs/a\(level + 1)")], ["$ref": .string("#/$defs/a\(level + 1)")]]
      ]
    }
    definitions["a40"] = true
    let schema = try JSONSchema(["$defs": .object(definitions), "$ref": "#/$defs/a0"])
    #expect(schema.findings(in: 1).map(\.reason) == ["takes too many steps to be checked"])
    let reversed = try JSONSchema(["$defs": .object(definitions), "not": ["$ref": "#/$defs/a0"]])
    #expect(reversed.findings(in: 1).map(\.reason) == ["takes too many steps to be checked"])
  }
}
