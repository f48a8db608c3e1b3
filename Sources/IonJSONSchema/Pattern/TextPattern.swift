/// A regular expression, as `pattern` and `patternProperties` have it: ECMA-262's, with the flag `u`, searched for
/// anywhere in a text.
///
/// Known are: characters and `.`; classes with ranges, `\d \D \w \W \s \S`, `\p{…}` and `\P{…}` for general categories
/// (`\p{L}`, `\p{Lu}`, `\p{Letter}`), `\t \n \v \f \r \0 \cX \xHH \uHHHH \u{H…}`; `^`, `$`, `\b`, `\B`; groups, named
/// ones too; `|`; `* + ? {n} {n,} {n,m}`, greedy or not; and what stands before or behind a place: `(?=…)`, `(?!…)`,
/// `(?<=…)`, `(?<!…)`. A text is its code points, `\d` and `\w` are ASCII, and `$` is the very end.
///
/// Not known, and refused by name, are what refers back to a group (`\1`, `\k<name>`), other properties (`\p{Script=…}`)
/// and flags inside of the pattern. In exchange the work never grows faster than the text's length times the pattern's:
/// no pattern hangs.
struct TextPattern: Hashable, Sendable {
  let source: String
  /// How many steps the pattern comes to.
  var size: Int { looks.reduce(program.instructions.count) { $0 + $1.instructions.count } }
  private let program: PatternProgram
  private let looks: [PatternProgram]

  /// - Throws: What is wrong, and where.
  init(_ source: String) throws(PatternFailure) {
    var parser = PatternParser(source)
    let tree = try parser.parse()
    var looks: [PatternProgram] = []
    program = try PatternProgram(tree, isBackward: false, looks: &looks)
    self.source = source
    self.looks = looks
  }

  /// Whether the pattern matches some part of the text.
  func matches(_ text: String) -> Bool { PatternMachine(text, looks: looks).matches(program) }
}
