internal import IonJSON

extension SchemaCheck {
  /// `type`, `const` and `enum`.
  mutating func isKind(_ rule: SchemaRule, _ schema: CompiledSchema, _ value: JSONValue) -> Bool {
    switch rule {
    case .type(let types):
      if types.allows(value) { return true }
      let isFraction = types.contains(.integer) && value.decimal != nil
      report(
        schema, "type", "must be \(types.phrase), not \(isFraction ? "a number with a fraction" : value.kindPhrase)")
    case .constant(let wanted):
      if ExactValue(value) == wanted { return true }
      report(schema, "const", "must be \(wanted.value.excerpt)")
    case .enumeration(let values):
      if values.contains(ExactValue(value)) { return true }
      report(schema, "enum", "is none of the \(values.count) values that are allowed" + Self.listed(values))
    case .multipleOf, .bound, .count, .pattern, .uniqueItems, .items, .contains, .required, .dependentRequired,
      .members,
      .propertyNames, .dependentSchemas, .reference, .allOf, .anyOf, .oneOf, .not, .condition, .unevaluatedItems,
      .unevaluatedProperties:
      return true
    }
    return false
  }

  private static func listed(_ values: Set<ExactValue>) -> String {
    guard (1...12).contains(values.count) else { return "" }
    return ": " + values.map(\.value.excerpt).sorted().joined(separator: ", ")
  }

  /// `multipleOf` and the bounds of numbers.
  mutating func isNumber(_ rule: SchemaRule, _ schema: CompiledSchema, _ value: JSONValue) -> Bool {
    guard let number = value.decimal else { return true }
    switch rule {
    case .multipleOf(let divisor, let literal):
      if number.isMultiple(of: divisor) { return true }
      report(schema, "multipleOf", "must be a multiple of \(literal)")
      return false
    case .bound(let bound, let limit, let literal):
      let (holds, phrase) =
        switch bound {
        case .minimum: (number >= limit, "at least")
        case .maximum: (number <= limit, "at most")
        case .exclusiveMinimum: (number > limit, "above")
        case .exclusiveMaximum: (number < limit, "below")
        }
      if !holds { report(schema, bound.rawValue, "must be \(phrase) \(literal)") }
      return holds
    case .type, .constant, .enumeration, .count, .pattern, .uniqueItems, .items, .contains, .required,
      .dependentRequired, .members, .propertyNames, .dependentSchemas, .reference, .allOf, .anyOf, .oneOf, .not,
      .condition, .unevaluatedItems, .unevaluatedProperties:
      return true
    }
  }

  /// How long a string, an array or an object may be.
  mutating func isCount(_ bound: CountBound, _ limit: Int, _ schema: CompiledSchema, _ value: JSONValue) -> Bool {
    let found: Int
    let unit: String
    switch (bound, value) {
    case (.minLength, .string(let text)), (.maxLength, .string(let text)):
      (found, unit) = (text.unicodeScalars.count, "character")
    case (.minItems, .array(let items)), (.maxItems, .array(let items)): (found, unit) = (items.count, "item")
    case (.minProperties, .object(let object)), (.maxProperties, .object(let object)):
      (found, unit) = (object.count, "property")
    default: return true
    }
    let isMinimum = bound == .minLength || bound == .minItems || bound == .minProperties
    if isMinimum ? found >= limit : found <= limit { return true }
    report(
      schema, bound.rawValue,
      "must have \(isMinimum ? "at least" : "at most") \(limit.counted(unit)), and has \(found)")
    return false
  }

  mutating func isMatch(_ pattern: TextPattern, _ schema: CompiledSchema, _ value: JSONValue) -> Bool {
    guard case .string(let text) = value, !pattern.matches(text) else { return true }
    report(schema, "pattern", "must match the pattern `\(pattern.source.shortened)`")
    return false
  }
}

extension Int {
  /// "1 item", "2 properties".
  func counted(_ unit: String) -> String {
    if self == 1 { return "1 \(unit)" }
    return unit.hasSuffix("y") ? "\(self) \(unit.dropLast())ies" : "\(self) \(unit)s"
  }
}

extension JSONValue {
  /// A value of the schema as messages show it.
  fileprivate var excerpt: String { "`\(description.shortened)`" }
}
