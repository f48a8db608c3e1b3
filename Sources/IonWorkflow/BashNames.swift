/// What a body tells about its variables' kinds, and the assignments that depend on it.
struct BashNames {
  /// Names that bash computes whatever is assigned to them, its own first.
  private(set) var integers: Set<String> = ["RANDOM", "SRANDOM", "SECONDS", "LINENO", "HISTCMD", "OPTIND"]
  /// Names that are arrays somewhere in the body.
  private(set) var arrays: Set<String> = []
  private var assignments: [(name: String, occurrences: [Int])] = []
  private var declarations: [(name: String, occurrences: [Int])] = []

  /// How many assignments there are.
  struct Length {
    fileprivate let assignments, declarations: Int
  }

  var length: Length { Length(assignments: assignments.count, declarations: declarations.count) }

  /// Takes off the assignments that were added since; names stay, which can only make the rules stricter.
  mutating func cut(to length: Length) {
    assignments.removeSubrange(length.assignments...)
    declarations.removeSubrange(length.declarations...)
  }

  mutating func addArray(_ name: String) { arrays.insert(name) }

  mutating func addInteger(_ name: String) { integers.insert(name) }

  /// `name=…`, whose value is computed where the name is an integer's.
  mutating func addAssignment(to name: String, _ occurrences: [Int]) {
    if !occurrences.isEmpty { assignments.append((name, occurrences)) }
  }

  /// `declare name=…`, whose value is expanded again where the name is an array's and the value is in parentheses.
  mutating func addDeclaration(of name: String, _ occurrences: [Int]) {
    if !occurrences.isEmpty { declarations.append((name, occurrences)) }
  }

  /// The occurrences that bash computes for the sake of the name they are assigned to.
  var computed: [Int] { assignments.filter { integers.contains($0.name) }.flatMap(\.occurrences) }

  /// The occurrences that a declaration would expand again.
  var reparsedLists: [Int] { declarations.filter { arrays.contains($0.name) }.flatMap(\.occurrences) }
}
