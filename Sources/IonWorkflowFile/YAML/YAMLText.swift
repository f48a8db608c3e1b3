internal import IonWorkflow

/// Turns the bytes of a file into a YAML tree: size, byte order mark and encoding first.
enum YAMLText {
  struct Reading {
    /// The file without its byte order mark; empty where it can't be read as text.
    var source: SourceText
    /// Nil where the file is no YAML that can be read; the findings say why.
    var root: YAMLNode?
    var findings: [Finding]
    /// How many values are written in the file.
    var written: Int
  }

  static func read(_ bytes: [UInt8], limits: ReadingLimits) -> Reading {
    if bytes.count > limits.bytes {
      return refused("tooLarge", "the file is larger than \(limits.bytes) bytes")
    }
    if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) {
      return refused("encoding", "the file is UTF-16", hint: "save it as UTF-8")
    }
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes[3...]) : bytes
    if let start = firstFault(in: text) { return broken(text, at: start) }
    let source = SourceText(bytes: text)
    let document = YAMLComposer.compose(source, limits: limits)
    return Reading(source: source, root: document.root, findings: document.findings, written: document.written)
  }

  /// Where the first bytes are that are no UTF-8; nil where all are.
  private static func firstFault(in bytes: [UInt8]) -> Int? {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
      return nil
    } catch {
      return error.byteOffsets.lowerBound
    }
  }

  private static func refused(_ code: String, _ message: String, hint: String? = nil) -> Reading {
    Reading(
      source: SourceText(bytes: []), root: nil, findings: [Finding(.error, code, message, at: 0..<0, hint: hint)],
      written: 0)
  }

  /// The place is counted in the text as it is shown, with one replacement character for what can't be read.
  private static func broken(_ bytes: [UInt8], at start: Int) -> Reading {
    let source = SourceText(bytes: Array(bytes[..<start]) + Array("\u{FFFD}".utf8))
    let finding = Finding(
      .error, "encoding", "byte \(start + 1) of the file is no UTF-8", at: start..<start + 3, hint: "save it as UTF-8")
    return Reading(source: source, root: nil, findings: [finding], written: 0)
  }
}
