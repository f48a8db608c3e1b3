internal import IonJSON
internal import IonWorkflow

/// A value that has the shape that its key wants, read as far as the shape says what it is.
enum Checked {
  case text(YAMLScalar)
  case template(Template, YAMLScalar)
  case condition(Condition, YAMLScalar)
  case bash(BashBody, YAMLScalar)
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case duration(Duration)
  case list([Checked])
  case fields(Fields)
  case entries([CheckedEntry])
  case nodes([YAMLNode])
  case raw(YAMLNode)
}

/// One pair of a mapping whose keys the author names.
struct CheckedEntry {
  var key: YAMLKey
  var node: YAMLNode
  var value: Checked
}

/// A mapping with known keys, each value of the shape that its key wants.
struct Fields {
  struct Field {
    var spec: KeySpec
    var key: YAMLKey
    var node: YAMLNode
    var value: Checked
  }

  var range: Range<Int>
  /// In the file's order.
  var all: [Field] = []
  /// Keys that the mapping doesn't know.
  var unknown: [YAMLKey] = []
  /// Whether a key is missing or was left out as wrong.
  var isBroken = false
  private var indices: [String: Int] = [:]

  init(range: Range<Int>) { self.range = range }

  mutating func add(_ field: Field) {
    indices[field.spec.name] = all.count
    all.append(field)
  }

  subscript(name: String) -> Field? { indices[name].map { all[$0] } }

  /// The place of a key; that of the whole mapping where it is absent.
  func place(of name: String) -> Range<Int> { self[name]?.key.range ?? range.lowerBound..<range.lowerBound }

  func scalar(_ name: String) -> YAMLScalar? { if case .text(let scalar)? = self[name]?.value { scalar } else { nil } }
  func text(_ name: String) -> String? { scalar(name)?.text }
  func flag(_ name: String) -> Bool? { if case .flag(let flag)? = self[name]?.value { flag } else { nil } }
  func integer(_ name: String) -> Int? { if case .integer(let number)? = self[name]?.value { number } else { nil } }
  func number(_ name: String) -> Double? { if case .number(let number)? = self[name]?.value { number } else { nil } }
  func duration(_ name: String) -> Duration? {
    if case .duration(let duration)? = self[name]?.value { duration } else { nil }
  }
  func template(_ name: String) -> Template? {
    if case .template(let template, _)? = self[name]?.value { template } else { nil }
  }
  func bash(_ name: String) -> BashBody? { if case .bash(let body, _)? = self[name]?.value { body } else { nil } }
  func list(_ name: String) -> [Checked]? { if case .list(let items)? = self[name]?.value { items } else { nil } }
  func fields(_ name: String) -> Fields? { if case .fields(let fields)? = self[name]?.value { fields } else { nil } }
  func entries(_ name: String) -> [CheckedEntry]? {
    if case .entries(let entries)? = self[name]?.value { entries } else { nil }
  }
  func nodes(_ name: String) -> [YAMLNode]? { if case .nodes(let nodes)? = self[name]?.value { nodes } else { nil } }

  /// The scalars of a list of texts; empty where the key is absent.
  func scalars(_ name: String) -> [YAMLScalar] {
    (list(name) ?? []).compactMap { if case .text(let scalar) = $0 { scalar } else { nil } }
  }
  func texts(_ name: String) -> [String] { scalars(name).map(\.text) }
}
