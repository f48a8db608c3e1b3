internal import IonJSON

/// Compiles one document. Everything that is wrong is noted, and compiling goes on.
struct SchemaCompiler {
  static let deepest = 256
  /// More problems than that help nobody.
  static let mostProblems = 100
  /// How many steps the patterns of one document may come to.
  static let mostPatternSteps = 200_000

  let document: JSONValue
  private(set) var schemas: [CompiledSchema] = []
  private(set) var problems: [SchemaProblem] = []
  /// The schemas by where they stand.
  private var numbers: [ExactKey: Int] = [:]
  /// The schemas by the names that `$anchor` and `$dynamicAnchor` give them.
  private var anchors: [ExactKey: Int] = [:]
  /// References that wait until all anchors are known.
  private var pending: [PendingReference] = []
  private var depth = 0
  private var unknownKeywords: [String] = []
  private var patternSteps = 0

  struct PendingReference {
    var schema: Int
    /// Its place among the schema's rules.
    var rule: Int
    var target: String
    var pointer: String
  }

  init(_ document: JSONValue) { self.document = document }

  mutating func compile() throws(JSONSchemaFailure) -> SchemaProgram {
    _ = schema(document, at: "")
    // A reference may lead to where no schema was looked for, and what is there may have references of its own.
    while !pending.isEmpty {
      let references = pending
      pending = []
      for reference in references { resolve(reference) }
    }
    if problems.isEmpty { refuseEndlessness() }
    guard problems.isEmpty else { throw JSONSchemaFailure(problems: problems) }
    return SchemaProgram(schemas, size: schemas.count + patternSteps, unknownKeywords: unknownKeywords)
  }

  mutating func report(_ pointer: String, _ message: String) {
    if problems.count < Self.mostProblems { problems.append(SchemaProblem(pointer: pointer, message: message)) }
  }

  /// A pattern compiled; nil where it is none, or where the document's patterns are too much.
  mutating func pattern(_ source: String, at pointer: String) -> TextPattern? {
    guard patternSteps <= Self.mostPatternSteps else { return nil }
    do throws(PatternFailure) {
      let pattern = try TextPattern(source)
      patternSteps += pattern.size
      if patternSteps > Self.mostPatternSteps {
        report(pointer, "the patterns come to more than \(Self.mostPatternSteps) steps, which is too large")
      }
      return pattern
    } catch {
      report(pointer, error.sentence(about: source))
      return nil
    }
  }

