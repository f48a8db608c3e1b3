extension JSONSchema {
  /// One step into a value.
  public enum Step: Hashable, Sendable {
    case field(String)
    case index(Int)
  }

  /// Where a way into a value surely ends.
  public struct DeadEnd: Hashable, Sendable {
    /// How many steps of the way may be there.
    public var depth: Int
    /// The names of the fields that may be at that place; empty where it isn't for its name that the step leads nowhere.
    public var fields: [String]
  }

  /// Why no value that fits the schema has anything at a path: a step into what is no object or array, or by a name that a
  /// closed object doesn't have. Nil where there may be something, and where that isn't sure.
  public func deadEnd(of path: [Step]) -> DeadEnd? {
    var search = PathSearch(program: program)
    return search.deadEnd(of: path[...], in: 0, depth: 0)
  }
}

private struct PathSearch {
  let program: SchemaProgram
  /// How many schemas may still be looked at; a schema that takes more is not sure.
  private var looks = 10_000

  init(program: SchemaProgram) { self.program = program }

  mutating func deadEnd(of path: ArraySlice<JSONSchema.Step>, in number: Int, depth: Int) -> JSONSchema.DeadEnd? {
    guard let step = path.first, looks > 0 else { return nil }
    looks -= 1
    let schema = program.schemas[number]
    if let verdict = schema.verdict { return verdict ? nil : JSONSchema.DeadEnd(depth: depth, fields: []) }
    for rule in schema.rules {
      if let end = deadEnd(of: path, step, by: rule, depth: depth) { return end }
    }
    return nil
  }

  private mutating func deadEnd(
    of path: ArraySlice<JSONSchema.Step>, _ step: JSONSchema.Step, by rule: SchemaRule, depth: Int
  ) -> JSONSchema.DeadEnd? {
    switch (rule, step) {
    case (.type(let types), .field): types.contains(.object) ? nil : JSONSchema.DeadEnd(depth: depth, fields: [])
    case (.type(let types), .index): types.contains(.array) ? nil : JSONSchema.DeadEnd(depth: depth, fields: [])
    case (.members(let rules), .field(let name)): deadEnd(of: path, name, by: rules, depth: depth)
    case (.items(let prefix, let rest), .index(let index)):
      (prefix.indices.contains(index) ? prefix[index] : rest).flatMap { number in
        program.schemas[number].verdict == false
          ? JSONSchema.DeadEnd(depth: depth, fields: [])
          : deadEnd(of: path.dropFirst(), in: number, depth: depth + 1)
      }
    case (.reference(_, let number), _): deadEnd(of: path, in: number, depth: depth)
    case (.allOf(let numbers), _): deadEnd(of: path, inAny: numbers, depth: depth)
    case (.anyOf(let numbers), _), (.oneOf(let numbers), _): deadEnd(of: path, inAll: numbers, depth: depth)
    default: nil
    }
  }

  private mutating func deadEnd(
    of path: ArraySlice<JSONSchema.Step>, _ name: String, by rules: MemberRules, depth: Int
  ) -> JSONSchema.DeadEnd? {
    var numbers = rules.named[ExactKey(name)].map { [$0] } ?? []
    numbers += rules.patterns.filter { $0.pattern.matches(name) }.map(\.schema)
    if numbers.isEmpty, let additional = rules.additional { numbers = [additional] }
    for number in numbers {
      if program.schemas[number].verdict == false { return JSONSchema.DeadEnd(depth: depth, fields: rules.names) }
      if let end = deadEnd(of: path.dropFirst(), in: number, depth: depth + 1) { return end }
    }
    return nil
  }

  private mutating func deadEnd(
    of path: ArraySlice<JSONSchema.Step>, inAny numbers: [Int], depth: Int
  ) -> JSONSchema.DeadEnd? {
    for number in numbers {
      if let end = deadEnd(of: path, in: number, depth: depth) { return end }
    }
    return nil
  }

  private mutating func deadEnd(
    of path: ArraySlice<JSONSchema.Step>, inAll numbers: [Int], depth: Int
  ) -> JSONSchema.DeadEnd? {
    var deepest: JSONSchema.DeadEnd?
    for number in numbers {
      guard let end = deadEnd(of: path, in: number, depth: depth) else { return nil }
      if deepest?.depth == end.depth {
        deepest?.fields += end.fields
      } else if end.depth > deepest?.depth ?? -1 {
        deepest = end
      }
    }
    return deepest
  }
}
