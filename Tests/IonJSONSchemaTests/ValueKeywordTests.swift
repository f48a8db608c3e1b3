import IonJSONSchema
import Testing

/// The keywords that look at one value: JSON Schema Validation 2020-12, sections 6.1 to 6.3, and boolean schemas.
@Suite struct ValueKeywordTests {
  @Test(arguments: [
    Row("true", fits: ["null", "1", "{}", "[]", #""a""#]),
    Row("false", fails: ["null", "1", "{}", "[]", #""a""#]),
    Row("{}", fits: ["null", "0", "false", #"{"a": 1}"#]),
    Row(#"{"nonsense": 1, "title": "t", "format": "date", "default": 5, "x-y": []}"#, fits: ["1", #""no date""#]),
  ])
  func schemasWithoutAssertions(_ row: Row) throws { try row.check() }

  @Test(arguments: [
    Row(#"{"type": "null"}"#, fits: ["null"], fails: ["0", "false", #""""#, "[]", "{}"]),
    Row(#"{"type": "boolean"}"#, fits: ["true", "false"], fails: ["0", "null", #""true""#]),
    Row(
      #"{"type": "integer"}"#,
      fits: ["0", "-5", "1.0", "1e2", "100e-2", "123456789012345678901234567890", "-0.0", "9223372036854775808"],
      fails: ["1.5", "1e-1", #""1""#, "null", "0.1", "123456789012345678901234567890.5"]),
    Row(#"{"type": "number"}"#, fits: ["0", "1.5", "1e400", "-3"], fails: [#""1""#, "true", "null", "[1]"]),
    Row(#"{"type": "string"}"#, fits: [#""""#, #""a""#], fails: ["1", "null", #"["a"]"#]),
    Row(#"{"type": "array"}"#, fits: ["[]", "[1]"], fails: ["{}", #""[]""#, "null"]),
    Row(#"{"type": "object"}"#, fits: ["{}", #"{"a": 1}"#], fails: ["[]", "null", #""{}""#]),
    Row(#"{"type": ["string", "null"]}"#, fits: [#""a""#, "null"], fails: ["1", "false", "[]", "{}"]),
    Row(#"{"type": ["integer", "boolean"]}"#, fits: ["1", "2.0", "true"], fails: ["1.5", "null"]),
    Row(#"{"type": ["number", "integer"]}"#, fits: ["1", "1.5"], fails: [#""1""#]),
    Row(#"{"type": ["array"]}"#, fits: ["[]"], fails: ["{}"]),
  ])
  func types(_ row: Row) throws { try row.check() }

  @Test(arguments: [
    Row(
      #"{"enum": [1, "a", null, [1], {"a": 1}]}"#,
      fits: ["1", "1.0", #""a""#, "null", "[1]", "[1.0]", #"{"a": 1}"#, #"{"a": 1e0}"#],
      fails: ["2", #""b""#, "false", "[]", "[1, 1]", #"{"a": 2}"#, #"{"a": 1, "b": 1}"#]),
    Row(#"{"enum": []}"#, fails: ["1", "null"]),
    Row(#"{"enum": [false]}"#, fits: ["false"], fails: ["0", "null", #""""#]),
    Row(#"{"enum": [0]}"#, fits: ["0", "-0", "0.0", "0e5"], fails: ["false", "null"]),
    Row(#"{"enum": [[false]]}"#, fits: ["[false]"], fails: ["[0]"]),
    Row("{\"enum\": [\"\u{E9}\"]}", fits: ["\"\u{E9}\"", #""\u00e9""#], fails: ["\"e\u{301}\""]),
    Row(#"{"const": 2}"#, fits: ["2", "2.0", "2.00", "0.2e1"], fails: ["3", #""2""#, "2.0000000000000000001"]),
    Row(#"{"const": {"a": 1, "b": 2}}"#, fits: [#"{"b": 2, "a": 1}"#], fails: [#"{"a": 1}"#, "[1, 2]"]),
    Row(#"{"const": [{"a": false}]}"#, fits: [#"[{"a": false}]"#], fails: [#"[{"a": 0}]"#, "[]"]),
    Row(#"{"const": null}"#, fits: ["null"], fails: ["0", "false", "{}"]),
    Row(#"{"const": 9007199254740993}"#, fits: ["9007199254740993"], fails: ["9007199254740992"]),
    Row(#"{"const": 1e400}"#, fits: ["10e399"], fails: ["1e401", "1e399"]),
    Row(#"{"const": -2.0}"#, fits: ["-2", "-2.0"], fails: ["2"]),
    Row(#"{"const": "a\u0000b"}"#, fits: [#""a\u0000b""#], fails: [#""ab""#]),
  ])
  func valuesThatAreNamed(_ row: Row) throws { try row.check() }

  @Test(arguments: [
    Row(#"{"multipleOf": 2}"#, fits: ["0", "4", "-6", "10.0", #""3""#, "null", "1e300"], fails: ["7", "1", "2.5"]),
    Row(#"{"multipleOf": 1.5}"#, fits: ["0", "4.5", "-3", "3.0"], fails: ["35", "1.4", "1"]),
    Row(#"{"multipleOf": 0.01}"#, fits: ["0.07", "19.99", "4.35", "1.1", "100"], fails: ["0.075", "0.001"]),
    Row(#"{"multipleOf": 0.0001}"#, fits: ["0.0075", "1"], fails: ["0.00751"]),
    Row(#"{"multipleOf": 1e-8}"#, fits: ["12391239123", "1e308", "0.00000001"], fails: ["1e-9"]),
    Row(#"{"multipleOf": 0.123456789}"#, fits: ["0.246913578"], fails: ["1e308", "0.1234567891"]),
    Row(#"{"multipleOf": 3}"#, fits: ["123456789012345678901234567890", "3e500"], fails: ["1e500"]),
    Row(#"{"multipleOf": 7}"#, fits: ["14", "7e100"], fails: ["1e100", "6"]),
    Row(#"{"multipleOf": 1024}"#, fits: ["1e10", "1e400", "2048"], fails: ["1e9", "1000"]),
    Row(#"{"multipleOf": 100}"#, fits: ["100", "1e2", "300"], fails: ["150", "10"]),
    Row(
      #"{"multipleOf": 1000000000000000000000000000000000007}"#,
      fits: ["2000000000000000000000000000000000014", "0"], fails: ["1000000000000000000000000000000000008"]),
    Row(#"{"minimum": 1.1}"#, fits: ["2.6", "1.1", "1.10", #""x""#, "[]"], fails: ["0.6", "1.09", "-1e9"]),
    Row(#"{"minimum": -2}"#, fits: ["-1", "0", "-2", "-2.0"], fails: ["-2.0001", "-3"]),
    Row(#"{"minimum": 9007199254740993}"#, fits: ["9007199254740993", "1e17"], fails: ["9007199254740992"]),
    Row(#"{"maximum": 3.0}"#, fits: ["2.6", "3", "3.0", "-1e999"], fails: ["3.5", "3.0000000000000000000001"]),
    Row(
      #"{"maximum": 18446744073709551615}"#, fits: ["18446744073709551615"], fails: ["18446744073709551616", "1e30"]),
    Row(#"{"exclusiveMinimum": 1.1}"#, fits: ["1.2", "1.11"], fails: ["1.1", "1.10", "0"]),
    Row(#"{"exclusiveMaximum": 3}"#, fits: ["2.9999999999999999999", "0"], fails: ["3", "3.0", "3.5"]),
    Row(#"{"minimum": 0, "maximum": 1}"#, fits: ["0", "1", "0.5"], fails: ["-1e-400", "1.00001"]),
    Row(#"{"exclusiveMinimum": 0}"#, fits: ["1e-400"], fails: ["0", "-0.0", "-1e-400"]),
  ])
  func numbers(_ row: Row) throws { try row.check() }

  @Test(arguments: [
    Row(#"{"minLength": 2}"#, fits: [#""fo""#, #""foo""#, "1", "null"], fails: [#""f""#, #""""#]),
    Row(#"{"minLength": 2.0}"#, fits: [#""fo""#], fails: [#""f""#]),
    Row(
      "{\"minLength\": 2}", fits: ["\"\u{1F4A9}\u{1F4A9}\"", "\"e\u{301}\""], fails: ["\"\u{1F4A9}\"", "\"\u{E9}\""]),
    Row(#"{"maxLength": 2}"#, fits: [#""""#, #""fo""#, "100"], fails: [#""foo""#]),
    Row("{\"maxLength\": 2}", fits: ["\"\u{1F4A9}\u{1F4A9}\""], fails: ["\"\u{1F1E9}\u{1F1EA}x\"", "\"e\u{301}x\""]),
    Row(#"{"maxLength": 0}"#, fits: [#""""#], fails: [#"" ""#]),
    Row(#"{"minLength": 99999999999999999999}"#, fits: ["1"], fails: [#""a""#]),
    Row(#"{"maxLength": 99999999999999999999}"#, fits: [#""a""#]),
    Row(#"{"pattern": "^a*$"}"#, fits: [#""""#, #""aaa""#, "1", "{}"], fails: [#""b""#, #""aab""#, #""a\n""#]),
    Row(#"{"pattern": "a+"}"#, fits: [#""xaay""#, #""a""#], fails: [#""xyz""#, #""""#]),
    Row(#"{"format": "email"}"#, fits: [#""no address""#, "1"]),
    Row(#"{"contentEncoding": "base64", "contentMediaType": "application/json"}"#, fits: [#""!!""#]),
  ])
  func strings(_ row: Row) throws { try row.check() }
}
