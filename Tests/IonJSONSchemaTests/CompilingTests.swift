import IonJSON
import IonJSONSchema
import Testing

/// What is no schema, and how that is said.
@Suite struct CompilingTests {
  @Test(arguments: [
    ("1", "", "a schema is an object, `true` or `false`, not a number"),
    (#"{"items": []}"#, "/items", "`items` is one schema for all items; a schema for each place is `prefixItems`"),
    (#"{"items": "x"}"#, "/items", "a schema is an object, `true` or `false`, not a string"),
    (#"{"properties": {"a": null}}"#, "/properties/a", "a schema is an object, `true` or `false`, not null"),
    (
      #"{"properties": {"a/b": {"type": "strin"}}}"#, "/properties/a~1b/type",
      "`type` names `strin`, which is none of `null`, `boolean`, `integer`, `number`, `string`, `array`, `object`"
    ),
    (#"{"type": []}"#, "/type", "`type` must be the name of a type, or a list of names"),
    (#"{"type": 1}"#, "/type", "`type` must be the name of a type, or a list of names"),
    (#"{"type": ["string", "string"]}"#, "/type", "`type` names `string` twice"),
    (
      #"{"type": [1]}"#, "/type",
      "`type` names `1`, which is none of `null`, `boolean`, `integer`, `number`, `string`, `array`, `object`"
    ),
    (#"{"enum": 1}"#, "/enum", "`enum` must be a list of values, not a number"),
    (#"{"multipleOf": 0}"#, "/multipleOf", "`multipleOf` must be above 0"),
    (#"{"multipleOf": -1}"#, "/multipleOf", "`multipleOf` must be above 0"),
    (#"{"multipleOf": "2"}"#, "/multipleOf", "`multipleOf` must be a number, not a string"),
    (#"{"multipleOf": 12345678901234567890123456789012345678}"#, "/multipleOf", "`multipleOf` has more than 37 digits"),
    (#"{"minimum": null}"#, "/minimum", "`minimum` must be a number, not null"),
    (#"{"exclusiveMaximum": true}"#, "/exclusiveMaximum", "`exclusiveMaximum` must be a number, not a boolean"),
    (#"{"minLength": -1}"#, "/minLength", "`minLength` must be a whole number from 0"),
    (#"{"maxItems": 1.5}"#, "/maxItems", "`maxItems` must be a whole number from 0"),
    (#"{"minProperties": "1"}"#, "/minProperties", "`minProperties` must be a whole number from 0"),
    (#"{"minContains": -1}"#, "/minContains", "`minContains` must be a whole number from 0"),
    (#"{"uniqueItems": 1}"#, "/uniqueItems", "`uniqueItems` must be `true` or `false`, not a number"),
    (#"{"pattern": 1}"#, "/pattern", "`pattern` must be a string, not a number"),
    (#"{"pattern": "["}"#, "/pattern", "the pattern `[` has a `[` that nothing closes (character 1)"),
    (
      #"{"patternProperties": {"a(": {}}}"#, "/patternProperties/a(",
      "the pattern `a(` has a `(` that nothing closes (character 2)"
    ),
    (#"{"required": "a"}"#, "/required", "`required` must list names of properties"),
    (#"{"required": [1]}"#, "/required", "`required` must list names of properties"),
    (#"{"required": ["a", "a"]}"#, "/required", "`required` names `a` twice"),
    (
      #"{"dependentRequired": []}"#, "/dependentRequired",
      "`dependentRequired` must be an object of lists, not an array"
    ),
    (#"{"dependentRequired": {"a": "b"}}"#, "/dependentRequired", "`dependentRequired` must list names of properties"),
    (#"{"properties": []}"#, "/properties", "`properties` must be an object of schemas, not an array"),
    (#"{"allOf": []}"#, "/allOf", "`allOf` must be a list of at least one schema"),
    (#"{"oneOf": {}}"#, "/oneOf", "`oneOf` must be a list of at least one schema"),
    (#"{"prefixItems": []}"#, "/prefixItems", "`prefixItems` must be a list of at least one schema"),
    (#"{"$ref": 1}"#, "/$ref", "`$ref` must be a string, not a number"),
    (
      ##"{"$ref": "#/$defs/nope"}"##, "/$ref",
      "`#/$defs/nope` leads nowhere: there is nothing at this place of the document"
    ),
    (##"{"$ref": "#nope"}"##, "/$ref", "`#nope` leads nowhere: no schema has this `$anchor`"),
    (
      ##"{"$defs": {"a": 5}, "items": {"$ref": "#/title"}, "title": "t"}"##, "/$defs/a",
      "a schema is an object, `true` or `false`, not a number"
    ),
    (
      ##"{"items": {"$ref": "#/title"}, "title": "t"}"##, "/items/$ref",
      "`#/title` leads to a string, which is no schema"
    ),
    (
      #"{"$ref": "https://x.example/other.json"}"#, "/$ref",
      "`https://x.example/other.json` leads out of the document, and nothing is fetched"
    ),
    (##"{"$ref": "#/%zz"}"##, "/$ref", "`#/%zz` is not spelled as a reference is"),
    (
      ##"{"$ref": "#/$defs/a~2"}"##, "/$ref",
      "`#/$defs/a~2` leads nowhere: there is nothing at this place of the document"
    ),
    (
      ##"{"prefixItems": [{}], "$ref": "#/prefixItems/00"}"##, "/$ref",
      "`#/prefixItems/00` leads nowhere: there is nothing at this place of the document"
    ),
    (
      #"{"$anchor": "1a"}"#, "/$anchor",
      "`$anchor` must be a name: a letter or `_`, then letters, digits, `-`, `_` and `.`"
    ),
    (#"{"$anchor": "a", "items": {"$anchor": "a"}}"#, "/items/$anchor", "two schemas have the anchor `a`"),
    (
      #"{"items": {"$id": "x"}}"#, "/items/$id",
      "an `$id` inside of the document makes a document of its own, which isn't supported"
    ),
    (
      #"{"$schema": "https://x.example/dialect"}"#, "/$schema",
      "`$schema` names a dialect that isn't known; write the schema by JSON Schema 2020-12"
    ),
    (##"{"$ref": "#"}"##, "", "the schema applies itself to the same value again, and would never end"),
    (
      ##"{"allOf": [{"not": {"$ref": "#"}}]}"##, "",
      "the schema applies itself to the same value again, and would never end"
    ),
    (
      ##"{"properties": {"a": {"anyOf": [{"type": "null"}, {"$ref": "#/properties/a"}]}}}"##, "/properties/a",
      "the schema applies itself to the same value again, and would never end"
    ),
  ])
  func faultsAreNamed(_ schema: String, _ pointer: String, _ message: String) throws {
    let first = try problems(schema).first
    #expect(first?.pointer == pointer)
    #expect(first?.message == message)
  }

  @Test func everyFaultIsTold() throws {
    let found = try problems(##"{"type": "x", "items": {"pattern": "("}, "allOf": 1, "not": {"$ref": "#/q"}}"##)
    #expect(found.map(\.pointer) == ["/type", "/items/pattern", "/allOf", "/not/$ref"])
  }

  @Test func everyKeywordIsAccountedFor() {
    let told = SchemaSupport.all.flatMap(\.keywords)
    #expect(Set(told) == JSONSchema.keywords && told.count == JSONSchema.keywords.count)
  }

  @Test func keywordsThatAreNotKnownAreListed() throws {
    let schema = try JSONSchema(
      json(#"{"properties": {"tpye": {"tpye": "a"}}, "x-note": 1, "const": {"tpye": 1}, "$defs": {"a": {"b": 1}}}"#))
    #expect(schema.unknownKeywords == ["/x-note", "/properties/tpye/tpye", "/$defs/a/b"])
  }

  @Test func nestingHasAnEnd() throws {
    let deep = (0..<300).reduce(JSONValue.bool(true)) { schema, _ in ["items": schema] }
    #expect(throws: JSONSchemaFailure.self) { try JSONSchema(deep) }
    let shallow = (0..<200).reduce(JSONValue.bool(true)) { schema, _ in ["items": schema] }
    #expect(throws: Never.self) { try JSONSchema(shallow) }
  }

  @Test func schemasAreEqualWhereTheirTextsMeanTheSame() throws {
    let one = try JSONSchema(json(#"{"type": "string", "minLength": 1}"#))
    #expect(try one == JSONSchema(json(#"{"minLength": 1, "type": "string"}"#)))
    #expect(try one != JSONSchema(json(#"{"minLength": 2, "type": "string"}"#)))
    #expect("\(one)" == #"{"type":"string","minLength":1}"#)
  }
}
