import IonJSON
import IonJSONSchema
import Testing

/// The keywords for objects: JSON Schema Validation 2020-12, section 6.5, and Core, sections 10.2.2.4 and 10.3.2.
@Suite struct ObjectKeywordTests {
  @Test(arguments: [
    Row(
      #"{"properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}"#,
      fits: [#"{"a": 1, "b": "x"}"#, "{}", #"{"c": []}"#, "[]", "12"], fails: [#"{"a": "x"}"#, #"{"a": 1, "b": 2}"#]),
    Row(
      #"{"properties": {"a": true, "b": false}}"#, fits: ["{}", #"{"a": 1}"#],
      fails: [#"{"b": 1}"#, #"{"a": 1, "b": 2}"#]),
    Row(
      #"{"properties": {"foo\nbar": {"type": "number"}, "a/b": {"type": "number"}, "c~d": {"type": "null"}}}"#,
      fits: [#"{"foo\nbar": 1, "a/b": 2, "c~d": null}"#], fails: [#"{"a/b": "x"}"#, #"{"c~d": 0}"#]),
    Row(
      #"{"properties": {"__proto__": {"type": "number"}, "constructor": {"type": "number"}}}"#,
      fits: [#"{"__proto__": 1}"#, "[]"], fails: [#"{"__proto__": "x"}"#, #"{"constructor": []}"#]),
    Row(#"{"properties": {"\u00e9": {"type": "null"}}}"#, fits: [#"{"e\u0301": 1}"#], fails: [#"{"\u00e9": 1}"#]),
    Row(
      #"{"patternProperties": {"f.*o": {"type": "integer"}}}"#,
      fits: [#"{"foo": 1}"#, #"{"foooooo": 1, "bar": "x"}"#, "{}", "[]"],
      fails: [#"{"foo": "x"}"#, #"{"xfyoz": null}"#]),
    Row(
      #"{"patternProperties": {"a*": {"type": "integer"}, "aaa*": {"maximum": 20}}}"#,
      fits: [#"{"a": 21}"#, #"{"aaaa": 18}"#], fails: [#"{"a": "x"}"#, #"{"aaaa": 31}"#, #"{"b": "x"}"#]),
    Row(#"{"patternProperties": {"^x": false}}"#, fits: ["{}", #"{"ax": 1}"#], fails: [#"{"x": 1}"#]),
    Row(
      #"{"properties": {"a": {}}, "additionalProperties": false}"#, fits: [#"{"a": 1}"#, "{}", "[1]"],
      fails: [#"{"a": 1, "b": 2}"#, #"{"A": 1}"#]),
    Row(
      #"{"properties": {"a": {}}, "patternProperties": {"^v": {}}, "additionalProperties": false}"#,
      fits: [#"{"a": 1, "vroom": 2}"#], fails: [#"{"quux": "boom"}"#]),
    Row(
      #"{"properties": {"a": {}}, "additionalProperties": {"type": "boolean"}}"#,
      fits: [#"{"a": 1, "b": true}"#], fails: [#"{"a": 1, "b": 12}"#]),
    Row(#"{"additionalProperties": {"type": "integer"}}"#, fits: ["{}", #"{"a": 1}"#], fails: [#"{"a": "x"}"#]),
    Row(#"{"additionalProperties": true}"#, fits: [#"{"a": "x"}"#]),
    Row(#"{"additionalProperties": false, "allOf": [{"properties": {"a": {}}}]}"#, fits: ["{}"], fails: [#"{"a": 1}"#]),
    Row(
      #"{"properties": {"a": {"maxItems": 3}}, "patternProperties": {"a": {"minItems": 2}}}"#,
      fits: [#"{"a": [1, 2]}"#], fails: [#"{"a": []}"#, #"{"a": [1, 2, 3, 4]}"#]),
  ])
  func members(_ row: Row) throws { try row.check() }

  @Test(arguments: [
    Row(
      #"{"propertyNames": {"maxLength": 3}}"#, fits: [#"{"f": {}, "foo": {}}"#, "{}", "[1, 2]"],
      fails: [#"{"foo": {}, "foobar": {}}"#]),
    Row(#"{"propertyNames": {"pattern": "^a+$"}}"#, fits: [#"{"a": 1, "aa": 2}"#], fails: [#"{"aaA": 1}"#]),
    Row(#"{"propertyNames": false}"#, fits: ["{}"], fails: [#"{"a": 1}"#]),
    Row(#"{"propertyNames": true}"#, fits: [#"{"a": 1}"#]),
    Row(#"{"propertyNames": {"enum": ["a", "b"]}}"#, fits: [#"{"a": 1}"#], fails: [#"{"c": 1}"#]),
    Row(#"{"propertyNames": {"type": "number"}}"#, fits: ["{}"], fails: [#"{"1": 1}"#]),
  ])
  func names(_ row: Row) throws { try row.check() }

  @Test(arguments: [
    Row(
      #"{"required": ["foo"]}"#, fits: [#"{"foo": 1}"#, #"{"foo": null}"#, "[]", #""""#, "12"],
      fails: ["{}", #"{"bar": 1}"#, #"{"Foo": 1}"#]),
    Row(#"{"required": []}"#, fits: ["{}"]),
    Row(#"{"required": ["a", "b"]}"#, fits: [#"{"a": 1, "b": 2}"#], fails: [#"{"a": 1}"#, #"{"b": 1}"#]),
    Row(#"{"required": ["__proto__", "toString"]}"#, fits: [#"{"__proto__": 1, "toString": 2}"#], fails: ["{}"]),
    Row(
      #"{"required": ["foo\"bar", "foo\tbar"]}"#, fits: [#"{"foo\"bar": 1, "foo\tbar": 1}"#],
      fails: [#"{"foo\"bar": 1}"#]),
    Row(#"{"minProperties": 1}"#, fits: [#"{"a": 1}"#, "[]", #""""#], fails: ["{}"]),
    Row(#"{"minProperties": 1.0}"#, fits: [#"{"a": 1}"#], fails: ["{}"]),
    Row(#"{"maxProperties": 1}"#, fits: [#"{"a": 1}"#, "{}", "[1, 2]"], fails: [#"{"a": 1, "b": 2}"#]),
    Row(#"{"maxProperties": 0}"#, fits: ["{}"], fails: [#"{"a": 1}"#]),
    Row(
      #"{"dependentRequired": {"bar": ["foo"]}}"#,
      fits: ["{}", #"{"foo": 1}"#, #"{"foo": 1, "bar": 2}"#, #"["bar"]"#, #""bar""#], fails: [#"{"bar": 2}"#]),
    Row(#"{"dependentRequired": {"bar": []}}"#, fits: ["{}", #"{"bar": 2}"#]),
    Row(
      #"{"dependentRequired": {"q": ["foo", "bar"], "r": ["s"]}}"#, fits: [#"{"q": 1, "foo": 1, "bar": 1}"#],
      fails: [#"{"q": 1, "foo": 1}"#, #"{"q": 1, "bar": 1}"#, #"{"q": 1}"#, #"{"r": 1}"#]),
    Row(
      #"{"dependentSchemas": {"bar": {"properties": {"foo": {"type": "integer"}}, "required": ["foo"]}}}"#,
      fits: [#"{"foo": 1, "bar": 2}"#, #"{"foo": "x"}"#, #"["bar"]"#, "{}"],
      fails: [#"{"foo": "x", "bar": 2}"#, #"{"bar": 1}"#]),
    Row(
      #"{"dependentSchemas": {"foo": true, "bar": false}}"#, fits: [#"{"foo": 1}"#, "{}"],
      fails: [#"{"bar": 2}"#, #"{"foo": 1, "bar": 2}"#]),
  ])
  func presence(_ row: Row) throws { try row.check() }

  @Test func objectsWithManyMembersAreLookedUp() throws {
    var value = JSONObject()
    var properties = JSONObject()
    for index in 0..<20_000 {
      value["key \(index)"] = .integer(Int64(index))
      properties["key \(index)"] = ["type": "integer"]
    }
    let schema = try JSONSchema([
      "properties": .object(properties), "additionalProperties": false,
      "required": .array(properties.keys.map(JSONValue.string)),
    ])
    #expect(schema.accepts(.object(value)))
    value["key 20000"] = 1
    #expect(schema.findings(in: .object(value)).map(\.instance) == ["/key 20000"])
  }
}
