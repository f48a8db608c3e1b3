extension Shape {
  /// What the shape wants, as messages say it: "`label` must be …".
  var phrase: String {
    switch self {
    case .text, .template, .entryTemplate: "text"
    case .line: "a line of text"
    case .condition: "a condition"
    case .bash: "a script's text"
    case .pattern: "a regular expression"
    case .fileName: "a file's name"
    case .nodeID: "a node's id"
    case .name: "a name"
    case .kebab: "words of small letters and digits, joined by `-`"
    case .choice(let choices): alternatives(choices.map { "`\($0.word)`" })
    case .boolean: "`true` or `false`"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range): "a number \(range.phrase)"
    case .duration: "a duration such as `90s` or `1h30m`, or milliseconds"
    case .list, .oneOrMany: "a list"
    case .mapping, .entries, .object: "a mapping"
    case .nodes: "a list of nodes"
    case .any: "a value"
    case .either(let shapes): alternatives(shapes.map(\.phrase))
    }
  }
}

extension NumberRange {
  fileprivate var phrase: String {
    let from = isAbove ? "above \(minimum.shortText)" : "from \(minimum.shortText)"
    return from + (maximum.map { " to \($0.shortText)" } ?? "")
  }
}

extension Double {
  /// The number without a fraction where it has none.
  fileprivate var shortText: String { Int(exactly: self).map(String.init) ?? description }
}
