import IonJSONSchema
import Testing

/// The keywords that apply further schemas to the same value: JSON Schema Core 2020-12, section 10.2, and those that ask
/// what is left: section 11.
@Suite struct CombinationTests {
  @Test(arguments: [
    Row(
      #"{"allOf": [{"required": ["a"]}, {"required": ["b"]}]}"#, fits: [#"{"a": 1, "b": 2}"#],
      fails: [#"{"a": 1}"#, #"{"b": 1}"#, "{}"]),
    Row(
      #"{"properties": {"bar": {"type": "integer"}}, "allOf": [{"required": ["bar"]}, {"required": ["foo"]}]}"#,
      fits: [#"{"foo": 1, "bar": 2}"#], fails: [#"{"foo": 1}"#, #"{"foo": 1, "bar": "x"}"#]),
    Row(#"{"allOf": [true, true]}"#, fits: ["1"]),
    Row(#"{"allOf": [true, false]}"#, fails: ["1"]),
    Row(#"{"allOf": [{}]}"#, fits: ["1"]),
    Row(
      #"{"allOf": [{"multipleOf": 2}], "anyOf": [{"multipleOf": 3}], "oneOf": [{"multipleOf": 5}]}"#,
      fits: ["30", "60"], fails: ["1", "5", "3", "15", "2", "10", "6"]),
    Row(#"{"anyOf": [{"type": "integer"}, {"minimum": 2}]}"#, fits: ["1", "2.5", "3", #""x""#], fails: ["1.5"]),
    Row(#"{"anyOf": [true, false]}"#, fits: ["1"]),
    Row(#"{"anyOf": [false, false]}"#, fails: ["1"]),
    Row(
      #"{"type": "string", "anyOf": [{"maxLength": 2}, {"minLength": 4}]}"#, fits: [#""ab""#, #""abcd""#],
      fails: ["3", #""abc""#]),
    Row(#"{"anyOf": [{"anyOf": [{"type": "null"}]}]}"#, fits: ["null"], fails: ["123"]),
    Row(#"{"oneOf": [{"type": "integer"}, {"minimum": 2}]}"#, fits: ["1", "2.5"], fails: ["3", "1.5"]),
    Row(#"{"oneOf": [true, true]}"#, fails: ["1"]),
    Row(#"{"oneOf": [true, false, false]}"#, fits: ["1"]),
    Row(#"{"oneOf": [false, false]}"#, fails: ["1"]),
    Row(
      #"{"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}"#, fits: [#"{"a": 1}"#, #"{"b": 1}"#],
      fails: [#"{"a": 1, "b": 1}"#, "{}"]),
    Row(#"{"not": {"type": "integer"}}"#, fits: [#""x""#, "1.5"], fails: ["1", "1.0"]),
    Row(#"{"not": {"type": ["integer", "boolean"]}}"#, fits: [#""x""#], fails: ["1", "true"]),
    Row(#"{"not": {}}"#, fails: ["1", "null"]),
    Row(#"{"not": false}"#, fits: ["1"]),
    Row(#"{"not": {"not": {"type": "string"}}}"#, fits: [#""x""#], fails: ["1"]),
    Row(#"{"properties": {"a": {"not": {}}}}"#, fits: [#"{"b": 1}"#], fails: [#"{"a": 1}"#]),
  ])
  func combinations(_ row: Row) throws { try row.check() }

  @Test(arguments: [
    Row(#"{"if": {"const": 0}}"#, fits: ["0", "1"]),
    Row(#"{"then": {"const": 0}}"#, fits: ["0", "1"]),
    Row(#"{"else": {"const": 0}}"#, fits: ["0", "1"]),
    Row(#"{"if": {"exclusiveMaximum": 0}, "then": {"minimum": -10}}"#, fits: ["-1", "3"], fails: ["-100"]),
    Row(#"{"if": {"exclusiveMaximum": 0}, "else": {"multipleOf": 2}}"#, fits: ["-1", "4"], fails: ["3"]),
    Row(
      #"{"if": {"exclusiveMaximum": 0}, "then": {"minimum": -10}, "else": {"multipleOf": 2}}"#, fits: ["-1", "4"],
      fails: ["-100", "3"]),
    Row(#"{"if": true, "then": {"const": "t"}, "else": {"const": "e"}}"#, fits: [#""t""#], fails: [#""e""#]),
    Row(#"{"if": false, "then": {"const": "t"}, "else": {"const": "e"}}"#, fits: [#""e""#], fails: [#""t""#]),
    Row(
      #"{"allOf": [{"if": {"exclusiveMaximum": 0}}, {"then": {"minimum": -10}}, {"else": {"multipleOf": 2}}]}"#,
      fits: ["-100", "3"]),
    Row(
      #"{"if": {"properties": {"k": {"const": "a"}}, "required": ["k"]}, "then": {"required": ["x"]}, "else": {"required": ["y"]}}"#,
      fits: [#"{"k": "a", "x": 1}"#, #"{"k": "b", "y": 1}"#, #"{"y": 1}"#], fails: [#"{"k": "a", "y": 1}"#, "{}"]),
  ])
  func conditions(_ row: Row) throws { try row.check() }

  @Test(arguments: [
    Row(#"{"unevaluatedProperties": false}"#, fits: ["{}", "[1]", "1"], fails: [#"{"a": 1}"#]),
    Row(#"{"unevaluatedProperties": true}"#, fits: [#"{"a": 1}"#]),
    Row(#"{"unevaluatedProperties": {"minLength": 3}}"#, fits: [#"{"a": "foo"}"#], fails: [#"{"a": "fo"}"#]),
    Row(
      #"{"properties": {"a": {}}, "unevaluatedProperties": false}"#, fits: [#"{"a": 1}"#], fails: [#"{"a": 1, "b": 2}"#]
    ),
    Row(
      #"{"patternProperties": {"^f": {}}, "unevaluatedProperties": false}"#, fits: [#"{"foo": 1}"#],
      fails: [#"{"bar": 1}"#]),
    Row(
      #"{"properties": {"a": {}}, "additionalProperties": true, "unevaluatedProperties": false}"#, fits: [#"{"b": 1}"#]),
    Row(
      #"{"properties": {"a": {}}, "allOf": [{"properties": {"b": {}}}], "unevaluatedProperties": false}"#,
      fits: [#"{"a": 1, "b": 2}"#], fails: [#"{"a": 1, "b": 2, "c": 3}"#]),
    Row(
      #"{"anyOf": [{"properties": {"a": {"const": 1}}, "required": ["a"]}, {"properties": {"b": {"const": 2}}, "required": ["b"]}], "unevaluatedProperties": false}"#,
      fits: [#"{"a": 1}"#, #"{"a": 1, "b": 2}"#, #"{"b": 2}"#], fails: [#"{"a": 1, "b": 3}"#, #"{"a": 1, "c": 1}"#]),
    Row(
      #"{"oneOf": [{"properties": {"a": {"const": 1}}, "required": ["a"]}, {"properties": {"b": {"const": 2}}, "required": ["b"]}], "unevaluatedProperties": false}"#,
      fits: [#"{"a": 1}"#], fails: [#"{"a": 1, "q": 1}"#]),
    Row(
      #"{"not": {"not": {"properties": {"b": {"const": 1}}, "required": ["b"]}}, "unevaluatedProperties": false}"#,
      fails: [#"{"b": 1}"#]),
    Row(
      #"{"if": {"properties": {"a": {"const": 1}}, "required": ["a"]}, "then": {"properties": {"b": {}}}, "else": {"properties": {"c": {}}}, "unevaluatedProperties": false}"#,
      fits: [#"{"a": 1, "b": 2}"#, #"{"c": 1}"#], fails: [#"{"a": 1, "c": 2}"#, #"{"a": 2, "c": 1}"#, #"{"b": 1}"#]),
    Row(
      #"{"dependentSchemas": {"a": {"properties": {"b": {}}}}, "properties": {"a": {}}, "unevaluatedProperties": false}"#,
      fits: [#"{"a": 1, "b": 2}"#], fails: [#"{"b": 2}"#]),
    Row(
      ##"{"$ref": "#/$defs/x", "$defs": {"x": {"properties": {"a": {}}}}, "properties": {"b": {}}, "unevaluatedProperties": false}"##,
      fits: [#"{"a": 1, "b": 2}"#], fails: [#"{"c": 1}"#]),
    Row(
      #"{"allOf": [{"properties": {"a": {}}}, {"unevaluatedProperties": false}]}"#, fits: ["{}"], fails: [#"{"a": 1}"#]),
    Row(#"{"properties": {"a": {}}, "allOf": [{"unevaluatedProperties": false}]}"#, fails: [#"{"a": 1}"#]),
    Row(
      #"{"allOf": [{"properties": {"a": {}}, "unevaluatedProperties": true}], "unevaluatedProperties": false}"#,
      fits: [#"{"a": 1, "b": 2}"#]),
    Row(
      #"{"properties": {"x": {"properties": {"a": {}}}}, "unevaluatedProperties": false}"#, fits: [#"{"x": {"z": 1}}"#]),
    Row(#"{"propertyNames": {"maxLength": 1}, "unevaluatedProperties": false}"#, fails: [#"{"a": 1}"#]),
  ])
  func leftMembers(_ row: Row) throws { try row.check() }

  @Test(arguments: [
    Row(#"{"unevaluatedItems": false}"#, fits: ["[]", "{}"], fails: ["[1]"]),
    Row(#"{"unevaluatedItems": {"type": "string"}}"#, fits: [#"["a"]"#], fails: ["[1]"]),
    Row(#"{"items": {"type": "string"}, "unevaluatedItems": false}"#, fits: [#"["a", "b"]"#]),
    Row(#"{"prefixItems": [{}], "unevaluatedItems": false}"#, fits: ["[1]"], fails: ["[1, 2]"]),
    Row(#"{"prefixItems": [{}], "items": true, "unevaluatedItems": false}"#, fits: ["[1, 2]"]),
    Row(
      #"{"prefixItems": [{}], "allOf": [{"prefixItems": [true, {"type": "number"}]}], "unevaluatedItems": false}"#,
      fits: ["[1, 2]"], fails: ["[1, 2, 3]"]),
    Row(#"{"contains": {"type": "string"}, "unevaluatedItems": false}"#, fits: [#"["a", "b"]"#], fails: [#"["a", 1]"#]),
    Row(
      #"{"allOf": [{"contains": {"multipleOf": 2}}, {"contains": {"multipleOf": 3}}], "unevaluatedItems": {"multipleOf": 5}}"#,
      fits: ["[2, 3, 4, 5, 6]"], fails: ["[2, 3, 4, 7, 8]"]),
    Row(
      #"{"anyOf": [{"prefixItems": [{"const": 1}]}, {"prefixItems": [true, {"const": 2}]}], "unevaluatedItems": false}"#,
      fits: ["[1]", "[1, 2]", "[9, 2]"], fails: ["[1, 3]", "[1, 2, 3]"]),
    Row(
      #"{"prefixItems": [{"const": "foo"}], "not": {"not": {"prefixItems": [true, {"const": "bar"}]}}, "unevaluatedItems": false}"#,
      fails: [#"["foo", "bar"]"#]),
    Row(
      #"{"if": {"prefixItems": [{"const": 1}]}, "then": {"prefixItems": [true, {"const": 2}]}, "unevaluatedItems": false}"#,
      fits: ["[1, 2]", "[1]", "[]"], fails: ["[1, 2, 3]", "[5]"]),
  ])
  func leftItems(_ row: Row) throws { try row.check() }
}
