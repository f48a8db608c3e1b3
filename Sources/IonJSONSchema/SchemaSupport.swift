/// What Ion makes of the keywords of JSON Schema 2020-12, for the pages that people read.
public struct SchemaSupport: Sendable {
  /// What the keywords are about.
  public let subject: String
  public let keywords: [String]
  /// What is to be known about them; half a sentence or more, without a full stop. Empty where they are as in the draft.
  public let remark: String

  /// Every keyword that the draft has, by what it is about.
  public static let all = [
    SchemaSupport(
      subject: "any value", keywords: ["type", "enum", "const"],
      remark: "`1.0` is an integer and equal to `1`; strings are equal where their bytes are"),
    SchemaSupport(
      subject: "numbers", keywords: ["multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
      remark: "numbers are exact, whatever their size; `multipleOf` has at most 37 digits"),
    SchemaSupport(
      subject: "strings", keywords: ["minLength", "maxLength", "pattern"],
      remark: "lengths are counted in code points; patterns are below"),
    SchemaSupport(
      subject: "arrays",
      keywords: [
        "prefixItems", "items", "contains", "minContains", "maxContains", "minItems", "maxItems", "uniqueItems",
      ], remark: "`items` as a list, as earlier drafts had it, is an error: it is `prefixItems`"),
    SchemaSupport(
      subject: "objects",
      keywords: [
        "properties", "patternProperties", "additionalProperties", "propertyNames", "required", "dependentRequired",
        "dependentSchemas", "minProperties", "maxProperties",
      ], remark: ""),
    SchemaSupport(
      subject: "the same value",
      keywords: ["allOf", "anyOf", "oneOf", "not", "if", "then", "else", "unevaluatedItems", "unevaluatedProperties"],
      remark: ""),
    SchemaSupport(
      subject: "the document",
      keywords: ["$schema", "$id", "$ref", "$dynamicRef", "$anchor", "$dynamicAnchor", "$defs", "$vocabulary"],
      remark:
        "everything stands in one document: a reference out of it and an `$id` below its root are errors; schemas "
        + "may be recursive, as long as they go deeper into the value; `$schema` may name any draft of json-schema.org, "
        + "and the schema is read as 2020-12"),
    SchemaSupport(
      subject: "annotations",
      keywords: [
        "$comment", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "format",
        "contentEncoding", "contentMediaType", "contentSchema",
      ], remark: "they change no result, and neither do keywords that aren't known"),
  ]
}
