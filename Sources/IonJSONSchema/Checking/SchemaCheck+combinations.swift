internal import IonJSON

extension SchemaCheck {
  mutating func checkAll(_ numbers: [Int], _ value: JSONValue, _ marks: inout Marks) -> Bool {
    var fits = true
    for number in numbers where !check(value, against: number, &marks) {
      fits = false
      if isQuiet || isOver { return false }
    }
    return fits
  }

  mutating func checkAny(
    _ numbers: [Int], _ schema: CompiledSchema, _ value: JSONValue, _ marks: inout Marks
  ) -> Bool {
    var fits = false
    var nearest: SchemaFinding?
    for number in numbers {
      let trial = trial(value, number, &marks)
      if trial.fits {
        fits = true
        // What further alternatives look at counts as well.
        if !marks.isWanted { return true }
      }
      nearest = Self.nearer(nearest, trial.first)
    }
    if !fits { report(schema, "anyOf", "fits none of the \(numbers.count.counted("alternative"))" + Self.why(nearest)) }
    return fits
  }

  mutating func checkOne(
    _ numbers: [Int], _ schema: CompiledSchema, _ value: JSONValue, _ marks: inout Marks
  ) -> Bool {
    var fitting: [Int] = []
    var nearest: SchemaFinding?
    for (place, number) in numbers.enumerated() {
      let trial = trial(value, number, &marks)
      if trial.fits { fitting.append(place) }
      if fitting.count > 1 { break }
      nearest = Self.nearer(nearest, trial.first)
    }
    if fitting.isEmpty {
      report(schema, "oneOf", "fits none of the \(numbers.count.counted("alternative"))" + Self.why(nearest))
    } else if fitting.count > 1 {
      report(schema, "oneOf", "must fit exactly one alternative, and fits alternatives \(fitting[0]) and \(fitting[1])")
    }
    return fitting.count == 1
  }

  mutating func checkNot(_ number: Int, _ schema: CompiledSchema, _ value: JSONValue) -> Bool {
    var marks = Marks(isWanted: false)
    guard fits(value, number, &marks) else { return true }
    report(schema, "not", "must not fit the schema of `not`, and does")
    return false
  }

  mutating func checkCondition(
    _ number: Int, _ then: Int?, _ other: Int?, _ value: JSONValue, _ marks: inout Marks
  ) -> Bool {
    guard let branch = fits(value, number, &marks) ? then : other else { return true }
    return check(value, against: branch, &marks)
  }

  /// The finding that is deeper in the value: of several alternatives, that one was meant as a rule.
  private static func nearer(_ left: SchemaFinding?, _ right: SchemaFinding?) -> SchemaFinding? {
    guard let left, let right else { return left ?? right }
    func depth(_ finding: SchemaFinding) -> Int { finding.instance.utf8.count { $0 == UInt8(ascii: "/") } }
    // Of the same depth, what has the right type is nearer.
    if depth(left) == depth(right) { return left.keyword == "type" && right.keyword != "type" ? right : left }
    return depth(left) > depth(right) ? left : right
  }

  private static func why(_ nearest: SchemaFinding?) -> String { nearest.map { " (the nearest: \($0.message))" } ?? "" }
}
