import IonJSON
import Testing

@Suite struct JSONWriterTests {
  @Test func compactTextHasNoSpaceAndKeepsTheOrder() {
    let value: JSONValue = ["b": [1, nil, true, "x"], "a": [:], "c": []]
    #expect(value.serializedText() == #"{"b":[1,null,true,"x"],"a":{},"c":[]}"#)
    #expect(value.description == value.serializedText())
  }

  @Test func onlyWhatMustBeEscapedIs() {
    let text = (0...0x20).compactMap { Unicode.Scalar(UInt32($0)) }.map(String.init).joined() + "\"\\/\u{7F}é\u{2028}😀"
    let expected =
      #""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#
      + #"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f "#
      + "\\\"\\\\/\u{7F}é\u{2028}😀\""
    #expect(JSONValue.string(text).serializedText() == expected)
  }

  @Test func prettyTextIsSortedAndIndented() {
    let value: JSONValue = ["b": [1, ["z": nil]], "a": [:], "B": []]
    #expect(
      value.prettyText() == """
        {
          "B": [],
          "a": {},
          "b": [
            1,
            {
              "z": null
            }
          ]
        }

        """)
  }

  @Test func aNumberKeepsItsSpelling() throws {
    for literal in ["1.0", "1e2", "-0", "0.10", "123456789012345678901234567890", "1E400"] {
      #expect(try JSONParser().parse(literal).serializedText() == literal)
    }
  }

  @Test func aDeepValueIsWrittenWithoutOverflow() {
    var value: JSONValue = []
    for _ in 0..<20_000 { value = [value] }
    #expect(value.serialized().count == 40_002)
  }

  @Test func objectsAreEqualInAnyOrderAndByBytes() {
    #expect(["a": 1, "b": 2] as JSONValue == ["b": 2, "a": 1])
    #expect((["a": 1, "b": 2] as JSONValue).hashValue == (["b": 2, "a": 1] as JSONValue).hashValue)
    #expect(["a": 1] as JSONValue != ["a": 2])
    #expect(["\u{E9}": 1] as JSONValue != ["e\u{301}": 1])
    #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
    #expect(JSONValue.integer(1) != .number(JSONNumber(unchecked: "1.0")))
  }

  /// A dictionary says what an object of any size must answer.
  @Test(arguments: 0..<50) func anObjectBehavesLikeADictionary(seed: Int) {
    var generator = SplitMix(seed)
    var object = JSONObject()
    var model: [String: JSONValue] = [:]
    for _ in 0..<120 {
      let key = "k\(Int.random(in: 0..<40, using: &generator))"
      let value: JSONValue? = Int.random(in: 0..<3, using: &generator) == 0 ? nil : .integer(Int64(model.count))
      object[key] = value
      model[key] = value
      #expect(object[key] == value && object.contains(key) == (value != nil) && object.count == model.count)
    }
    for (key, value) in model { #expect(object[key] == value) }
    #expect(Set(object.keys) == Set(model.keys))
  }
}
