internal import IonJSON

/// Which parts of one value keywords have looked at: the members of an object or the items of an array, by their places.
struct Marks {
  /// Whether anybody will ask.
  let isWanted: Bool
  var hasAll = false
  var places: Set<Int> = []

  init(isWanted: Bool) { self.isWanted = isWanted }

  func contains(_ place: Int) -> Bool { hasAll || places.contains(place) }

  mutating func insert(_ place: Int) { if isWanted { places.insert(place) } }

  mutating func formUnion(_ other: Marks) {
    guard isWanted else { return }
    hasAll = hasAll || other.hasAll
    places.formUnion(other.places)
  }
}

/// Checks one value against a program.
struct SchemaCheck {
  enum Step {
    case key(String)
    case index(Int)
  }

  /// How many schemas may be at work inside each other: what is nested deeper is refused, not followed.
  static let deepest = 400
  /// How often each part of a value may be looked at on average, and how often a small value may be.
  static let looksPerValue = 200
  static let fewestLooks = 500_000

  let program: SchemaProgram
  var limit: Int
  private(set) var findings: [SchemaFinding] = []
  private var path: [Step] = []
  /// How many of those around this check only want to know whether a value fits.
  private var quietness = 0
  private var depth = 0
  private var looks: Int
  /// Why the check was given up.
  private var surrender: SchemaFinding?

  init(_ program: SchemaProgram, limit: Int, value: JSONValue) {
    self.program = program
    self.limit = limit
    looks = max(Self.fewestLooks, value.partCount.multipliedReportingOverflow(by: Self.looksPerValue).partialValue)
  }

  mutating func findings(in value: JSONValue) -> [SchemaFinding] {
    var marks = Marks(isWanted: false)
    _ = check(value, against: 0, &marks)
    if let surrender { return findings.prefix(limit - 1) + [surrender] }
    return findings
  }

  /// Whether nothing more needs to be found out.
  var isOver: Bool { surrender != nil || (quietness == 0 && findings.count >= limit) }

  /// Whether only a yes or no is wanted.
  var isQuiet: Bool { quietness > 0 }

  // MARK: Schemas

  /// Whether a value fits a schema. `marks` takes what was looked at where it does.
  mutating func check(_ value: JSONValue, against number: Int, _ marks: inout Marks) -> Bool {
    let schema = program.schemas[number]
    if let verdict = schema.verdict {
      if !verdict { report(schema, "false", at: schema.pointer, "is not allowed") }
      return verdict
    }
    depth += 1
    looks -= 1
    defer { depth -= 1 }
    if depth > Self.deepest { giveUp(schema, "is nested too deeply to be checked") }
    if looks < 0 { giveUp(schema, "takes too many steps to be checked") }
    if isOver { return false }
    var own = Marks(isWanted: marks.isWanted || schema.hasUnevaluated)
    var fits = true
    for rule in schema.rules {
      if apply(rule, of: schema, to: value, &own) { continue }
      fits = false
      if isQuiet || isOver { return false }
    }
    if fits { marks.formUnion(own) }
    return fits
  }

  /// The same for a part of the value.
  mutating func check(_ value: JSONValue, at step: Step, against number: Int) -> Bool {
    path.append(step)
    defer { path.removeLast() }
    var marks = Marks(isWanted: false)
    return check(value, against: number, &marks)
  }

  /// Whether a value fits, without a word about why not.
  mutating func fits(_ value: JSONValue, _ number: Int, _ marks: inout Marks) -> Bool {
    quietness += 1
    defer { quietness -= 1 }
    return check(value, against: number, &marks)
  }

  /// Whether a value fits, and the first thing that is wrong with it where it doesn't and that is wanted.
  mutating func trial(_ value: JSONValue, _ number: Int, _ marks: inout Marks) -> (fits: Bool, first: SchemaFinding?) {
    if isQuiet { return (fits(value, number, &marks), nil) }
    let outer = (findings, limit)
    (findings, limit) = ([], 1)
    let result = check(value, against: number, &marks)
    let first = findings.first
    (findings, limit) = outer
    return (result, first)
  }

  private mutating func apply(
    _ rule: SchemaRule, of schema: CompiledSchema, to value: JSONValue, _ marks: inout Marks
  ) -> Bool {
    switch rule {
    case .type, .constant, .enumeration: isKind(rule, schema, value)
    case .multipleOf, .bound: isNumber(rule, schema, value)
    case .count(let bound, let count): isCount(bound, count, schema, value)
    case .pattern(let pattern): isMatch(pattern, schema, value)
    case .uniqueItems: hasUniqueItems(schema, value)
    case .items(let prefix, let rest): checkItems(prefix, rest, value, &marks)
    case .contains(let item, let minimum, let maximum):
      checkContains(item, minimum, maximum, schema, value, &marks)
    case .required(let names): hasRequired(names, schema, value)
    case .dependentRequired(let rules): hasDependent(rules, schema, value)
    case .members(let rules): checkMembers(rules, schema, value, &marks)
    case .propertyNames(let number): checkNames(number, schema, value)
    case .dependentSchemas(let rules): checkDependents(rules, value, &marks)
    case .reference(_, let number): check(value, against: number, &marks)
    case .allOf(let numbers): checkAll(numbers, value, &marks)
    case .anyOf(let numbers): checkAny(numbers, schema, value, &marks)
    case .oneOf(let numbers): checkOne(numbers, schema, value, &marks)
    case .not(let number): checkNot(number, schema, value)
    case .condition(let number, let then, let other): checkCondition(number, then, other, value, &marks)
    case .unevaluatedItems(let number): checkLeftItems(number, schema, value, &marks)
    case .unevaluatedProperties(let number): checkLeftMembers(number, schema, value, &marks)
    }
  }

  // MARK: Findings

  mutating func report(_ schema: CompiledSchema, _ keyword: String, _ reason: @autoclosure () -> String) {
    report(schema, keyword, at: schema.pointer + "/" + keyword, reason())
  }

  private mutating func report(
    _ schema: CompiledSchema, _ keyword: String, at place: String, _ reason: @autoclosure () -> String
  ) {
    guard !isQuiet, !isOver else { return }
    findings.append(SchemaFinding(instance: pointer, keyword: keyword, schema: place, reason: reason()))
  }

  /// Reports something about a part of the value.
  mutating func report(_ schema: CompiledSchema, _ keyword: String, of step: Step, _ reason: @autoclosure () -> String)
  {
    path.append(step)
    defer { path.removeLast() }
    report(schema, keyword, reason())
  }

  private mutating func giveUp(_ schema: CompiledSchema, _ reason: String) {
    guard surrender == nil else { return }
    surrender = SchemaFinding(instance: pointer, keyword: "", schema: schema.pointer, reason: reason)
  }

  private var pointer: String {
    path.map { step in
      switch step {
      case .key(let key): JSONPointer.step(key)
      case .index(let index): "/\(index)"
      }
    }.joined()
  }
}

extension JSONValue {
  /// How many values this is, itself and those in it.
  fileprivate var partCount: Int {
    var count = 0
    var waiting = [self]
    while let value = waiting.popLast() {
      count += 1
      switch value {
      case .array(let elements): waiting += elements
      case .object(let object): for member in object.members { waiting.append(member.value) }
      case .null, .bool, .integer, .number, .string: break
      }
    }
    return count
  }
}
