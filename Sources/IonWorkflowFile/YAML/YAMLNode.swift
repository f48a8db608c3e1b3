internal import IonJSON
internal import IonWorkflow

/// One value of a YAML document, with its place in the source.
struct YAMLNode {
  enum Value {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    case mapping([YAMLPair])
  }

  var value: Value
  /// Where the value stands, in the source's bytes; of an alias, where the alias stands.
  var range: Range<Int>
  /// How many values this is with its aliases written out, itself and keys included.
  var weight: Int
  /// How many bytes of text that is.
  var size: Int
  /// How many lists and mappings stand inside each other here, itself included; 0 for a scalar.
  var height: Int

  var scalar: YAMLScalar? { if case .scalar(let scalar) = value { scalar } else { nil } }
  var sequence: [YAMLNode]? { if case .sequence(let items) = value { items } else { nil } }
  var mapping: [YAMLPair]? { if case .mapping(let pairs) = value { pairs } else { nil } }

  /// Whether nothing, `~` or `null` stands here.
  var isNull: Bool { scalar?.resolved == .null }
}

/// One `key: value`.
struct YAMLPair {
  var key: YAMLKey
  var value: YAMLNode
}

/// A mapping's key.
struct YAMLKey {
  var text: String
  var range: Range<Int>
}

/// A scalar as it is written.
struct YAMLScalar {
  enum Style { case plain, singleQuoted, doubleQuoted, literal, folded }

  /// What the scalar says, its quotes, escapes and folds taken away.
  var text: String
  var style: Style
  /// Where it is written, quotes and block header included; of an alias, where the anchor's text is.
  var source: Range<Int>
  /// Whether it may mean a number, a boolean or null: plain, and not tagged as text.
  var isPlain: Bool
}

/// A text compared byte by byte, where `String` would take different spellings of one character for equal.
struct ExactText: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (left: ExactText, right: ExactText) -> Bool { left.text.hasSameBytes(as: right.text) }
  func hash(into hasher: inout Hasher) { text.hashBytes(into: &hasher) }
}

/// Something that a file's text gives reason to say; `range` is in the source's bytes.
struct Finding: Error {
  var severity: Diagnostic.Severity
  var code: String
  var message: String
  var range: Range<Int>
  var hint: String?
  /// What there is to say about other files because of this.
  var related: [Diagnostic.Related] = []

  init(_ severity: Diagnostic.Severity, _ code: String, _ message: String, at range: Range<Int>, hint: String? = nil) {
    self.severity = severity
    self.code = code
    self.message = message
    self.range = range
    self.hint = hint
  }
}
