import IonJSON
import IonJSONSchema
import Testing

/// Schemas and values at random: whatever they are, the answer is one, and it is the same by every way of asking.
@Suite struct SchemaFuzzTests {
  @Test(arguments: 0..<20) func everyWayOfAskingGivesTheSameAnswer(_ seed: Int) throws {
    var dice = Dice(state: UInt64(seed) &* 0x9E37_79B9 + 1)
    var compiled = 0
    for _ in 0..<60 {
      let text = dice.schema(depth: 3)
      guard let schema = schema(text) else { continue }
      compiled += 1
      let ways: [JSONValue] = [
        ["allOf": [text]], ["anyOf": [text]], ["anyOf": [false, text]], ["oneOf": [text, false]],
        ["not": ["not": text]], ["if": text, "else": false], ["$ref": "#/$defs/a", "$defs": ["a": text]],
        ["allOf": [text, true], "unevaluatedItems": true, "unevaluatedProperties": true],
      ]
      let others = ways.compactMap(self.schema)
      // A reference in the text to its own root leads elsewhere in another document.
      guard others.count == ways.count, !"\(text)".contains("$ref") else { continue }
      for _ in 0..<12 {
        let value = dice.value(depth: 3)
        let findings = schema.findings(in: value)
        #expect(schema.accepts(value) == findings.isEmpty)
        #expect(schema.findings(in: value, limit: 1) == Array(findings.prefix(1)))
        for (way, other) in zip(ways, others) where other.accepts(value) != findings.isEmpty {
          Issue.record("\(way) says otherwise than \(text) of \(value)")
        }
      }
    }
    #expect(compiled > 10)
  }

  @Test(arguments: 0..<20) func noTextBreaksThePatterns(_ seed: Int) {
    var dice = Dice(state: UInt64(seed) &* 0x9E37_79B9 + 7)
    let letters = Array(#"ab\()[]{}|*+?^$.-,:<!=01dDwWsSbBpPux{L}kcé💩"#).map(String.init)
    for _ in 0..<400 {
      let pattern = (0..<dice.roll(14)).map { _ in dice.pick(letters) }.joined()
      guard let schema = schema(["pattern": .string(pattern)]) else { continue }
      let negated = self.schema(["not": ["pattern": .string(pattern)]])
      for _ in 0..<4 {
        let text = JSONValue.string((0..<dice.roll(12)).map { _ in dice.pick(letters) }.joined())
        #expect(schema.accepts(text) == (negated?.accepts(text) == false))
      }
    }
  }

  private func schema(_ value: JSONValue) -> JSONSchema? {
    do throws(JSONSchemaFailure) {
      return try JSONSchema(value)
    } catch {
      #expect(!error.problems.isEmpty)
      return nil
    }
  }
}

/// Chance that is the same each time (SplitMix64).
private struct Dice {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  mutating func roll(_ sides: Int) -> Int { Int(next() % UInt64(sides)) }
  mutating func pick<Value>(_ values: [Value]) -> Value { values[roll(values.count)] }

  private mutating func name() -> String { pick(["a", "b", "ab", "é", "a/b"]) }
  private mutating func number() -> JSONValue {
    pick([0, 1, 2, 3, -1, .number(JSONNumber(unchecked: "1.0")), .number(JSONNumber(unchecked: "0.5")), 7])
  }

  mutating func value(depth: Int) -> JSONValue {
    switch roll(depth == 0 ? 4 : 6) {
    case 0: return pick([.null, true, false])
    case 1, 2: return number()
    case 3: return .string(pick(["", "a", "ab", "b", "aab", "\u{1F4A9}"]))
    case 4: return .array((0..<roll(4)).map { _ in value(depth: depth - 1) })
    default: return object { $0.value(depth: depth - 1) }
    }
  }

  private mutating func object(_ value: (inout Dice) -> JSONValue) -> JSONValue {
    var object = JSONObject()
    for _ in 0..<roll(4) { object[name()] = value(&self) }
    return .object(object)
  }

  mutating func schema(depth: Int) -> JSONValue {
    if roll(8) == 0 { return .bool(roll(2) == 0) }
    var schema = JSONObject()
    for _ in 0...roll(3) {
      let (keyword, value) = keyword(depth: depth)
      schema[keyword] = value
    }
    return .object(schema)
  }

  private mutating func schemas(_ depth: Int) -> JSONValue {
    .array((0...roll(2)).map { _ in schema(depth: depth - 1) })
  }

  private mutating func keyword(depth: Int) -> (String, JSONValue) {
    let plain = [
      "type", "enum", "const", "multipleOf", "minimum", "exclusiveMaximum", "minLength", "maxLength", "pattern",
      "minItems", "uniqueItems", "required", "minProperties", "nonsense",
    ]
    let deep = [
      "items", "prefixItems", "contains", "properties", "patternProperties", "additionalProperties", "propertyNames",
      "allOf", "anyOf", "oneOf", "not", "if", "then", "unevaluatedProperties", "unevaluatedItems", "dependentSchemas",
    ]
    let keyword = depth == 0 || roll(2) == 0 ? pick(plain) : pick(deep)
    // One time in forty something that no keyword takes.
    if roll(40) == 0 { return (keyword, value(depth: 1)) }
    switch keyword {
    case "type": return (keyword, .string(pick(["null", "boolean", "integer", "number", "string", "array", "object"])))
    case "enum": return (keyword, .array((0...roll(3)).map { _ in value(depth: 1) }))
    case "const", "nonsense": return (keyword, value(depth: 2))
    case "multipleOf": return (keyword, pick([2, 3, .number(JSONNumber(unchecked: "0.5"))]))
    case "minimum", "exclusiveMaximum": return (keyword, number())
    case "minLength", "maxLength", "minItems", "minProperties": return (keyword, .integer(Int64(roll(4))))
    case "pattern": return (keyword, .string(pick(["^a", "b$", "^a*$", "(?!b)", "[^a]"])))
    case "uniqueItems": return (keyword, .bool(roll(2) == 0))
    case "required": return (keyword, [.string(name())])
    case "prefixItems", "allOf", "anyOf", "oneOf": return (keyword, schemas(depth))
    case "properties", "dependentSchemas": return (keyword, object { $0.schema(depth: depth - 1) })
    case "patternProperties": return (keyword, ["^a": schema(depth: depth - 1)])
    default: return (keyword, schema(depth: depth - 1))
    }
  }
}
