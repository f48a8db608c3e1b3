internal import IonJSON

extension SchemaCompiler {
  /// The keywords that apply schemas: those that look at parts of a value first, those that ask what is left last.
  mutating func applicators(_ object: JSONObject, at pointer: String) -> [SchemaRule] {
    arrays(object, at: pointer) + objects(object, at: pointer) + combinations(object, at: pointer)
      + leftovers(object, at: pointer)
  }

  private mutating func schema(_ keyword: String, of object: JSONObject, at pointer: String) -> Int? {
    object[keyword].map { schema($0, at: pointer + JSONPointer.step(keyword)) }
  }

  /// The schemas of a list; nil where there is none, or none that can be read.
  private mutating func list(_ keyword: String, of object: JSONObject, at pointer: String) -> [Int]? {
    guard let value = object[keyword] else { return nil }
    let place = pointer + JSONPointer.step(keyword)
    guard let values = value.arrayValue, !values.isEmpty else {
      report(place, "`\(keyword)` must be a list of at least one schema")
      return nil
    }
    return values.enumerated().map { index, value in schema(value, at: "\(place)/\(index)") }
  }

  /// The schemas of a mapping, in its order; empty where there is none, or none that can be read.
  private mutating func mapping(
    _ keyword: String, of object: JSONObject, at pointer: String
  ) -> [(name: String, schema: Int)] {
    guard let value = object[keyword] else { return [] }
    let place = pointer + JSONPointer.step(keyword)
    guard let members = value.objectValue?.members else {
      report(place, "`\(keyword)` must be an object of schemas, not \(value.kindPhrase)")
      return []
    }
    return members.map { ($0.key, schema($0.value, at: place + JSONPointer.step($0.key))) }
  }

  // MARK: Parts

  private mutating func arrays(_ object: JSONObject, at pointer: String) -> [SchemaRule] {
    var rules: [SchemaRule] = []
    let prefix = list("prefixItems", of: object, at: pointer) ?? []
    var rest: Int?
    if case .array? = object["items"] {
      report(pointer + "/items", "`items` is one schema for all items; a schema for each place is `prefixItems`")
    } else {
      rest = schema("items", of: object, at: pointer)
    }
    if !prefix.isEmpty || rest != nil { rules.append(.items(prefix: prefix, rest: rest)) }
    let minimum = KeywordReader.count(object["minContains"])
    let maximum = KeywordReader.count(object["maxContains"])
    if let contained = schema("contains", of: object, at: pointer) {
      rules.append(.contains(contained, minimum: minimum ?? 1, maximum: maximum))
    }
    return rules
  }

  private mutating func objects(_ object: JSONObject, at pointer: String) -> [SchemaRule] {
    var rules: [SchemaRule] = []
    var members = MemberRules()
    for (name, schema) in mapping("properties", of: object, at: pointer) {
      members.named[ExactKey(name)] = schema
      members.names.append(name)
    }
    for (source, schema) in mapping("patternProperties", of: object, at: pointer) {
      let place = pointer + "/patternProperties" + JSONPointer.step(source)
      if let pattern = pattern(source, at: place) { members.patterns.append((pattern, schema)) }
    }
    members.additional = schema("additionalProperties", of: object, at: pointer)
    if !members.named.isEmpty || !members.patterns.isEmpty || members.additional != nil {
      rules.append(.members(members))
    }
    if let names = schema("propertyNames", of: object, at: pointer) { rules.append(.propertyNames(names)) }
    let dependent = mapping("dependentSchemas", of: object, at: pointer)
    if !dependent.isEmpty { rules.append(.dependentSchemas(dependent.map { ($0.name, $0.schema) })) }
    _ = mapping("$defs", of: object, at: pointer)
    return rules
  }

  // MARK: The same value

  private mutating func combinations(_ object: JSONObject, at pointer: String) -> [SchemaRule] {
    var rules: [SchemaRule] = []
    if let schemas = list("allOf", of: object, at: pointer) { rules.append(.allOf(schemas)) }
    if let schemas = list("anyOf", of: object, at: pointer) { rules.append(.anyOf(schemas)) }
    if let schemas = list("oneOf", of: object, at: pointer) { rules.append(.oneOf(schemas)) }
    if let schema = schema("not", of: object, at: pointer) { rules.append(.not(schema)) }
    let then = schema("then", of: object, at: pointer)
    let other = schema("else", of: object, at: pointer)
    if let condition = schema("if", of: object, at: pointer) {
      rules.append(.condition(condition, then: then, else: other))
    }
    return rules
  }

  private mutating func leftovers(_ object: JSONObject, at pointer: String) -> [SchemaRule] {
    var rules: [SchemaRule] = []
    if let schema = schema("unevaluatedItems", of: object, at: pointer) { rules.append(.unevaluatedItems(schema)) }
    if let schema = schema("unevaluatedProperties", of: object, at: pointer) {
      rules.append(.unevaluatedProperties(schema))
    }
    return rules
  }
}

extension PatternFailure {
  /// What is wrong with a pattern, and where.
  func sentence(about source: String) -> String {
    "the pattern `\(source.shortened)` \(reason) (character \(offset + 1))"
  }
}
