internal import IonJSON

extension SchemaCheck {
  mutating func hasUniqueItems(_ schema: CompiledSchema, _ value: JSONValue) -> Bool {
    guard case .array(let items) = value, items.count > 1 else { return true }
    var places: [ExactValue: Int] = [:]
    for (place, item) in items.enumerated() {
      guard let earlier = places.updateValue(place, forKey: ExactValue(item)) else { continue }
      report(schema, "uniqueItems", "must have no two equal items, and items \(earlier) and \(place) are equal")
      return false
    }
    return true
  }

  mutating func checkItems(_ prefix: [Int], _ rest: Int?, _ value: JSONValue, _ marks: inout Marks) -> Bool {
    guard case .array(let items) = value else { return true }
    var fits = true
    for (place, item) in items.enumerated() {
      guard let number = place < prefix.count ? prefix[place] : rest else { break }
      if !check(item, at: .index(place), against: number) {
        fits = false
        if isQuiet || isOver { return false }
      }
      marks.insert(place)
    }
    if rest != nil { marks.hasAll = true }
    return fits
  }

  mutating func checkContains(
    _ number: Int, _ minimum: Int, _ maximum: Int?, _ schema: CompiledSchema, _ value: JSONValue, _ marks: inout Marks
  ) -> Bool {
    guard case .array(let items) = value else { return true }
    var found = 0
    for (place, item) in items.enumerated() {
      var own = Marks(isWanted: false)
      guard fits(item, number, &own) else { continue }
      found += 1
      marks.insert(place)
    }
    if found < minimum {
      let keyword = minimum == 1 ? "contains" : "minContains"
      report(
        schema, keyword, "must have at least \(minimum.counted("item")) that `contains` asks for, and has \(found)")
      return false
    }
    if let maximum, found > maximum {
      report(
        schema, "maxContains", "must have at most \(maximum.counted("item")) that `contains` asks for, and has \(found)"
      )
      return false
    }
    return true
  }

  mutating func checkLeftItems(_ number: Int, _ schema: CompiledSchema, _ value: JSONValue, _ marks: inout Marks)
    -> Bool
  {
    guard case .array(let items) = value, !marks.hasAll else { return true }
    var fits = true
    for (place, item) in items.enumerated() where !marks.contains(place) {
      if program.schemas[number].verdict == false {
        report(schema, "unevaluatedItems", of: .index(place), "is an item that is not allowed")
        fits = false
      } else if !check(item, at: .index(place), against: number) {
        fits = false
      }
      if !fits, isQuiet || isOver { return false }
    }
    marks.hasAll = true
    return fits
  }
}
