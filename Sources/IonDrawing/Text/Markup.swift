/// XML or HTML text. Literals stand as they are written; every value that is interpolated is escaped by its type, so that
/// nothing a run says can become markup.
struct Markup: ExpressibleByStringInterpolation, Hashable, Sendable {
  private(set) var text: String

  init() { text = "" }
  init(stringLiteral value: String) { text = value }
  init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  /// Text that is markup already: a constant of this target, never anything of a run's.
  init(trusted text: String) { self.text = text }

  static func += (left: inout Markup, right: Markup) { left.text += right.text }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate(set) var text = ""

    init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + 16 * interpolationCount)
    }

    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ value: String) { Markup.escape(value, into: &text) }
    mutating func appendInterpolation(_ value: Markup) { text += value.text }
    mutating func appendInterpolation(_ value: Int) { text += String(value) }
    /// A coordinate, to a tenth.
    mutating func appendInterpolation(_ value: Double) { text += Markup.number(value) }
  }

  /// Characters that mean something to a parser are written as references; those that XML 1.0 doesn't allow at all show
  /// as U+FFFD.
  private static func escape(_ value: String, into text: inout String) {
    for scalar in value.unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      case "\r": text += "&#13;"
      case "\t", "\n": text.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value & 0xFFFE == 0xFFFE:
        text += "\u{FFFD}"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }

  /// `12`, `12.3`, `-0.5`.
  private static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let whole = "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10)"
    return tenths % 10 == 0 ? whole : "\(whole).\(abs(tenths) % 10)"
  }
}

extension Sequence where Element == Markup {
  func joined() -> Markup { reduce(into: Markup()) { $0 += $1 } }
}
