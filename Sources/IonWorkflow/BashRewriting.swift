/// A body in which every reference has become the expansion of a variable that carries its value.
public struct BashRewriting: Hashable, Sendable {
  /// A variable that the step's shell must have when the text runs.
  public struct Variable: Hashable, Sendable {
    public var name: String
    public var reference: Reference
    /// What the value must be.
    public var rule: BashBody.ValueRule

    public init(name: String, reference: Reference, rule: BashBody.ValueRule = .anyText) {
      self.name = name
      self.reference = reference
      self.rule = rule
    }
  }

  /// As many lines as the body has, so that bash's messages name the author's lines.
  public var text: String
  /// In the order of their first use. A reference has one variable for its text and one for its number, however often
  /// it stands in the body.
  public var variables: [Variable]
}

extension BashBody {
  /// The body with its references as variables `prefix0`, `prefix1`, …
  /// - Parameter variablePrefix: Starts with `ION_`, which is reserved; underscores are added while the body has it too.
  public func rewritten(variablePrefix: String = "ION_V") -> BashRewriting {
    let source = Array(text.utf8)
    var variables = VariableTable(prefix: Self.unused(Array(variablePrefix.utf8), in: source))
    var result: [UInt8] = []
    result.reserveCapacity(source.count + occurrences.count * 8)
    var copied = 0
    var replacements = replacements[...]
    func copy(upTo offset: Int) {
      while let replacement = replacements.first, replacement.range.lowerBound < offset {
        result += source[copied..<replacement.range.lowerBound] + Array(replacement.text.utf8)
        copied = replacement.range.upperBound
        replacements.removeFirst()
      }
      result += source[copied..<offset]
      copied = offset
    }
    for occurrence in occurrences {
      copy(upTo: occurrence.range.lowerBound)
      result += occurrence.position.expansion(of: variables.name(for: occurrence)).utf8
      copied = occurrence.range.upperBound
    }
    copy(upTo: source.count)
    return BashRewriting(text: String(decoding: result, as: UTF8.self), variables: variables.variables)
  }

  /// The prefix with as many underscores as it takes for the body not to hold it: one more than follow it anywhere.
  private static func unused(_ prefix: [UInt8], in source: [UInt8]) -> String {
    var underscores = 0
    for start in source.indices where source[start] == prefix.first && source[start...].starts(with: prefix) {
      let run = source[(start + prefix.count)...].prefix { $0 == UInt8(ascii: "_") }.count
      underscores = max(underscores, run + 1)
    }
    return String(decoding: prefix, as: UTF8.self) + String(repeating: "_", count: underscores)
  }
}

extension BashBody.Position {
  /// The text that stands for a variable's value at this place.
  func expansion(of name: String) -> String {
    switch self {
    case .bare: "\"${\(name)}\""
    case .doubleQuoted, .quotedHereDocument, .arithmetic: "${\(name)}"
    case .singleQuoted: "'\"${\(name)}\"'"
    case .dollarQuoted: "'\"${\(name)}\"$'"
    }
  }
}

/// Gives out the variables of one rewriting.
private struct VariableTable {
  private struct Key: Hashable {
    var reference: Reference
    var isInteger: Bool
  }

  let prefix: String
  private(set) var variables: [BashRewriting.Variable] = []
  private var indices: [Key: Int] = [:]

  init(prefix: String) { self.prefix = prefix }

  mutating func name(for occurrence: BashBody.Occurrence) -> String {
    let key = Key(reference: occurrence.reference, isInteger: occurrence.rule == .integer)
    if let index = indices[key] {
      if occurrence.rule == .notParenthesized { variables[index].rule = .notParenthesized }
      return variables[index].name
    }
    let name = "\(prefix)\(variables.count)"
    indices[key] = variables.count
    variables.append(BashRewriting.Variable(name: name, reference: occurrence.reference, rule: occurrence.rule))
    return name
  }
}