  /// The number of the schema at a pointer, which is compiled where it wasn't yet.
  mutating func schema(_ value: JSONValue, at pointer: String) -> Int {
    if let known = numbers[ExactKey(pointer)] { return known }
    let number = schemas.count
    numbers[ExactKey(pointer)] = number
    schemas.append(CompiledSchema(pointer: pointer))
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      report(pointer, "schemas stand inside each other more than \(Self.deepest) deep")
      return number
    }
    switch value {
    case .bool(let verdict): schemas[number].verdict = verdict
    case .object(let object): compile(object, as: number, at: pointer)
    case .null, .integer, .number, .string, .array:
      report(pointer, "a schema is an object, `true` or `false`, not \(value.kindPhrase)")
    }
    return number
  }

  private mutating func compile(_ object: JSONObject, as number: Int, at pointer: String) {
    for member in object.members where !JSONSchema.keywords.contains(member.key) {
      if unknownKeywords.count < Self.mostProblems { unknownKeywords.append(pointer + JSONPointer.step(member.key)) }
    }
    identify(object, as: number, at: pointer)
    var reader = KeywordReader(object: object, pointer: pointer)
    var rules = reader.assertions()
    for problem in reader.problems { report(problem.pointer, problem.message) }
    if let source = object["pattern"]?.stringValue, let pattern = pattern(source, at: pointer + "/pattern") {
      rules.append(.pattern(pattern))
    }
    for keyword in ["$ref", "$dynamicRef"] {
      guard let value = object[keyword] else { continue }
      let place = pointer + JSONPointer.step(keyword)
      guard let target = value.stringValue else {
        report(place, "`\(keyword)` must be a string, not \(value.kindPhrase)")
        continue
      }
      pending.append(PendingReference(schema: number, rule: rules.count, target: target, pointer: place))
      rules.append(.reference(keyword: keyword, number))
    }
    rules += applicators(object, at: pointer)
    schemas[number].hasUnevaluated = object.contains("unevaluatedItems") || object.contains("unevaluatedProperties")
    schemas[number].rules = rules
  }

  // MARK: Names

  private mutating func identify(_ object: JSONObject, as number: Int, at pointer: String) {
    if let dialect = object["$schema"] {
      let known = ["https://json-schema.org/", "http://json-schema.org/"]
      if !known.contains(where: { dialect.stringValue?.hasPrefix($0) ?? false }) {
        report(
          pointer + "/$schema", "`$schema` names a dialect that isn't known; write the schema by JSON Schema 2020-12")
      }
    }
    if let id = object["$id"] {
      if id.stringValue == nil {
        report(pointer + "/$id", "`$id` must be a string, not \(id.kindPhrase)")
      } else if !pointer.isEmpty {
        report(pointer + "/$id", "an `$id` inside of the document makes a document of its own, which isn't supported")
      }
    }
    for keyword in ["$anchor", "$dynamicAnchor"] {
      guard let value = object[keyword] else { continue }
      let place = pointer + JSONPointer.step(keyword)
      guard let name = value.stringValue, Self.isAnchor(name) else {
        report(place, "`\(keyword)` must be a name: a letter or `_`, then letters, digits, `-`, `_` and `.`")
        continue
      }
      if let other = anchors.updateValue(number, forKey: ExactKey(name)), other != number {
        report(place, "two schemas have the anchor `\(name)`")
      }
    }
  }

  private static func isAnchor(_ name: String) -> Bool {
    func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_") }
    guard let first = name.utf8.first, isLetter(first) else { return false }
    return name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E }
  }

  // MARK: References

  private mutating func resolve(_ reference: PendingReference) {
    guard let target = target(of: reference) else { return }
    if case .reference(let keyword, _) = schemas[reference.schema].rules[reference.rule] {
      schemas[reference.schema].rules[reference.rule] = .reference(keyword: keyword, target)
    }
  }

  private mutating func target(of reference: PendingReference) -> Int? {
    let text = reference.target
    let hash = text.firstIndex(of: "#") ?? text.endIndex
    let base = String(text[..<hash])
    let id = document["$id"]?.stringValue
    let ownID = id.map { String($0[..<($0.firstIndex(of: "#") ?? $0.endIndex)]) }
    guard base.isEmpty || base == ownID else {
      report(reference.pointer, "`\(text.shortened)` leads out of the document, and nothing is fetched")
      return nil
    }
    guard let fragment = JSONPointer.percentDecoded(String(text[hash...].dropFirst())) else {
      report(reference.pointer, "`\(text.shortened)` is not spelled as a reference is")
      return nil
    }
    if !fragment.isEmpty && !fragment.hasPrefix("/") {
      if let known = anchors[ExactKey(fragment)] { return known }
      report(reference.pointer, "`\(text.shortened)` leads nowhere: no schema has this `$anchor`")
      return nil
    }
    guard let steps = JSONPointer.steps(fragment), let value = Self.value(in: document, at: steps) else {
      report(reference.pointer, "`\(text.shortened)` leads nowhere: there is nothing at this place of the document")
      return nil
    }
    switch value {
    case .object, .bool: return schema(value, at: steps.map(JSONPointer.step).joined())
    case .null, .integer, .number, .string, .array:
      report(reference.pointer, "`\(text.shortened)` leads to \(value.kindPhrase), which is no schema")
      return nil
    }
  }

  private static func value(in document: JSONValue, at steps: [String]) -> JSONValue? {
    var value = document
    for step in steps {
      switch value {
      case .object(let object):
        guard let member = object[step] else { return nil }
        value = member
      case .array(let elements):
        guard let index = Int(step), String(index) == step, elements.indices.contains(index) else { return nil }
        value = elements[index]
      case .null, .bool, .integer, .number, .string: return nil
      }
    }
    return value
  }

  // MARK: Endlessness

  /// Refuses schemas that apply themselves to the same value again. Every other recursion goes deeper into a value, and so
  /// comes to an end.
  private mutating func refuseEndlessness() {
    enum Colour { case new, open, done }
    var colours = [Colour](repeating: .new, count: schemas.count)
    for start in schemas.indices where colours[start] == .new {
      var stack: [(number: Int, next: [Int])] = [(start, schemas[start].inPlace)]
      colours[start] = .open
      while let last = stack.indices.last {
        guard let next = stack[last].next.popLast() else {
          colours[stack[last].number] = .done
          stack.removeLast()
          continue
        }
        switch colours[next] {
        case .done: continue
        case .open:
          report(schemas[next].pointer, "the schema applies itself to the same value again, and would never end")
          return
        case .new:
          colours[next] = .open
          stack.append((next, schemas[next].inPlace))
        }
      }
    }
  }
}

extension CompiledSchema {
  /// The schemas that are applied to the very value that this one is applied to.
  fileprivate var inPlace: [Int] {
    rules.flatMap { rule -> [Int] in
      switch rule {
      case .reference(_, let target): [target]
      case .allOf(let schemas), .anyOf(let schemas), .oneOf(let schemas): schemas
      case .not(let schema): [schema]
      case .condition(let condition, let then, let other): [condition] + [then, other].compactMap { $0 }
      case .dependentSchemas(let schemas): schemas.map(\.schema)
      case .type, .constant, .enumeration, .multipleOf, .bound, .count, .pattern, .uniqueItems, .items, .contains,
        .required, .dependentRequired, .members, .propertyNames, .unevaluatedItems, .unevaluatedProperties:
        []
      }
    }
  }
}

extension JSONValue {
  /// What kind of value this is: "a string", "null".
  var kindPhrase: String {
    switch self {
    case .null: "null"
    case .bool: "a boolean"
    case .integer, .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
