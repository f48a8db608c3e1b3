internal import IonJSON
internal import IonWorkflow

/// The one text that a run keeps of its workflow: the file's own where that is all there is, else a JSON list of the
/// file and of all that it includes. No workflow file is a list, so the two can't be taken for each other.
public enum FrozenWorkflow {
  /// The text to keep of a file that was read without errors.
  public static func text(of text: String, _ reading: WorkflowReading) -> String {
    guard !reading.included.isEmpty else { return text }
    let files = reading.included.map { file -> JSONValue in
      [
        "path": .string(file.path.text), "names": .array(file.names.map(JSONValue.string)),
        "text": .string(String(decoding: file.bytes, as: UTF8.self)),
      ]
    }
    return JSONValue.array([["text": .string(text)]] + files).serializedText()
  }

  /// Reads such a text: nothing outside of it counts.
  public static func read(_ text: String, fileName: String?) -> WorkflowReading {
    guard text.utf8.first == UInt8(ascii: "["), let parts = files(text), let own = parts.first?.text else {
      return WorkflowReader.read(text, fileName: fileName)
    }
    var byName: [ExactText: IncludedFile] = [:]
    for part in parts.dropFirst() {
      let file = IncludedFile(path: part.path, bytes: Array(part.text.utf8))
      for name in part.names { byName[ExactText(name)] = file }
    }
    return WorkflowReader.read(own, fileName: fileName) { [byName] name throws(CatalogFailure) in
      guard let file = byName[ExactText(name)] else { throw CatalogFailure.notFound(name, near: []) }
      return file
    }
  }

  private static func files(_ text: String) -> [(path: AbsolutePath, names: [String], text: String)]? {
    let parsed: JSONValue
    do throws(JSONFailure) { parsed = try JSONParser().parse(text) } catch { return nil }
    return parsed.arrayValue?.compactMap { part in
      guard let text = part["text"]?.stringValue else { return nil }
      let path = part["path"]?.stringValue.flatMap { AbsolutePath($0) } ?? AbsolutePath("/")
      return path.map { ($0, (part["names"]?.arrayValue ?? []).compactMap(\.stringValue), text) }
    }
  }
}
