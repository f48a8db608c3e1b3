internal import IonJSON

/// Reads the keywords of one schema that look at a value without applying further schemas.
struct KeywordReader {
  let object: JSONObject
  let pointer: String
  private(set) var problems: [SchemaProblem] = []

  init(object: JSONObject, pointer: String) {
    self.object = object
    self.pointer = pointer
  }

  /// The rules, in the order in which they are asked.
  mutating func assertions() -> [SchemaRule] {
    var rules: [SchemaRule] = []
    if let types = types() { rules.append(.type(types)) }
    if let value = object["const"] { rules.append(.constant(ExactValue(value))) }
    if let value = object["enum"] {
      if let values = value.arrayValue {
        rules.append(.enumeration(Set(values.map(ExactValue.init))))
      } else {
        report("enum", "`enum` must be a list of values, not \(value.kindPhrase)")
      }
    }
    rules += numbers()
    for bound in CountBound.allCases {
      if let count = count(bound.rawValue) { rules.append(.count(bound, count)) }
    }
    if let value = object["pattern"], value.stringValue == nil {
      report("pattern", "`pattern` must be a string, not \(value.kindPhrase)")
    }
    if let value = object["uniqueItems"] {
      guard let isUnique = value.boolValue else {
        report("uniqueItems", "`uniqueItems` must be `true` or `false`, not \(value.kindPhrase)")
        return rules
      }
      if isUnique { rules.append(.uniqueItems) }
    }
    for keyword in ["minContains", "maxContains"] { _ = count(keyword) }
    if let names = names(object["required"], "required") { rules.append(.required(names)) }
    let dependent = dependentRequired()
    if !dependent.isEmpty { rules.append(.dependentRequired(dependent)) }
    return rules
  }

  private mutating func report(_ keyword: String, _ message: String) {
    problems.append(SchemaProblem(pointer: pointer + JSONPointer.step(keyword), message: message))
  }

  private mutating func types() -> TypeSet? {
    guard let value = object["type"] else { return nil }
    let names: [JSONValue]
    switch value {
    case .string: names = [value]
    case .array(let values) where !values.isEmpty: names = values
    case .array, .null, .bool, .integer, .number, .object:
      report("type", "`type` must be the name of a type, or a list of names")
      return nil
    }
    var types: TypeSet = []
    for name in names {
      guard let known = TypeSet.names.first(where: { .string($0.name) == name }) else {
        let known = TypeSet.names.map { "`\($0.name)`" }.joined(separator: ", ")
        report("type", "`type` names `\((name.stringValue ?? "\(name)").shortened)`, which is none of \(known)")
        continue
      }
      if types.contains(known.type) { report("type", "`type` names `\(known.name)` twice") }
      types.insert(known.type)
    }
    return types
  }

  private mutating func numbers() -> [SchemaRule] {
    var rules: [SchemaRule] = []
    if let (number, literal) = number("multipleOf") {
      if number <= .zero {
        report("multipleOf", "`multipleOf` must be above 0")
      } else if number.digitCount > ExactDecimal.divisorDigits {
        report("multipleOf", "`multipleOf` has more than \(ExactDecimal.divisorDigits) digits")
      } else {
        rules.append(.multipleOf(number, literal: literal))
      }
    }
    for bound in NumberBound.allCases {
      if let (number, literal) = number(bound.rawValue) { rules.append(.bound(bound, number, literal: literal)) }
    }
    return rules
  }

  private mutating func number(_ keyword: String) -> (ExactDecimal, String)? {
    guard let value = object[keyword] else { return nil }
    guard let number = value.decimal else {
      report(keyword, "`\(keyword)` must be a number, not \(value.kindPhrase)")
      return nil
    }
    return (number, value.description)
  }

  /// A number of things; numbers that are too large for any value count as the largest.
  static func count(_ value: JSONValue?) -> Int? {
    guard let number = value?.decimal, number.isWhole, number >= .zero else { return nil }
    switch value {
    case .integer(let count)?: return Int(count)
    case .number(let number)?: return number.exactInteger(Int.self) ?? .max
    case .null?, .bool?, .string?, .array?, .object?, nil: return nil
    }
  }

  private mutating func count(_ keyword: String) -> Int? {
    guard let value = object[keyword] else { return nil }
    if let count = Self.count(value) { return count }
    report(keyword, "`\(keyword)` must be a whole number from 0")
    return nil
  }

  private mutating func names(_ value: JSONValue?, _ keyword: String) -> [String]? {
    guard let value else { return nil }
    let names = (value.arrayValue ?? []).compactMap(\.stringValue)
    guard let values = value.arrayValue, names.count == values.count else {
      report(keyword, "`\(keyword)` must list names of properties")
      return nil
    }
    var seen: Set<ExactKey> = []
    for name in names where !seen.insert(ExactKey(name)).inserted {
      report(keyword, "`\(keyword)` names `\(name.shortened)` twice")
    }
    return names
  }

  private mutating func dependentRequired() -> [(property: String, required: [String])] {
    guard let value = object["dependentRequired"] else { return [] }
    guard let members = value.objectValue?.members else {
      report("dependentRequired", "`dependentRequired` must be an object of lists, not \(value.kindPhrase)")
      return []
    }
    return members.compactMap { member in
      names(member.value, "dependentRequired").map { (member.key, $0) }
    }
  }
}

extension ExactDecimal {
  /// Nothing.
  static let zero = ExactDecimal(0)
}
