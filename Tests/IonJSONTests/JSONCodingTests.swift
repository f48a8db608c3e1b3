import Foundation
import IonJSON
import Testing

@Suite struct JSONCodingTests {
  struct Everything: Codable, Hashable {
    enum Kind: String, Codable { case plain, odd }
    struct Inner: Codable, Hashable { var name: String, list: [Int8] }

    var flag = true
    var small: Int8 = .min
    var wide: UInt64 = .max
    var widest: Int128 = .min
    var double = 0.1
    var float: Float = 3.4e38
    var text = "é\n"
    var absent: String?
    var nested: [Inner] = [Inner(name: "a", list: [1, -1]), Inner(name: "", list: [])]
    var table = ["x": [1.5], "y/~": []]
    var kind = Kind.odd
    var duration = Duration(secondsComponent: -3, attosecondsComponent: -123_456_789_012_345_678)
    var pass: JSONValue = ["big": .number(JSONNumber(unchecked: "1e999")), "order": [1, nil]]
    var object: JSONObject = ["k": 1]
  }

  private enum Size: String, Codable { case small, large }

  @Test func unknownWordIsNamedWithoutTheProgramsTypes() {
    #expect(
      throws: JSONDecodingFailure(pointer: "", reason: .refused("`huge wide` is none of the words that may stand here"))
    ) { try JSONValue.string("huge wide").decode(Size.self) }
  }

  @Test func everyTypeComesBackAsItWas() throws {
    let json = try JSONValue(encoding: Everything())
    #expect(try json.decode(Everything.self) == Everything())
    #expect(try JSONParser().parse(json.serialized()).decode(Everything.self) == Everything())
  }

  @Test func theEncodedShapeIsTheExpectedOne() throws {
    let json = try JSONValue(encoding: Everything())
    #expect(json["wide"] == .number(JSONNumber(unchecked: "18446744073709551615")))
    #expect(json["absent"] == nil && json["kind"] == "odd" && json["pass"]?["order"] == [1, nil])
    #expect(json["nested"] == [["name": "a", "list": [1, -1]], ["name": "", "list": []]])
  }

  struct Optionals: Codable, Equatable {
    var one: Int?
    var two: JSONValue?
    var three: [Int?]
  }

  @Test func absentAndNullBothMeanNilForAnOptional() throws {
    let value: JSONValue = ["one": nil, "three": [1, nil]]
    #expect(try value.decode(Optionals.self) == Optionals(one: nil, two: nil, three: [1, nil]))
  }

  struct Distinct: Decodable {
    var state: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: JSONKey.self)
      let key = JSONKey(stringValue: "id")
      state = !container.contains(key) ? "absent" : try container.decodeNil(forKey: key) ? "null" : "there"
    }
  }

  struct JSONKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  @Test func aTypeCanTellNullFromAbsent() throws {
    #expect(try JSONValue.object([:]).decode(Distinct.self).state == "absent")
    #expect(try (["id": nil] as JSONValue).decode(Distinct.self).state == "null")
    #expect(try (["id": 1] as JSONValue).decode(Distinct.self).state == "there")
  }

  struct Params: Codable {
    struct Input: Codable { var name: String, port: UInt16 }
    var inputs: [Input]
    var ratio: Double?
  }

  static let refusals: [(json: JSONValue, pointer: String, message: String)] = [
    ("x", "", "must be an object, but is a string"),
    ([:], "/inputs", "is missing: expected a value"),
    (["inputs": nil], "/inputs", "must be an array, but is null"),
    (["inputs": [["port": 1]]], "/inputs/0/name", "is missing: expected a string"),
    (["inputs": [["name": 7, "port": 1]]], "/inputs/0/name", "must be a string, but is the number 7"),
    (
      ["inputs": [["name": "a", "port": 1], ["name": "a", "port": 65536]]], "/inputs/1/port",
      "must be an integer from 0 to 65535, but is the number 65536"
    ),
    (
      ["inputs": [["name": "a", "port": -1]]], "/inputs/0/port",
      "must be an integer from 0 to 65535, but is the number -1"
    ),
    (
      ["inputs": [["name": "a", "port": true]]], "/inputs/0/port",
      "must be an integer from 0 to 65535, but is a boolean"
    ),
    (["inputs": [], "ratio": "1"], "/ratio", "must be a number, but is a string"),
    (
      ["inputs": [], "ratio": .integer(9_007_199_254_740_993)], "/ratio",
      "must be a number, but is the number 9007199254740993"
    ),
    (
      ["inputs": [], "ratio": .number(JSONNumber(unchecked: "1e999"))], "/ratio",
      "must be a number, but is the number 1e999"
    ),
  ]

  @Test(arguments: refusals) func aWrongShapeIsNamedByItsPointer(json: JSONValue, pointer: String, message: String) {
    let failure = #expect(throws: JSONDecodingFailure.self) { try json.decode(Params.self, at: "/params") }
    #expect(failure?.pointer == "/params" + pointer)
    #expect(failure?.description == "/params\(pointer) \(message)")
  }

  @Test func pointersEscapeTildeAndSlash() {
    let json: JSONValue = ["a/b~c": "x"]
    let failure = #expect(throws: JSONDecodingFailure.self) { try json.decode([String: Int].self) }
    #expect(failure?.pointer == "/a~1b~0c")
  }

  static let integers: [(literal: String, value: Int64?)] = [
    ("3.0", 3), ("1e2", 100), ("-1.50e1", -15), ("100e-2", 1), ("0.0", 0), ("-0", 0), ("0e99999999999999999999", 0),
    ("3.5", nil),
    ("1e-1", nil), ("9223372036854775807.0", .max), ("9223372036854775808", nil), ("1e19", nil),
    ("1e99999999999999999999", nil),
    ("3.00000000000000000000001", nil),
  ]

  @Test(arguments: integers) func integersAreReadExactlyOrRefused(literal: String, value: Int64?) throws {
    let json = try JSONParser().parse(literal)
    if let value {
      #expect(try json.decode(Int64.self) == value)
    } else {
      #expect(throws: JSONDecodingFailure.self) { try json.decode(Int64.self) }
    }
  }

  @Test func customRefusalsKeepTheirPlaceAndMessage() {
    let json: JSONValue = [["kind": "plain"], ["kind": "none"]]
    struct Item: Codable { var kind: Everything.Kind }
    let failure = #expect(throws: JSONDecodingFailure.self) { try json.decode([Item].self) }
    #expect(failure?.pointer == "/1/kind")
    #expect(failure?.description.contains("none") == true)
  }

  @Test(arguments: [Double.infinity, -.infinity, .nan]) func whatJSONCannotSayIsRefused(double: Double) {
    let failure = #expect(throws: JSONEncodingFailure.self) { try JSONValue(encoding: ["a": [0, double]]) }
    #expect(failure?.pointer == "/a/1")
  }

  final class Base: Encodable {
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: JSONKey.self)
      var list = container.nestedUnkeyedContainer(forKey: JSONKey(stringValue: "list"))
      try list.encode(1)
      var inner = list.nestedContainer(keyedBy: JSONKey.self)
      try container.encode("late", forKey: JSONKey(stringValue: "last"))
      try inner.encode(2, forKey: JSONKey(stringValue: "two"))
      try "up".encode(to: container.superEncoder())
    }
  }

  @Test func nestedContainersKeepTheirPlace() throws {
    let json = try JSONValue(encoding: Base())
    #expect(json.serializedText() == #"{"list":[1,{"two":2}],"last":"late","super":"up"}"#)
  }

  @Test func otherCodersCanCarryAValue() throws {
    let value: JSONValue = [
      "a": [1, 2.5, "x", nil, true, [:]], "n": .number(JSONNumber(unchecked: "18446744073709551615")),
    ]
    let data = try JSONEncoder().encode(value)
    #expect(try JSONDecoder().decode(JSONValue.self, from: data) == value)
  }
}
