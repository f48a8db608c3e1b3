/// Reads a body the way bash does, as far as it takes to know the quoting around each reference and the command that
/// gets its value.
///
/// The lexer never goes back, but for `((`: bash reads it as arithmetic first, and as two parentheses where no `))`
/// ends it. Each such place is tried once, and nesting is bounded, so that the work is linear in the body's length.
struct BashLexer {
  /// How deep constructs may nest before the lexer gives up.
  static let depthLimit = 64
  /// How deep backquotes may nest: each level doubles the backslashes.
  static let backquoteLimit = 4

  private let body: [UInt8]
  var text: BashText
  /// The next byte to read, and where the text or the part of it that is read ends.
  var at = 0
  var end: Int

  var occurrences: [BashBody.Occurrence] = []
  var replacements: [BashBody.Replacement] = []
  var faults: [TextFault] = []
  /// How many bytes were looked at, for the proof that this is linear.
  var steps = 0

  /// The word that is being read.
  var word = BashWord()
  /// Here-documents whose text starts behind the next newline.
  var pending: [PendingHereDocument] = []
  /// How many `$(…)` stand around, in the text that is read at once: a here-document may end at their parenthesis.
  var substitutions = 0
  /// Names that the body uses for arrays and for integers, and assignments that depend on it.
  var names = BashNames()
  /// Where `((` turned out not to be arithmetic, in the body's offsets.
  var notArithmetic: Set<Int> = []
  /// References that were passed over while nothing is recorded; nil while they are recorded.
  var unrecorded: Int?

  /// Whether something that isn't closed was reported: what stands around it isn't either.
  var hasUnterminated = false
  /// Whether the body nests too deeply to be read on.
  private(set) var hasGivenUp = false
  private var depth = 0

  init(_ bytes: [UInt8]) {
    body = bytes
    text = BashText(body: bytes)
    end = bytes.count
  }

  mutating func run() {
    if let offset = text.bytes.firstIndex(of: 0) {
      faults.append(TextFault(.error, code: "nul", message: "a bash body can't hold a NUL", range: offset..<offset + 1))
      return
    }
    readCommands(until: .end)
    require(.notParenthesized, names.reparsedLists)
    require(.integer, names.computed)
    warnOfReparsing(names.named, by: "a name reference")
  }

  /// The byte at an offset, 0 behind the end of what is read.
  func byte(_ offset: Int) -> UInt8 { offset < end ? text.bytes[offset] : 0 }

  /// The byte that is next.
  var current: UInt8 { byte(at) }

  var isAtEnd: Bool { at >= end }

  /// How many lines end in a stretch of the text, as the body has it.
  func newlines(in range: Range<Int>) -> Int { body[text.origin(of: range)].count { $0 == UInt8(ascii: "\n") } }

  mutating func skip(_ count: Int = 1) {
    at = min(at + count, end)
    steps += count
  }

  /// The offset behind a byte, past line continuations.
  func after(_ offset: Int) -> Int {
    var next = offset + 1
    while byte(next) == UInt8(ascii: "\\"), byte(next + 1) == UInt8(ascii: "\n") { next += 2 }
    return next
  }

  /// Reads something that nests: a level deeper, unless that is too deep.
  mutating func nested(_ read: (inout BashLexer) -> Void) {
    guard depth < Self.depthLimit else { return giveUp() }
    depth += 1
    read(&self)
    depth -= 1
  }

  /// Reads nothing more. That is a fault where a reference follows: nothing is known about the place where it stands.
  mutating func giveUp() {
    if !hasGivenUp, unrecorded == nil {
      let place = text.origin(of: at..<min(at + 1, end))
      let rest = body[place.lowerBound...].indices
      if let next = rest.first(where: { ReferenceScanner.scan(body, at: $0) != nil }) {
        faults.append(
          TextFault(
            .error, code: "nestedTooDeeply",
            message: "quotes and expansions nest deeper than \(Self.depthLimit) in front of this reference",
            range: next..<next + 1, hint: "move the inner part to a variable or a function"))
      }
    }
    hasGivenUp = true
    at = end
  }

  /// Reads another text in place of this one, or a part of this one, as if nothing stood around it.
  mutating func readApart(_ inner: BashText, _ part: Range<Int>?, _ read: (inout BashLexer) -> Void) {
    let outer = (text, at, end, substitutions)
    (text, at, end, substitutions) = (inner, part?.lowerBound ?? 0, part?.upperBound ?? inner.bytes.count, 0)
    read(&self)
    (text, at, end, substitutions) = outer
    if hasGivenUp { at = end }
  }

  /// Reads commands that have a word and here-documents of their own.
  mutating func readSubstituted(_ read: (inout BashLexer) -> Void) {
    let outer = (word, pending)
    (word, pending) = (BashWord(), [])
    nested(read)
    // What `$(cat <<A)` leaves open starts behind the newline that follows.
    let open = pending
    (word, pending) = outer
    pending += open
  }

  // MARK: What is found

  /// Records the reference that starts here and goes behind it; false where none does.
  mutating func readReference(_ position: BashBody.Position) -> Bool {
    guard var match = ReferenceScanner.scan(text.bytes, at: at) else { return false }
    // A line continuation ends a reference wherever it stands, so also where bash took it off already.
    if let seam = text.seam(in: at..<match.end) {
      guard let shorter = ReferenceScanner.scan(Array(text.bytes[at..<seam]), at: 0) else { return false }
      match = ReferenceScanner.Match(reference: shorter.reference, end: at + shorter.end, fault: nil)
    }
    guard match.end <= end else { return false }
    record(match, position)
    skip(match.end - at)
    return true
  }

  private mutating func record(_ match: ReferenceScanner.Match, _ position: BashBody.Position) {
    if let count = unrecorded {
      unrecorded = count + 1
      return
    }
    if let fault = match.fault { report(fault) }
    word.appendReference(occurrences.count)
    occurrences.append(
      BashBody.Occurrence(
        reference: match.reference, range: text.origin(of: at..<match.end), position: position,
        rule: position == .arithmetic ? .integer : .anyText))
  }

  /// Adds a fault whose range is one of the text that is read.
  mutating func report(_ fault: TextFault) {
    var fault = fault
    fault.range = text.origin(of: fault.range.clamped(to: 0..<text.bytes.count))
    if unrecorded == nil { faults.append(fault) }
  }

  /// Says that something is not closed, where that leaves a reference without a meaning.
  /// - Parameters:
  ///   - open: Where it is opened.
  ///   - known: How many occurrences there were then.
  mutating func reportUnterminated(_ what: String, from open: Int, known: Int) {
    guard occurrences.count > known, !hasGivenUp, !hasUnterminated else { return }
    hasUnterminated = true
    report(
      TextFault(
        .error, code: "unterminatedQuote", message: "\(what) is not closed, and there is a reference in it",
        range: open..<min(open + 1, end)))
  }

  /// Holds values to a rule; the strictest one stays.
  mutating func require(_ rule: BashBody.ValueRule, _ indices: some Sequence<Int>) {
    for index in indices where occurrences[index].rule != .integer { occurrences[index].rule = rule }
  }
}
