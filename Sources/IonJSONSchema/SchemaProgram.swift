internal import IonJSON

/// A compiled document: its schemas by number, the root first. They name each other by their numbers, so that recursion is
/// no matter.
final class SchemaProgram: Sendable {
  let schemas: [CompiledSchema]
  /// Where keywords stand that aren't known.
  let unknownKeywords: [String]
  /// How many schemas there are, and steps of patterns.
  let size: Int

  init(_ schemas: [CompiledSchema], size: Int, unknownKeywords: [String]) {
    self.schemas = schemas
    self.size = size
    self.unknownKeywords = unknownKeywords
  }
}

/// One schema of a document.
struct CompiledSchema: Sendable {
  /// Where it stands in the document.
  let pointer: String
  /// What `true` and `false` say; nil for a schema with keywords.
  var verdict: Bool?
  /// What it asks for, in the order in which it is asked.
  var rules: [SchemaRule] = []
  /// Whether it asks which parts of a value no other keyword looked at.
  var hasUnevaluated = false

  init(pointer: String) { self.pointer = pointer }
}

/// What one keyword, or several that belong together, ask for. Numbers are those of schemas.
enum SchemaRule: Sendable {
  case type(TypeSet)
  case constant(ExactValue)
  case enumeration(Set<ExactValue>)
  case multipleOf(ExactDecimal, literal: String)
  case bound(NumberBound, ExactDecimal, literal: String)
  case count(CountBound, Int)
  case pattern(TextPattern)
  case uniqueItems
  /// `prefixItems` and `items`.
  case items(prefix: [Int], rest: Int?)
  case contains(Int, minimum: Int, maximum: Int?)
  case required([String])
  case dependentRequired([(property: String, required: [String])])
  case members(MemberRules)
  case propertyNames(Int)
  case dependentSchemas([(property: String, schema: Int)])
  case reference(keyword: String, Int)
  case allOf([Int])
  case anyOf([Int])
  case oneOf([Int])
  case not(Int)
  case condition(Int, then: Int?, else: Int?)
  case unevaluatedItems(Int)
  case unevaluatedProperties(Int)
}

/// `properties`, `patternProperties` and `additionalProperties`.
struct MemberRules: Sendable {
  var named: [ExactKey: Int] = [:]
  /// The names in the schema's order.
  var names: [String] = []
  var patterns: [(pattern: TextPattern, schema: Int)] = []
  var additional: Int?
}

/// The keywords that bound a number.
enum NumberBound: String, CaseIterable, Sendable { case minimum, maximum, exclusiveMinimum, exclusiveMaximum }

/// The keywords that bound how much there is of something.
enum CountBound: String, CaseIterable, Sendable {
  case minLength, maxLength, minItems, maxItems, minProperties, maxProperties
}

/// The types that `type` names.
struct TypeSet: OptionSet, Hashable, Sendable {
  let rawValue: Int

  static let null = TypeSet(rawValue: 1)
  static let boolean = TypeSet(rawValue: 2)
  static let integer = TypeSet(rawValue: 4)
  static let number = TypeSet(rawValue: 8)
  static let string = TypeSet(rawValue: 16)
  static let array = TypeSet(rawValue: 32)
  static let object = TypeSet(rawValue: 64)

  static let names: [(name: String, type: TypeSet, phrase: String)] = [
    ("null", .null, "null"), ("boolean", .boolean, "a boolean"), ("integer", .integer, "an integer"),
    ("number", .number, "a number"), ("string", .string, "a string"), ("array", .array, "an array"),
    ("object", .object, "an object"),
  ]

  func allows(_ value: JSONValue) -> Bool {
    switch value {
    case .null: contains(.null)
    case .bool: contains(.boolean)
    case .integer: !isDisjoint(with: [.integer, .number])
    case .number: contains(.number) || contains(.integer) && (value.decimal?.isWhole ?? false)
    case .string: contains(.string)
    case .array: contains(.array)
    case .object: contains(.object)
    }
  }

  /// "a string or null".
  var phrase: String {
    let phrases = Self.names.filter { contains($0.type) }.map(\.phrase)
    guard let last = phrases.last, phrases.count > 1 else { return phrases.first ?? "nothing" }
    return phrases.dropLast().joined(separator: ", ") + " or " + last
  }
}
