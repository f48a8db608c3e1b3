/// Reads one `["odd key"]` or `[n]` of a reference's path.
enum BracketStep {
  static func read(_ bytes: [UInt8], at open: Int) -> Result<(step: Reference.Step, end: Int), TextFault> {
    guard open + 1 < bytes.count else {
      return fault(
        bytes, open, .warning, "the `[` behind a reference is text here", "a key is written [\"key\"], an index [0]")
    }
    switch bytes[open + 1] {
    case UInt8(ascii: "\""): return key(bytes, at: open)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return index(bytes, at: open)
    case UInt8(ascii: "-"): return fault(bytes, open, .error, "an index counts from 0, and can't be negative", nil)
    case UInt8(ascii: "'"):
      return fault(bytes, open, .error, "a key stands in double quotes", "write [\"key\"]")
    case UInt8(ascii: "]"):
      return fault(
        bytes, open, .error, "there is nothing between the brackets", "a key is written [\"key\"], an index [0]")
    default:
      return fault(
        bytes, open, .warning, "what stands in brackets behind the reference is text here",
        "a key is written [\"key\"], an index [0]")
    }
  }

  private static func key(_ bytes: [UInt8], at open: Int) -> Result<(step: Reference.Step, end: Int), TextFault> {
    do {
      let quoted = try QuotedText.read(bytes, at: open + 1)
      guard quoted.end < bytes.count, bytes[quoted.end] == UInt8(ascii: "]") else {
        return fault(bytes, open, .error, "a `]` is missing behind the key", nil)
      }
      return .success((.field(quoted.text), quoted.end + 1))
    } catch {
      return .failure(error)
    }
  }

  private static func index(_ bytes: [UInt8], at open: Int) -> Result<(step: Reference.Step, end: Int), TextFault> {
    var end = open + 1
    var value = 0
    while end < bytes.count, bytes[end].isASCIIDigit {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(bytes[end] - UInt8(ascii: "0")))
      if overflow || carry { return fault(bytes, open, .error, "the index is too large", nil) }
      value = sum
      end += 1
    }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "]") else {
      return fault(bytes, open, .error, "an index is digits alone, and then a `]`", "a key is written [\"key\"]")
    }
    return .success((.index(value), end + 1))
  }

  /// The fault of a bracket: it covers everything up to a closing bracket that is near, and else the opening one alone.
  private static func fault(
    _ bytes: [UInt8], _ open: Int, _ severity: Diagnostic.Severity, _ message: String, _ hint: String?
  ) -> Result<(step: Reference.Step, end: Int), TextFault> {
    let near = bytes[open...].prefix(100).prefix { $0 != UInt8(ascii: "\n") }
    let end = near.firstIndex(of: UInt8(ascii: "]")) ?? open
    return .failure(TextFault(severity, code: "badPath", message: message, range: open..<end + 1, hint: hint))
  }
}
