/// A text with references in it, read once: what it substitutes is never read again.
public struct Template: Hashable, Sendable {
  public enum Segment: Hashable, Sendable {
    /// Text that stands for itself, with `$$` already made `$`.
    case text(String)
    case reference(Reference)
  }

  public var segments: [Segment]

  public init(segments: [Segment]) { self.segments = segments }

  /// Every reference, in order, with repeats.
  public var references: [Reference] {
    segments.compactMap { if case .reference(let reference) = $0 { reference } else { nil } }
  }
}

extension Template {
  /// Reads a text in one pass. `$$` is a dollar; a backslash keeps the dollar behind it from being a reference, and both
  /// stay; every other `$` that starts no reference is text.
  /// - Returns: The template, where its references stand in the text, and what is wrong with the text: brackets that are
  ///   no path, and words that look like a reference misspelled (`$plan.ouput`).
  public static func parse(_ text: String) -> (template: Template, references: [PlacedReference], faults: [TextFault]) {
    var reader = TemplateReader(bytes: Array(text.utf8))
    reader.read()
    return (Template(segments: reader.segments), reader.references, reader.faults)
  }
}

private struct TemplateReader {
  let bytes: [UInt8]
  private(set) var segments: [Template.Segment] = []
  private(set) var references: [PlacedReference] = []
  private(set) var faults: [TextFault] = []
  private var literal: [UInt8] = []

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func read() {
    var next = 0
    while next < bytes.count {
      let follows = next + 1 < bytes.count ? bytes[next + 1] : 0
      switch (bytes[next], follows) {
      case (UInt8(ascii: "\\"), UInt8(ascii: "\\")), (UInt8(ascii: "\\"), UInt8(ascii: "$")):
        literal += [bytes[next], follows]
        next += 2
      case (UInt8(ascii: "$"), UInt8(ascii: "$")):
        literal.append(UInt8(ascii: "$"))
        next += 2
      case (UInt8(ascii: "$"), _): next = readDollar(at: next)
      default:
        literal.append(bytes[next])
        next += 1
      }
    }
    endLiteral()
  }

  private mutating func readDollar(at dollar: Int) -> Int {
    guard let match = ReferenceScanner.scan(bytes, at: dollar, includingVariables: true) else {
      literal.append(bytes[dollar])
      if let fault = ReferenceScanner.nearMiss(bytes, at: dollar) { faults.append(fault) }
      return dollar + 1
    }
    endLiteral()
    segments.append(.reference(match.reference))
    references.append(PlacedReference(match.reference, range: dollar..<match.end))
    if let fault = match.fault { faults.append(fault) }
    return match.end
  }

  private mutating func endLiteral() {
    guard !literal.isEmpty else { return }
    segments.append(.text(String(decoding: literal, as: UTF8.self)))
    literal.removeAll(keepingCapacity: true)
  }
}
