internal import IonJSON

extension SchemaCheck {
  mutating func hasRequired(_ names: [String], _ schema: CompiledSchema, _ value: JSONValue) -> Bool {
    guard case .object(let object) = value else { return true }
    var fits = true
    for name in names where !object.contains(name) {
      fits = false
      report(schema, "required", "lacks the property `\(name.shortened)`")
      if isQuiet || isOver { return false }
    }
    return fits
  }

  mutating func hasDependent(
    _ rules: [(property: String, required: [String])], _ schema: CompiledSchema, _ value: JSONValue
  ) -> Bool {
    guard case .object(let object) = value else { return true }
    var fits = true
    for rule in rules where object.contains(rule.property) {
      for name in rule.required where !object.contains(name) {
        fits = false
        report(
          schema, "dependentRequired",
          "has the property `\(rule.property.shortened)` and so must have `\(name.shortened)`")
        if isQuiet || isOver { return false }
      }
    }
    return fits
  }

  mutating func checkMembers(
    _ rules: MemberRules, _ schema: CompiledSchema, _ value: JSONValue, _ marks: inout Marks
  ) -> Bool {
    guard case .object(let object) = value else { return true }
    var fits = true
    for (place, member) in object.members.enumerated() {
      let named = rules.named[ExactKey(member.key)]
      let patterned = rules.patterns.filter { $0.pattern.matches(member.key) }.map(\.schema)
      var numbers = (named.map { [$0] } ?? []) + patterned
      if numbers.isEmpty, let additional = rules.additional {
        if program.schemas[additional].verdict == false {
          report(schema, "additionalProperties", of: .key(member.key), Self.notAllowed(rules.names))
          fits = false
          if isQuiet || isOver { return false }
        }
        numbers = program.schemas[additional].verdict == nil ? [additional] : []
        marks.insert(place)
      }
      for number in numbers {
        marks.insert(place)
        if check(member.value, at: .key(member.key), against: number) { continue }
        fits = false
        if isQuiet || isOver { return false }
      }
    }
    return fits
  }

  private static func notAllowed(_ names: [String]) -> String {
    guard (1...12).contains(names.count) else { return "is a property that is not allowed" }
    return "is a property that is not allowed; there may be "
      + names.map { "`\($0.shortened)`" }.joined(separator: ", ")
  }

  mutating func checkNames(_ number: Int, _ schema: CompiledSchema, _ value: JSONValue) -> Bool {
    guard case .object(let object) = value else { return true }
    var fits = true
    for member in object.members {
      var marks = Marks(isWanted: false)
      let trial = trial(.string(member.key), number, &marks)
      if trial.fits { continue }
      fits = false
      let why = trial.first.map { ": it \($0.reason)" } ?? ""
      report(schema, "propertyNames", "has the property name `\(member.key.shortened)`, which is not allowed\(why)")
      if isQuiet || isOver { return false }
    }
    return fits
  }

  mutating func checkDependents(
    _ rules: [(property: String, schema: Int)], _ value: JSONValue, _ marks: inout Marks
  ) -> Bool {
    guard case .object(let object) = value else { return true }
    var fits = true
    for rule in rules where object.contains(rule.property) {
      if check(value, against: rule.schema, &marks) { continue }
      fits = false
      if isQuiet || isOver { return false }
    }
    return fits
  }

  mutating func checkLeftMembers(
    _ number: Int, _ schema: CompiledSchema, _ value: JSONValue, _ marks: inout Marks
  ) -> Bool {
    guard case .object(let object) = value, !marks.hasAll else { return true }
    var fits = true
    for (place, member) in object.members.enumerated() where !marks.contains(place) {
      if program.schemas[number].verdict == false {
        report(schema, "unevaluatedProperties", of: .key(member.key), "is a property that is not allowed")
        fits = false
      } else if !check(member.value, at: .key(member.key), against: number) {
        fits = false
      }
      if !fits, isQuiet || isOver { return false }
    }
    marks.hasAll = true
    return fits
  }
}
