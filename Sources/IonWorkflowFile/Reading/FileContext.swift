internal import IonWorkflow

/// What the parts of a reader share while they go through one file: its text, what was found, and what is still allowed.
final class FileContext {
  let source: SourceText
  let limits: ReadingLimits
  private var findings: [Finding] = []
  /// How many findings were left out because there were too many, and whether one of them was an error.
  private var dropped = (count: 0, hasError: false)
  /// References of the texts read since the collection began.
  private var references: [PendingReference] = []
  private var lastMap: (start: Int, map: ScalarMap)?
  /// How many comparisons the search for what may have been meant may still make.
  private var comparisons = 200_000
  /// How much the schemas of the file come to.
  private var schemaSize = 0
  /// How many nodes were read.
  private var nodes = 0
  /// Steps of work done: values looked at, edges followed. Grows with the file, and no faster.
  private(set) var work = 0

  /// Whether workflows that the file includes are put in their places.
  let isUnfolding: Bool
  /// Nodes of includes that the file names.
  private(set) var insides: [InsideName] = []

  private static let findingLimit = 1000

  init(source: SourceText, limits: ReadingLimits, isUnfolding: Bool = false) {
    self.source = source
    self.limits = limits
    self.isUnfolding = isUnfolding
  }

  func count(_ steps: Int = 1) { work += steps }

  // MARK: Findings

  func report(_ finding: Finding) {
    if findings.count < Self.findingLimit { return findings.append(finding) }
    dropped.count += 1
    dropped.hasError = dropped.hasError || finding.severity == .error
  }

  func report(
    _ severity: Diagnostic.Severity, _ code: String, _ message: String, at range: Range<Int>, hint: String? = nil
  ) {
    report(Finding(severity, code, message, at: range, hint: hint))
  }

  /// Everything found, with lines and columns, in the order of the places.
  var diagnostics: [Diagnostic] {
    var all = findings.enumerated()
      .sorted { ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset) }
      .map(\.element)
    if dropped.count > 0 {
      let end = source.bytes.count
      all.append(
        Finding(
          dropped.hasError ? .error : .information, "tooManyFindings", "\(dropped.count) more findings are left out",
          at: end..<end))
    }
    return all.map { finding in
      var diagnostic = Diagnostic(
        finding.severity, code: finding.code, message: finding.message, range: source.range(finding.range),
        hint: finding.hint)
      diagnostic.related = finding.related
      return diagnostic
    }
  }

  /// `did you mean …?`; nil where nothing is near, or where so much was compared for this file that it is no use any more.
  func hint(for word: String, among candidates: @autoclosure () -> some Collection<String>, count: Int) -> String? {
    guard count <= comparisons else { return nil }
    comparisons -= count
    return Spelling.hint(for: word, among: candidates())
  }

  func hint(for word: String, among candidates: some Collection<String>) -> String? {
    hint(for: word, among: candidates, count: candidates.count)
  }

  /// Counts one node more; false where the file has too many.
  func countNode(at range: Range<Int>) -> Bool {
    nodes += 1
    if nodes == limits.nodes + 1 {
      report(.error, "tooManyNodes", "the file has more than \(limits.nodes) nodes", at: range)
    }
    return nodes <= limits.nodes
  }

  /// How many nodes more the file may come to.
  var nodesLeft: Int { max(0, limits.nodes - nodes) }

  /// Counts nodes that reading the file adds to those that stand in it; false where that makes too many, which is then
  /// reported.
  func countNodes(_ count: Int, at range: Range<Int>) -> Bool {
    self.count(count)
    guard count <= nodesLeft else {
      report(
        .error, "tooManyNodes", "with this the workflow comes to more than \(limits.nodes) nodes", at: range)
      return false
    }
    nodes += count
    return true
  }

  /// Keeps the name of a node inside of an include, to be looked up once the included workflow is known.
  func noteInside(_ id: NodeID, of include: NodeID, at place: Range<Int>) {
    insides.append(InsideName(id: id, include: include, place: place))
  }

  /// Counts one schema more; false where the file's schemas are too much together.
  func countSchema(size: Int, at range: Range<Int>) -> Bool {
    let wasWithin = schemaSize <= limits.schemaSize
    schemaSize += size
    if wasWithin && schemaSize > limits.schemaSize {
      report(
        .error, "schemasTooLarge", "the schemas of the file come to more than \(limits.schemaSize) steps", at: range)
    }
    return schemaSize <= limits.schemaSize
  }

  // MARK: Texts

  /// The source of a stretch of a scalar's value.
  func place(_ range: Range<Int>, in scalar: YAMLScalar) -> Range<Int> {
    if let start = source.start(ofLiteral: scalar), range.lowerBound >= 0, range.upperBound <= scalar.text.utf8.count {
      return start + range.lowerBound..<start + range.upperBound
    }
    if let lastMap, lastMap.start == scalar.source.lowerBound { return lastMap.map.place(range) }
    let map = ScalarMap(scalar, in: source)
    lastMap = (scalar.source.lowerBound, map)
    return map.place(range)
  }

  func report(_ fault: TextFault, in scalar: YAMLScalar, as severity: Diagnostic.Severity? = nil) {
    report(
      severity ?? fault.severity, fault.code, fault.message, at: place(fault.range, in: scalar), hint: fault.hint)
  }

  func add(_ found: [PlacedReference], in scalar: YAMLScalar, of key: String) {
    count(found.count)
    references += found.map { PendingReference(reference: $0.reference, range: $0.range, scalar: scalar, key: key) }
  }

  /// What a piece of work gives, and the references of the texts that it read.
  func collectingReferences<Result>(_ body: () -> Result) -> (result: Result, references: [PendingReference]) {
    let before = references
    references = []
    let result = body()
    defer { references = before }
    return (result, references)
  }
}

/// A node inside of an include, as the file around it names it.
struct InsideName {
  var id: NodeID
  var include: NodeID
  var place: Range<Int>
}

/// A reference that waits to be checked until all nodes are known.
struct PendingReference {
  var reference: Reference
  /// Where it stands in the scalar's value, in UTF-8 bytes.
  var range: Range<Int>
  var scalar: YAMLScalar
  /// The key whose text it is in.
  var key: String
}
