internal import IonWorkflow

/// Reads workflow files.
public enum WorkflowReader {
  /// Reads the bytes of a file. Whatever they are, the answer is a reading.
  /// - Parameter fileName: The file's name, which names a workflow that has no `name`; nil for a text without a file.
  public static func read(
    _ bytes: [UInt8], fileName: String? = nil, limits: ReadingLimits = .standard
  ) -> WorkflowReading {
    let origin = SourcePosition(line: 0, column: 0)
    let range = SourceRange(start: origin, end: origin)
    guard bytes.count <= limits.bytes else {
      let message = "the file has \(bytes.count) bytes; \(limits.bytes) are the limit"
      return WorkflowReading(
        definition: nil, diagnostics: [Diagnostic(.error, code: "tooLarge", message: message, range: range)])
    }
    let diagnostic = Diagnostic(.error, code: "unread", message: "the text is not read yet", range: range)
    return WorkflowReading(definition: nil, diagnostics: [diagnostic])
  }

  /// Reads a text, as an editor has it open.
  public static func read(
    _ text: String, fileName: String? = nil, limits: ReadingLimits = .standard
  ) -> WorkflowReading {
    read(Array(text.utf8), fileName: fileName, limits: limits)
  }
}
