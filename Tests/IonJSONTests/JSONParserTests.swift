import IonJSON
import Testing

/// Texts in the manner of JSONTestSuite: each must be accepted, or refused for the reason beside it.
@Suite struct JSONParserTests {
  static let accepted: [(text: String, value: JSONValue)] = [
    ("null", .null), ("true", true), ("false", false), (" \t\r\n null \t\r\n ", .null),
    ("0", 0), ("-1", -1), ("123", 123), ("-0", .number(JSONNumber(unchecked: "-0"))),
    ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
    ("9223372036854775808", .number(JSONNumber(unchecked: "9223372036854775808"))),
    ("-9223372036854775809", .number(JSONNumber(unchecked: "-9223372036854775809"))),
    ("18446744073709551616", .number(JSONNumber(unchecked: "18446744073709551616"))),
    ("1.0", .number(JSONNumber(unchecked: "1.0"))), ("1e2", .number(JSONNumber(unchecked: "1e2"))),
    ("1E+2", .number(JSONNumber(unchecked: "1E+2"))), ("0e-1", .number(JSONNumber(unchecked: "0e-1"))),
    ("123.456e78", .number(JSONNumber(unchecked: "123.456e78"))),
    ("1e999999", .number(JSONNumber(unchecked: "1e999999"))),
    (#""""#, ""), (#""a""#, "a"), (#""\u0061\u30af\u30EA""#, "a\u{30AF}\u{30EA}"),
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
    (#""\u0000""#, "\0"), (#""\ud83d\ude39x""#, "😹x"), ("\"\u{2028}\u{7F}\u{10FFFF}\"", "\u{2028}\u{7F}\u{10FFFF}"),
    (#""\\u0000""#, "\\u0000"), (#""é\n€😀""#, "é\n€😀"), (#""/* no comment */ // ""#, "/* no comment */ // "),
    (#""\ud800""#, "\u{FFFD}"), (#""\udc00x""#, "\u{FFFD}x"), (#""\ud800\ud800\udc00""#, "\u{FFFD}\u{10000}"),
    (#""\ud800\n""#, "\u{FFFD}\n"), (#""\ud800\u0041""#, "\u{FFFD}A"), (#""\udfff\ud800""#, "\u{FFFD}\u{FFFD}"),
    ("[]", []), ("[ ]", []), ("[1]", [1]), ("[1,2 , 3]", [1, 2, 3]), ("[[],[[]]]", [[], [[]]]),
    ("[null,\"\",{}]", [nil, "", [:]]),
    ("{}", [:]), ("{ }", [:]), (#"{"a":1}"#, ["a": 1]), (#"{"":0, "b" : [ ] }"#, ["": 0, "b": []]),
    (#"{"a":{"b":[1,{"c":null}]}}"#, ["a": ["b": [1, ["c": nil]]]]), (#"{"a\u0000b":1}"#, ["a\0b": 1]),
    (#"{"a":1,"b":2,"a":3}"#, ["a": 3, "b": 2]),
    ("{\"\u{E9}\":1,\"e\u{301}\":2}", ["\u{E9}": 1, "e\u{301}": 2]),
    ("\u{FEFF}[1]", [1]),
  ]

  @Test(arguments: accepted) func wellFormedTextIsAccepted(text: String, value: JSONValue) throws {
    #expect(try JSONParser().parse(text) == value)
    #expect(try JSONParser().parse(Array(text.utf8)) == value)
  }

  static let refused: [(text: String, offset: Int, reason: JSONFailure.Reason)] = [
    ("", 0, .endOfInput), (" ", 1, .endOfInput), ("\u{FEFF}", 3, .endOfInput),
    ("\u{FEFF}\u{FEFF}1", 3, .unexpectedByte(0xEF)),
    ("[", 1, .endOfInput), ("{", 1, .endOfInput), ("[1", 2, .endOfInput), ("[1,", 3, .endOfInput),
    (#"{"a""#, 4, .endOfInput),
    (#"{"a":"#, 5, .endOfInput), (#"{"a":1"#, 6, .endOfInput), ("\"a", 2, .endOfInput), ("\"\\", 2, .endOfInput),
    (#""\u00"#, 5, .endOfInput), ("nul", 3, .endOfInput), ("-", 1, .endOfInput), ("1.", 2, .endOfInput),
    ("1e", 2, .endOfInput),
    ("[1,]", 3, .unexpectedByte(0x5D)), (#"{"a":1,}"#, 7, .unexpectedByte(0x7D)), ("[,1]", 1, .unexpectedByte(0x2C)),
    ("[1,,2]", 3, .unexpectedByte(0x2C)), ("[1 2]", 3, .unexpectedByte(0x32)), ("[1}", 2, .unexpectedByte(0x7D)),
    (#"{"a":1]"#, 6, .unexpectedByte(0x5D)), ("{1:1}", 1, .unexpectedByte(0x31)), ("{a:1}", 1, .unexpectedByte(0x61)),
    (#"{"a" 1}"#, 5, .unexpectedByte(0x31)), (#"{"a":1 "b":2}"#, 7, .unexpectedByte(0x22)),
    ("{'a':1}", 1, .unexpectedByte(0x27)),
    ("1 2", 2, .trailingBytes), ("[]]", 2, .trailingBytes), ("{}}", 2, .trailingBytes), ("1\0", 1, .trailingBytes),
    ("null,", 4, .trailingBytes), ("[1]//c", 3, .trailingBytes), ("0123", 4, .malformedNumber),
    ("TRUE", 0, .unexpectedByte(0x54)), ("trUe", 2, .unexpectedByte(0x55)), ("NaN", 0, .unexpectedByte(0x4E)),
    ("Infinity", 0, .unexpectedByte(0x49)), ("-Infinity", 1, .malformedNumber), ("+1", 0, .unexpectedByte(0x2B)),
    (".5", 0, .unexpectedByte(0x2E)), ("01", 2, .malformedNumber), ("-01", 3, .malformedNumber),
    ("1.e1", 2, .malformedNumber),
    ("1.5.5", 3, .trailingBytes), ("1e1e1", 3, .trailingBytes), ("1e+", 3, .endOfInput), ("0x10", 1, .trailingBytes),
    ("--1", 1, .malformedNumber), ("1_000", 1, .trailingBytes), ("\u{FF11}", 0, .unexpectedByte(0xEF)),
    (#""\a""#, 1, .malformedEscape), (#""\x00""#, 1, .malformedEscape), (#""\u00G0""#, 1, .malformedEscape),
    (#""\U0041""#, 1, .malformedEscape), (#""\u+041""#, 1, .malformedEscape), (#""\ud800\u12""#, 7, .malformedEscape),
    ("\"a\tb\"", 2, .controlCharacter), ("\"a\nb\"", 2, .controlCharacter), ("\"\0\"", 1, .controlCharacter),
    (#""\n"# + "\u{1F}\"", 3, .controlCharacter), ("[\u{C}]", 1, .unexpectedByte(0x0C)),
    ("\u{A0}1", 0, .unexpectedByte(0xC2)),
    ("/**/1", 0, .unexpectedByte(0x2F)), ("1//", 1, .trailingBytes), ("[\u{2060}]", 1, .unexpectedByte(0xE2)),
    ("*", 0, .unexpectedByte(0x2A)),
  ]

  @Test(arguments: refused) func malformedTextIsRefused(text: String, offset: Int, reason: JSONFailure.Reason) {
    #expect(throws: JSONFailure(offset: offset, reason: reason)) { try JSONParser().parse(text) }
  }

  /// Bytes after the quote at offset 0 whose first fault is at `offset`.
  static let invalidUTF8: [(bytes: [UInt8], offset: Int)] = [
    ([0x80], 1), ([0xBF], 1), ([0xC0, 0x80], 1), ([0xC1, 0xBF], 1), ([0xC3], 1), ([0xC3, 0x28], 1),
    ([0x61, 0xE0, 0x80, 0x80], 2),
    ([0xE0, 0x9F, 0xBF], 1), ([0xED, 0xA0, 0x80], 1), ([0xED, 0xBF, 0xBF], 1), ([0xE2, 0x82], 1),
    ([0xE2, 0x82, 0x28], 1),
    ([0xF0, 0x80, 0x80, 0x80], 1), ([0xF0, 0x8F, 0xBF, 0xBF], 1), ([0xF4, 0x90, 0x80, 0x80], 1),
    ([0xF5, 0x80, 0x80, 0x80], 1),
    ([0xFF], 1), ([0xFE, 0xFF], 1), ([0xF0, 0x9F, 0x98], 1), ([0xC3, 0xA9, 0xE9], 3),
    ([0xE2, 0x82, 0x5C, 0x6E], 1), ([0x5C, 0x6E, 0xFF], 3), ([0x5C, 0x6E, 0xE2, 0x82], 3),
  ]

  @Test(arguments: invalidUTF8) func bytesThatAreNotUTF8AreRefused(bytes: [UInt8], offset: Int) {
    let failure = JSONFailure(offset: offset, reason: .invalidUTF8)
    #expect(throws: failure) { try JSONParser().parse([0x22] + bytes + [0x22]) }
  }

  @Test(arguments: [[0xFF, 0xFE, 0x31, 0x00], [0x00, 0x31], [0x31, 0x00]] as [[UInt8]])
  func otherEncodingsAreRefused(bytes: [UInt8]) {
    #expect(throws: JSONFailure.self) { try JSONParser().parse(bytes) }
  }

  @Test func everyScalarValueIsReadAsItself() throws {
    for code in stride(from: UInt32(0x20), through: 0x10FFFF, by: 61) {
      guard let scalar = Unicode.Scalar(code), scalar != "\"", scalar != "\\" else { continue }
      #expect(try JSONParser().parse("\"\(scalar)\"") == .string(String(scalar)))
    }
  }

  @Test func nestingIsAcceptedUpToTheLimitAndRefusedBeyond() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(try JSONParser().parse(nested(512)).arrayValue?.count == 1)
    #expect(throws: JSONFailure(offset: 512, reason: .tooDeep(limit: 512))) { try JSONParser().parse(nested(513)) }
    #expect(throws: JSONFailure(offset: 3, reason: .tooDeep(limit: 3))) {
      try JSONParser(maximumDepth: 3).parse(nested(4))
    }
  }

  @Test(arguments: ["[", #"{"a":"#, #"[{"":"#]) func absurdDepthNeitherCrashesNorIsAccepted(opening: String) {
    let text = String(repeating: opening, count: 100_000)
    #expect(throws: JSONFailure.self) { try JSONParser().parse(text) }
    #expect(throws: JSONFailure.self) { try JSONParser(maximumDepth: .max).parse(text) }
  }

  @Test func theDeepestAcceptedValueIsComparedWrittenAndFreed() throws {
    let depth = JSONParser.depthCap
    let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    let value = try JSONParser(maximumDepth: depth).parse(text)
    #expect(value == (try JSONParser(maximumDepth: depth).parse(text)))
    #expect(value.serializedText() == text)
  }

  @Test func bigObjectsKeepOrderAndTheLastOfEqualKeys() throws {
    let members = (0..<5000).map { "\"k\($0 % 4000)\":\($0)" }.joined(separator: ",")
    let object = try #require(try JSONParser().parse("{\(members)}").objectValue)
    #expect(object.keys == (0..<4000).map { "k\($0)" })
    #expect(object["k0"] == 4000 && object["k999"] == 4999 && object["k1000"] == 1000 && object["none"] == nil)
  }

  @Test func aFailureSaysWhatIsWrongAndWhere() {
    #expect(JSONFailure(offset: 3, reason: .unexpectedByte(0x5D)).description == "unexpected ']' at byte 3")
    #expect(JSONFailure(offset: 0, reason: .unexpectedByte(0)).description == "unexpected byte 0x0 at byte 0")
  }
}
