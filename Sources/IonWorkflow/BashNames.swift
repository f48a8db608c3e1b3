/// What a body tells about its variables' kinds, and the assignments that depend on it.
struct BashNames {
  /// Names that bash computes whatever is assigned to them, its own first.
  private(set) var integers: Set<String> = ["RANDOM", "SRANDOM", "SECONDS", "LINENO", "HISTCMD", "OPTIND"]
  /// Names that are arrays somewhere in the body.
  private(set) var arrays: Set<String> = []
  /// Names that stand for other names, and those among them that are declared without one.
  private var references: Set<String> = []
  private var unboundReferences: Set<String> = []
  /// Names that `read` and its kin fill.
  private var filled: Set<String> = []
  private var assignments: [(name: String, occurrences: [Int])] = []
  private var declarations: [(name: String, occurrences: [Int])] = []
  private var loops: [(name: String, occurrences: [Int])] = []
  /// What the commands inside `{ … }`, loops and their kin may read.
  private var inputs: [Int] = []

  /// How many assignments there are.
  struct Length {
    fileprivate let assignments, declarations, loops, inputs: Int
  }

  var length: Length {
    Length(
      assignments: assignments.count, declarations: declarations.count, loops: loops.count, inputs: inputs.count)
  }

  /// Takes off the assignments that were added since; names stay, which can only make the rules stricter.
  mutating func cut(to length: Length) {
    assignments.removeSubrange(length.assignments...)
    declarations.removeSubrange(length.declarations...)
    loops.removeSubrange(length.loops...)
    inputs.removeSubrange(length.inputs...)
  }

  mutating func addArray(_ name: String) { arrays.insert(name) }

  mutating func addInteger(_ name: String) { integers.insert(name) }

  mutating func addReference(_ name: String, isBound: Bool) {
    references.insert(name)
    if !isBound { unboundReferences.insert(name) }
  }

  /// A name that a command fills from its input.
  /// - Parameter occurrences: What is known to be in that input.
  mutating func addFilled(_ name: String, from occurrences: [Int]) {
    filled.insert(name)
    addAssignment(to: name, occurrences)
  }

  /// The input of a command that others inside it may read.
  mutating func addInput(_ occurrences: [Int]) { inputs += occurrences }

  /// `for name in …`: each word is assigned, and where the name stands for another, names what it stands for.
  mutating func addLoop(over name: String, _ occurrences: [Int]) {
    if !occurrences.isEmpty { loops.append((name, occurrences)) }
  }

  /// `name=…`, whose value is computed where the name is an integer's.
  mutating func addAssignment(to name: String, _ occurrences: [Int]) {
    if !occurrences.isEmpty { assignments.append((name, occurrences)) }
  }

  /// `declare name=…`, whose value is expanded again where the name is an array's and the value is in parentheses.
  mutating func addDeclaration(of name: String, _ occurrences: [Int]) {
    if !occurrences.isEmpty { declarations.append((name, occurrences)) }
  }

  /// The occurrences that bash computes for the sake of the name they are assigned to.
  var computed: [Int] {
    let assigned = (assignments + loops).filter { integers.contains($0.name) }.flatMap(\.occurrences)
    return filled.isDisjoint(with: integers) ? assigned : assigned + inputs
  }

  /// The occurrences that become the name that another one stands for.
  var named: [Int] {
    let bound = assignments.filter { unboundReferences.contains($0.name) }
    return (bound + loops.filter { references.contains($0.name) }).flatMap(\.occurrences)
  }

  /// The occurrences that a declaration would expand again.
  var reparsedLists: [Int] { declarations.filter { arrays.contains($0.name) }.flatMap(\.occurrences) }
}
