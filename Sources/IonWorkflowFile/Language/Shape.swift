public import IonJSON

/// What may stand behind a key. The reader checks by it, and the JSON Schema is made from it.
public indirect enum Shape: Sendable {
  /// Any scalar, in its own spelling.
  case text
  /// A text that isn't empty and has no line break.
  case line
  /// A text in which references and variables are read.
  case template
  /// The same; nothing at all is the empty text.
  case entryTemplate
  /// A condition, as `when` has it.
  case condition
  /// The text of a bash script.
  case bash
  /// A regular expression.
  case pattern
  /// The name of a file in a folder that Ion knows: no `/`, `\`, `..`, and no dot at its start.
  case fileName
  /// `[A-Za-z_][A-Za-z0-9_-]*`, and not `INPUTS`.
  case nodeID
  /// `[A-Za-z_][A-Za-z0-9_]*`.
  case name
  /// Words in small letters, digits and single hyphens.
  case kebab
  /// One of some words.
  case choice([Choice])
  case boolean
  case integer(ClosedRange<Int>)
  case number(NumberRange)
  /// Milliseconds, or a text such as `1h30m`.
  case duration(allowsZero: Bool)
  /// A list of at least `minimum` values.
  case list(Shape, minimum: Int = 0)
  /// One value, or a list of them.
  case oneOrMany(Shape)
  /// A mapping with keys of its own.
  case mapping(MappingSpec)
  /// A mapping whose keys the author names.
  case entries(KeyRule, Shape)
  /// A list of at least `minimum` nodes.
  case nodes(minimum: Int)
  /// A JSON Schema, or any other mapping that is passed on as it is.
  case object
  /// Anything.
  case any
  /// The first of some shapes that fits.
  case either([Shape])
}

/// One word that a key may have, and what it means.
public struct Choice: Sendable {
  public let word: String
  public let summary: String

  public init(_ word: String, _ summary: String) {
    self.word = word
    self.summary = summary
  }
}

/// The numbers that a key may have.
public struct NumberRange: Sendable {
  public let minimum: Double
  /// Nil has no upper bound.
  public let maximum: Double?
  /// Whether the minimum itself is left out.
  public let isAbove: Bool

  /// From `minimum` up to `maximum`, both included.
  public static func within(_ minimum: Double, _ maximum: Double) -> NumberRange {
    NumberRange(minimum: minimum, maximum: maximum, isAbove: false)
  }
  /// `minimum` and everything above.
  public static func from(_ minimum: Double) -> NumberRange {
    NumberRange(minimum: minimum, maximum: nil, isAbove: false)
  }
  /// Everything above `minimum`.
  public static func above(_ minimum: Double) -> NumberRange {
    NumberRange(minimum: minimum, maximum: nil, isAbove: true)
  }

  func contains(_ number: Double) -> Bool {
    (isAbove ? number > minimum : number >= minimum) && (maximum.map { number <= $0 } ?? number.isFinite)
  }
}

/// How the keys of a mapping may be spelled where the author names them.
public enum KeyRule: Sendable {
  /// `[A-Za-z_][A-Za-z0-9_]*`: it becomes a variable's name, and `$INPUTS.name` must be able to say it.
  case name
  /// Any text.
  case any
}

/// One key of a mapping: what stands behind it and what it is for.
public struct KeySpec: Sendable {
  public let name: String
  public let shape: Shape
  /// What the key is for, in a sentence or two; shown by editors.
  public let summary: String
  public var isRequired = false
  /// Whether a wrong value only costs the key, with a warning, and not the file.
  public var isCosmetic = false
  /// Whether this version of Ion acts on the key; the others are checked, kept and reported.
  public var isActedOn = true
  /// What holds without the key; nil where nothing does, or where it depends.
  public var defaultValue: JSONValue?
  /// The kinds of node, or of provider, that the key is for; empty for every kind, and for keys of anything else.
  public var kinds: [String] = []

  init(
    _ name: String, _ shape: Shape, _ summary: String, required: Bool = false, cosmetic: Bool = false,
    actedOn: Bool = true, default defaultValue: JSONValue? = nil, kinds: [String] = []
  ) {
    self.name = name
    self.shape = shape
    self.summary = summary
    isRequired = required
    isCosmetic = cosmetic
    isActedOn = actedOn
    self.defaultValue = defaultValue
    self.kinds = kinds
  }
}

/// A mapping whose keys are known.
public struct MappingSpec: Sendable {
  /// What the mapping is, as messages say it: "a node", "`retry`".
  public let place: String
  /// A name of its own among the schema's definitions.
  public let name: String
  public let summary: String
  public let keys: [KeySpec]
  private let indices: [String: Int]

  init(_ name: String, place: String, _ summary: String, _ keys: [KeySpec]) {
    self.name = name
    self.place = place
    self.summary = summary
    self.keys = keys
    indices = Dictionary(
      keys.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  /// The key of a name; nil for one that the mapping doesn't know.
  public func key(_ name: String) -> KeySpec? { indices[name].map { keys[$0] } }
}
