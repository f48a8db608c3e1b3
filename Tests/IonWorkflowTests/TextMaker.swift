import IonJSON
import IonWorkflow

/// Makes texts, references and conditions by chance; the same seed makes the same ones on every machine.
struct TextMaker {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func number(below bound: Int) -> Int { Int(next() % UInt64(bound)) }

  private mutating func one<Element>(of elements: [Element]) -> Element { elements[number(below: elements.count)] }

  // MARK: Texts

  /// Pieces of the grammar in any order: most of them are nearly something.
  mutating func text() -> String {
    let pieces = [
      "$", "$$", "\\", "plan", "a-b", ".output", ".status", ".", ".x", "[", "]", "[0]", "[\"k\"]", "\"", "'", "INPUTS",
      "MATRIX.os", "LOOP_PREV.", "ARGUMENTS", " ", "\n", "==", "!=", "<", ">", "=", "&&", "||", "!", "(", ")", ",",
      "in",
      "contains", "true", "null", "10", "-1.5", "1e", "'it'", "é", "🙂", "\0", "e\u{301}", "{", "}", "$plan.output",
      "$x.output.y", "$x.status", "outptu",
    ]
    return (0..<number(below: 14)).map { _ in one(of: pieces) }.joined()
  }

  mutating func word() -> String {
    let letters = ["a", "Z", "_", "-", "0", " ", ".", "\"", "'", "[", "]", "\n", "\t", "$", "é", "語", "🙂", "e\u{301}"]
    return (0..<number(below: 6)).map { _ in one(of: letters) }.joined()
  }

  // MARK: References

  private mutating func name(hyphens: Bool) -> String {
    let heads = ["a", "Z", "_", "plan", "output", "status", "x1"]
    return one(of: heads) + (0..<number(below: 4)).map { _ in one(of: ["b", "_", "7", hyphens ? "-" : "Q"]) }.joined()
  }

  mutating func reference() -> Reference {
    let id = NodeID(name(hyphens: true))
    switch number(below: 7) {
    case 0: return Reference(.status(id))
    case 1: return Reference(.input(name(hyphens: false)))
    case 2: return Reference(.matrix(name(hyphens: false)))
    case 3: return Reference(.variable(one(of: Variable.allCases)))
    case 4: return Reference(.loopPrevious(id), path: path())
    default: return Reference(.output(id), path: path())
    }
  }

  private mutating func path() -> [Reference.Step] {
    (0..<number(below: 4)).map { _ in
      switch number(below: 4) {
      case 0: .index(number(below: 100))
      case 1: .index(.max)
      case 2: .field(one(of: ["", "\\", "a\\\"b", "a b", "\r\n", "\0"]) + word())
      default: .field(name(hyphens: false))
      }
    }
  }

  // MARK: Conditions

  /// A condition's text, and what it is to be read as.
  mutating func condition(depth: Int) -> (text: String, condition: Condition) {
    switch number(below: depth > 0 ? 5 : 2) {
    case 0:
      let flag = number(below: 2) == 0
      return ("\(flag)", .operand(.literal(.bool(flag))))
    case 1: return comparison()
    case 2:
      let (text, inner) = condition(depth: depth - 1)
      return ("!\(blank())(\(text)\(blank()))", .not(inner))
    case 3:
      let parts = (0..<2 + number(below: 3)).map { _ in condition(depth: depth - 1) }
      return (parts.map { "(\($0.text))" }.joined(separator: blank() + "&&" + blank()), .and(parts.map(\.condition)))
    default:
      let parts = (0..<2 + number(below: 3)).map { _ in condition(depth: depth - 1) }
      return (parts.map { "(\($0.text))" }.joined(separator: blank() + "||" + blank()), .or(parts.map(\.condition)))
    }
  }

  private mutating func blank() -> String { one(of: ["", " ", "  ", "\n", "\t"]) }

  private mutating func comparison() -> (String, Condition) {
    let comparison = one(of: Condition.Comparison.allCases)
    let left = comparison == .contains ? container() : operand(depth: 2)
    let right = comparison == .isIn ? container() : operand(depth: 2)
    return ("\(left.0) \(comparison.rawValue) \(right.0)", .comparison(left.1, comparison, right.1))
  }

  private mutating func container() -> (String, Condition.Operand) {
    number(below: 2) == 0 ? list(depth: 2) : sampleReference()
  }

  private mutating func operand(depth: Int) -> (String, Condition.Operand) {
    switch number(below: depth > 0 ? 6 : 5) {
    case 0:
      let text = word()
      return (quoted(text), .literal(.string(text)))
    case 1:
      let value = number(below: 2000) - 1000
      return ("\(value)", .literal(.integer(Int64(value))))
    case 2: return ("null", .literal(nil))
    case 3, 4: return sampleReference()
    default: return list(depth: depth - 1)
    }
  }

  private mutating func list(depth: Int) -> (String, Condition.Operand) {
    let members = (0..<number(below: 4)).map { _ in operand(depth: depth) }
    let text = members.map { $0.0 + blank() }.joined(separator: "," + blank())
    return ("[\(text)]", .list(members.map(\.1)))
  }

  /// A reference that has a value in the sample run, most of the time.
  private mutating func sampleReference() -> (String, Condition.Operand) {
    let ids: [NodeID] = ["plan", "text", "ten", "yes", "list", "failed", "skipped", "answer", "binary", "ghost"]
    let reference = Reference(.output(one(of: ids)), path: one(of: [[], [], [.field("title")], [.index(0)]]))
    return (reference.description, .reference(reference))
  }

  private mutating func quoted(_ text: String) -> String {
    let quote = one(of: ["'", "\""])
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\\", "'", "\"": "\\\(scalar)"
      case "\n": "\\n"
      default: String(scalar)
      }
    }
    return quote + escaped.joined() + quote
  }

  // MARK: Numbers

  mutating func integer() -> Int64 {
    let wide = Int64(bitPattern: next())
    return wide >> Int64(number(below: 64))
  }

  /// The integer in one of its JSON spellings.
  mutating func spelling(of value: Int64) -> String {
    switch number(below: 4) {
    case 0: return "\(value)"
    case 1: return "\(value).000"
    case 2: return value == 0 ? "-0.0e7" : "\(value)00e-2"
    default:
      var (digits, zeros) = (value, 0)
      while digits != 0, digits % 10 == 0 { (digits, zeros) = (digits / 10, zeros + 1) }
      return "\(digits)E+\(zeros)"
    }
  }
}
