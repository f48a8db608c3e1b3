internal import IonJSON
internal import IonJSONSchema
internal import IonProcess
internal import IonScheduler
internal import IonWorkflow

/// Holds what a step printed against its node's `output_format`.
struct OutputFormatCheck {
  /// The largest output that is checked, in bytes.
  static let limit = 64 * 1024 * 1024
  /// How many places are named where it doesn't fit.
  private static let told = 3

  let format: JSONSchema

  /// Why the output isn't what it must be; nil where it is.
  /// - Parameter text: The whole output where it is kept inline; else it is read from the file.
  func failure(of output: StreamSummary, text: String?, in file: AbsolutePath) -> StepFailure? {
    guard output.isText else { return mismatch("it has a NUL byte or is not UTF-8") }
    guard output.length <= Self.limit else {
      return mismatch("\(output.length) bytes are more than are checked (\(Self.limit))")
    }
    do {
      return failure(of: try text ?? read(file, output.length))
    } catch let error as EngineFailure {
      return StepFailure(.storage, error.message)
    } catch {
      return StepFailure(.storage, "\(error)")
    }
  }

  private func read(_ file: AbsolutePath, _ length: Int) throws(EngineFailure) -> String {
    String(decoding: try FileAccess.read(file, limit: length) ?? [], as: UTF8.self)
  }

  /// The same of a text that is the whole output.
  func failure(of text: String) -> StepFailure? {
    let value: JSONValue
    do throws(JSONFailure) {
      value = try OutputDocument.value(of: text)
    } catch {
      return mismatch(text.isEmpty ? "it is empty" : "it is no JSON document (\(error))")
    }
    let findings = format.findings(in: value, limit: Self.told + 1)
    guard !findings.isEmpty else { return nil }
    let more = findings.count > Self.told ? "; and more" : ""
    return mismatch(findings.prefix(Self.told).map(\.message).joined(separator: "; ") + more)
  }

  private func mismatch(_ why: String) -> StepFailure {
    StepFailure(.format, "its output is not what `output_format` asks for: \(why)")
  }
}
