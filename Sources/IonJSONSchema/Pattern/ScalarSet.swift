/// A set of Unicode code points, as a character class of a pattern names one.
struct ScalarSet: Hashable, Sendable {
  /// In no order; they may overlap.
  var ranges: [ClosedRange<UInt32>] = []
  /// Code points by their general category; each may be turned round.
  var categories: [CategoryRule] = []
  /// Whether the set is everything else.
  var isNegated = false

  struct CategoryRule: Hashable, Sendable {
    var letters: Set<String>
    var isNegated: Bool
  }

  init(_ ranges: ClosedRange<UInt32>...) { self.ranges = ranges }

  init(_ scalar: UInt32) { ranges = [scalar...scalar] }

  /// The same set, turned round.
  var negated: ScalarSet {
    var other = self
    other.isNegated.toggle()
    return other
  }

  /// Takes in another set.
  mutating func formUnion(_ other: ScalarSet) {
    guard other.isNegated else {
      ranges += other.ranges
      categories += other.categories
      return
    }
    // Only whole escapes (`\D`, `\P{L}`) come turned round: their ranges are turned round one by one.
    ranges += Self.gaps(in: other.ranges)
    for rule in other.categories { categories.append(CategoryRule(letters: rule.letters, isNegated: !rule.isNegated)) }
  }

  func contains(_ scalar: UInt32) -> Bool {
    let isIn = ranges.contains { $0.contains(scalar) } || categories.contains { $0.contains(scalar) }
    return isIn != isNegated
  }

  private static func gaps(in ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    guard !ranges.isEmpty else { return [] }
    var gaps: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
      next = max(next, range.upperBound + 1)
    }
    if next <= 0x10FFFF { gaps.append(next...0x10FFFF) }
    return gaps
  }
}

extension ScalarSet.CategoryRule {
  fileprivate func contains(_ scalar: UInt32) -> Bool {
    guard let scalar = Unicode.Scalar(scalar) else { return isNegated }
    return letters.contains(scalar.properties.generalCategory.letters) != isNegated
  }
}

extension ScalarSet {
  static let digits = ScalarSet(0x30...0x39)
  static let word = ScalarSet(0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A)
  /// What ECMA-262 takes for white space and line ends.
  static let blanks = ScalarSet(
    0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
    0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF)
  static let lineEnds = ScalarSet(0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029)
  static let everything = ScalarSet(0...0x10FFFF)

  /// The code points of a general category, by its short or long name, or of a group of them; nil for another word.
  init?(category name: String) {
    guard name != "Any" else {
      self = .everything
      return
    }
    guard name != "ASCII" else {
      self = ScalarSet(0...0x7F)
      return
    }
    let short = Self.longNames[name] ?? name
    let letters =
      short == "LC"
      ? ["Lu", "Ll", "Lt"] : Self.categories.filter { $0 == short || short.count == 1 && $0.hasPrefix(short) }
    guard !letters.isEmpty else { return nil }
    categories = [CategoryRule(letters: Set(letters), isNegated: false)]
  }

  private static let categories = [
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm",
    "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
  ]

  private static let longNames = [
    "Letter": "L", "Cased_Letter": "LC", "Uppercase_Letter": "Lu", "Lowercase_Letter": "Ll", "Titlecase_Letter": "Lt",
    "Modifier_Letter": "Lm", "Other_Letter": "Lo", "Mark": "M", "Combining_Mark": "M", "Nonspacing_Mark": "Mn",
    "Spacing_Mark": "Mc", "Enclosing_Mark": "Me", "Number": "N", "Decimal_Number": "Nd", "digit": "Nd",
    "Letter_Number": "Nl", "Other_Number": "No", "Punctuation": "P", "punct": "P", "Connector_Punctuation": "Pc",
    "Dash_Punctuation": "Pd", "Open_Punctuation": "Ps", "Close_Punctuation": "Pe", "Initial_Punctuation": "Pi",
    "Final_Punctuation": "Pf", "Other_Punctuation": "Po", "Symbol": "S", "Math_Symbol": "Sm", "Currency_Symbol": "Sc",
    "Modifier_Symbol": "Sk", "Other_Symbol": "So", "Separator": "Z", "Space_Separator": "Zs", "Line_Separator": "Zl",
    "Paragraph_Separator": "Zp", "Other": "C", "Control": "Cc", "cntrl": "Cc", "Format": "Cf", "Surrogate": "Cs",
    "Private_Use": "Co", "Unassigned": "Cn",
  ]
}

extension Unicode.GeneralCategory {
  /// The two letters that Unicode calls the category by.
  fileprivate var letters: String {
    switch self {
    case .uppercaseLetter: "Lu"
    case .lowercaseLetter: "Ll"
    case .titlecaseLetter: "Lt"
    case .modifierLetter: "Lm"
    case .otherLetter: "Lo"
    case .nonspacingMark: "Mn"
    case .spacingMark: "Mc"
    case .enclosingMark: "Me"
    case .decimalNumber: "Nd"
    case .letterNumber: "Nl"
    case .otherNumber: "No"
    case .connectorPunctuation: "Pc"
    case .dashPunctuation: "Pd"
    case .openPunctuation: "Ps"
    case .closePunctuation: "Pe"
    case .initialPunctuation: "Pi"
    case .finalPunctuation: "Pf"
    case .otherPunctuation: "Po"
    case .mathSymbol: "Sm"
    case .currencySymbol: "Sc"
    case .modifierSymbol: "Sk"
    case .otherSymbol: "So"
    case .spaceSeparator: "Zs"
    case .lineSeparator: "Zl"
    case .paragraphSeparator: "Zp"
    case .control: "Cc"
    case .format: "Cf"
    case .surrogate: "Cs"
    case .privateUse: "Co"
    case .unassigned: "Cn"
    @unknown default: ""
    }
  }
}
