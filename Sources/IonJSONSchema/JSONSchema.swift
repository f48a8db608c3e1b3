public import IonJSON

/// A JSON Schema (draft 2020-12), compiled once, that JSON values are checked against.
///
/// Acted on are
/// - `true` and `false` as schemas;
/// - `type` (a name or a list; `1.0` is an integer), `enum`, `const`;
/// - `multipleOf`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`: numbers are exact, whatever their size;
/// - `minLength`, `maxLength` (in code points), `pattern` (see `TextPattern` for its dialect);
/// - `prefixItems`, `items`, `contains`, `minContains`, `maxContains`, `minItems`, `maxItems`, `uniqueItems`;
/// - `properties`, `patternProperties`, `additionalProperties`, `propertyNames`, `required`, `dependentRequired`,
///   `dependentSchemas`, `minProperties`, `maxProperties`;
/// - `allOf`, `anyOf`, `oneOf`, `not`, `if`, `then`, `else`, `unevaluatedItems`, `unevaluatedProperties`;
/// - `$ref`, `$dynamicRef`, `$anchor`, `$dynamicAnchor`, `$defs` and `$id` within the one document, recursion included.
///
/// Annotations, which change no result, are `format`, the `content…` keywords, `title`, `description`, `default`,
/// `examples`, `deprecated`, `readOnly`, `writeOnly`, `$comment`, and every keyword that isn't known.
///
/// Refused by name when the schema is compiled: an `$id` below the document's root, a `$ref` that leads nowhere or out of
/// the document, schemas that apply themselves to the same value again and so would never end, the array form of `items`
/// of earlier drafts, patterns that can't be compiled, and keywords whose values aren't what they must be. `$schema` may
/// name any draft of json-schema.org; the schema is read as 2020-12.
///
/// Strings are equal where their bytes are, numbers where their values are (`1` is `1.0`).
public struct JSONSchema: Sendable {
  /// The schema as it was written.
  public let document: JSONValue
  let program: SchemaProgram

  /// Compiles a schema.
  /// - Throws: Everything that is wrong with it.
  public init(_ document: JSONValue) throws(JSONSchemaFailure) {
    self.document = document
    var compiler = SchemaCompiler(document)
    program = try compiler.compile()
  }

  /// Checks a value, and says where it isn't what the schema asks for; empty for one that is.
  /// - Parameter limit: How many findings are wanted at most; the check ends with the last of them.
  public func findings(in value: JSONValue, limit: Int = .max) -> [SchemaFinding] {
    var check = SchemaCheck(program, limit: max(1, limit), value: value)
    return check.findings(in: value)
  }

  /// How large the compiled schema is: its schemas, and the steps of its patterns.
  public var size: Int { program.size }

  /// The JSON pointers of keywords that aren't known and so count for nothing; not all where there are very many.
  public var unknownKeywords: [String] { program.unknownKeywords }

  /// Every keyword that draft 2020-12 has, those that only annotate among them.
  public static let keywords: Set<String> = [
    "$anchor", "$comment", "$defs", "$dynamicAnchor", "$dynamicRef", "$id", "$ref", "$schema", "$vocabulary",
    "additionalProperties", "allOf", "anyOf", "const", "contains", "contentEncoding", "contentMediaType",
    "contentSchema", "default", "dependentRequired", "dependentSchemas", "deprecated", "description", "else", "enum",
    "examples", "exclusiveMaximum", "exclusiveMinimum", "format", "if", "items", "maxContains", "maxItems",
    "maxLength", "maxProperties", "maximum", "minContains", "minItems", "minLength", "minProperties", "minimum",
    "multipleOf", "not", "oneOf", "pattern", "patternProperties", "prefixItems", "properties", "propertyNames",
    "readOnly", "required", "then", "title", "type", "unevaluatedItems", "unevaluatedProperties", "uniqueItems",
    "writeOnly",
  ]

  /// Whether a value is what the schema asks for.
  public func accepts(_ value: JSONValue) -> Bool { findings(in: value, limit: 1).isEmpty }
}

extension JSONSchema: Hashable {
  public static func == (left: JSONSchema, right: JSONSchema) -> Bool { left.document == right.document }
  public func hash(into hasher: inout Hasher) { hasher.combine(document) }
}

extension JSONSchema: CustomStringConvertible, CustomDebugStringConvertible {
  /// The schema's compact text.
  public var description: String { document.description }
  public var debugDescription: String { description }
}

/// One place where a value isn't what a schema asks for.
public struct SchemaFinding: Hashable, Sendable {
  /// The JSON pointer of the part of the value; empty for the whole of it.
  public var instance: String
  /// What asks for it: a keyword, or `false` for a schema that takes nothing.
  public var keyword: String
  /// The JSON pointer of the keyword in the schema.
  public var schema: String
  /// What is wrong, as a sentence without its subject: "must be a string, not a number". It holds no part of the value but
  /// the names of properties.
  public var reason: String

  /// The whole sentence, without a full stop.
  public var message: String { "\(instance.isEmpty ? "the value" : "`\(instance.shortened)`") \(reason)" }
}

extension SchemaFinding: CustomStringConvertible {
  public var description: String { message }
}

/// One thing that is wrong with a schema.
public struct SchemaProblem: Hashable, Sendable {
  /// The JSON pointer of the part that is wrong; empty for the whole.
  public var pointer: String
  /// What is wrong, as a sentence without a full stop.
  public var message: String
}

/// Why a schema can't be used.
public struct JSONSchemaFailure: Error, Hashable, Sendable {
  /// At least one, in the order in which they were met.
  public var problems: [SchemaProblem]
}

extension JSONSchemaFailure: CustomStringConvertible {
  public var description: String {
    problems.map { "\($0.pointer.isEmpty ? "/" : $0.pointer): \($0.message)" }.joined(separator: "; ")
  }
}

extension String {
  /// The text, cut in the middle where it is long.
  var shortened: String { count <= 120 ? self : "\(prefix(60))…\(suffix(50))" }
}
