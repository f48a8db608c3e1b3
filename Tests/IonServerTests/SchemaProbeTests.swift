import IonJSON
import IonWorkflow
import Testing

@testable import IonServer

/// Shapes that have one of everything that a shape may have.
private struct Sampler: WireShape {
  static let notes = ["text": "A text.", "inner": "An inner shape."]

  enum Colour: String, WireWord {
    case red, green
    static let schemaName = "Colour"
    var meaning: String { "It is \(rawValue)." }
  }

  struct Inner: WireShape {
    static let schemaName: String? = "Inner"
    static let notes = ["deep": "How deep."]
    var deep: Int
    var deepest: Innermost?
  }

  struct Innermost: WireShape {
    static let notes = ["colour": "Its colour."]
    var colour: Colour
  }

  var text: String
  var maybe: String?
  var flag: Bool?
  var number: Int
  var long: Int64?
  var fraction: Double?
  var list: [String]
  var lists: [[Int]]?
  var table: [String: Bool]
  var inner: Inner
  var inners: [Inner]?
  var inline: Innermost
  var colour: Colour?
  var anything: JSONValue
  var id: NodeID
  var uri: FileURI?
  var limit: PageLimit?
  var token: ProgressToken?
}

@Suite struct SchemaProbeTests {
  private let schema: JSONObject
  private let definitions: JSONObject

  init() {
    var probe = SchemaProbe()
    schema = probe.schema(of: Sampler.self)
    definitions = probe.definitions
  }

  private func property(_ name: String) -> JSONValue? { schema["properties"]?[name] }

  @Test func fieldsThatMayBeAbsentAreNotRequired() {
    #expect(
      schema["required"] == ["text", "number", "list", "table", "inner", "inline", "anything", "id"])
  }

  @Test func fieldsStandInTheShapesOrder() {
    #expect(
      SchemaProbe.fields(of: Sampler.self) == [
        "text", "maybe", "flag", "number", "long", "fraction", "list", "lists", "table", "inner", "inners", "inline",
        "colour", "anything", "id", "uri", "limit", "token",
      ])
  }

  @Test func scalarsHaveTheirTypes() {
    #expect(property("maybe") == ["type": "string"])
    #expect(property("flag") == ["type": "boolean"])
    #expect(property("number") == ["type": "integer"])
    #expect(property("long") == ["type": "integer"])
    #expect(property("fraction") == ["type": "number"])
    #expect(property("id") == ["type": "string"])
    #expect(property("uri")?["format"] == "uri")
    #expect(property("limit") == ["type": "integer", "minimum": 1, "maximum": 1000])
    #expect(property("token") == ["type": ["string", "integer"]])
  }

  @Test func notesBecomeDescriptions() {
    #expect(property("text") == ["type": "string", "description": "A text."])
    #expect(definitions["Inner"]?["properties"]?["deep"]?["description"] == "How deep.")
  }

  @Test func listsAndTablesSayWhatIsInThem() {
    #expect(property("list") == ["type": "array", "items": ["type": "string"]])
    #expect(property("lists") == ["type": "array", "items": ["type": "array", "items": ["type": "integer"]]])
    #expect(property("table") == ["type": "object", "additionalProperties": ["type": "boolean"]])
    #expect(property("inners") == ["type": "array", "items": ["$ref": "#/components/schemas/Inner"]])
  }

  @Test func namedShapesAreDefinedOnceAndReferredTo() {
    #expect(property("inner")?["$ref"] == "#/components/schemas/Inner")
    #expect(definitions.keys.sorted() == ["Colour", "Inner"])
    #expect(definitions["Inner"]?["required"] == ["deep"])
  }

  @Test func shapesWithoutANameStandInline() {
    #expect(property("inline")?["properties"]?["colour"]?["$ref"] == "#/components/schemas/Colour")
  }

  @Test func wordsAreListedWithTheirMeaningAndOpen() {
    let words = definitions["Colour"]?["anyOf"]?.arrayValue ?? []
    #expect(definitions["Colour"]?["type"] == "string")
    #expect(words.count == 3)
    #expect(words.first == ["const": "red", "description": "It is red."])
    #expect(words.last?["const"] == nil)
  }

  @Test func anyValueHasAnOpenSchema() { #expect(property("anything") == [:]) }

  @Test func joinedShapesHaveTheFieldsAndNotesOfBoth() {
    typealias Both = Joined<Sampler.Innermost, Sampler.Inner>
    #expect(SchemaProbe.fields(of: Both.self) == ["colour", "deep", "deepest"])
    #expect(Both.notes == ["colour": "Its colour.", "deep": "How deep."])
  }

  @Test func joinedShapesAreOneObject() throws {
    let both = Joined(Sampler.Innermost(colour: .green), Sampler.Inner(deep: 3))
    let json = try JSONValue(encoding: both)
    #expect(json == ["colour": "green", "deep": 3])
    let read: Joined<Sampler.Innermost, Sampler.Inner> = try json.decode()
    #expect(read.colour == .green)
    #expect(read.deep == 3)
  }

  @Test func everyShapeOfTheCatalogCanBeProbed() {
    for shape in SpecTests.shapes { #expect(shape.notes.isEmpty == SchemaProbe.fields(of: shape).isEmpty, "\(shape)") }
  }
}
