public import IonEngine
public import IonJSON
public import IonWorkflow

/// The URI of a file or folder of a run: `ion://<codebaseId>/<runId>/artifacts/<path>`, or `/logs/<path>`.
public struct RunFileURI: WireScalar, Hashable, CustomStringConvertible {
  public static let schema: JSONObject = ["type": "string", "format": "uri", "pattern": "^ion:"]
  public static let sample = RunFileURI(codebase: "codebase", run: "run", file: RunFile(.artifacts))

  public var codebase: CodebaseID
  public var run: RunID
  public var file: RunFile

  public init(codebase: CodebaseID, run: RunID, file: RunFile) {
    self.codebase = codebase
    self.run = run
    self.file = file
  }

  /// Folders end with a slash.
  public var description: String {
    let path = file.components.map { PercentCoding.encode($0, keepingSlashes: false) }.joined(separator: "/")
    return
      "ion://\(codebase)/\(PercentCoding.encode(run.rawValue, keepingSlashes: false))/\(file.area.rawValue)/\(path)"
  }

  /// - Throws: What is wrong, as the end of a sentence that starts with the URI.
  static func parse(_ text: String) throws(URIFault) -> RunFileURI {
    let parts = text.split(separator: "/", maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count >= 5, parts[0].lowercased() == "ion:", parts[1].isEmpty else {
      throw URIFault("is no `ion://<codebaseId>/<runId>/artifacts/<path>`")
    }
    guard CodebaseID.isValid(parts[2]) else { throw URIFault("names no codebase") }
    let run = try PercentCoding.decode(parts[3])
    guard !run.isEmpty, !run.contains("/") else { throw URIFault("names no run") }
    guard let area = RunFile.Area(rawValue: String(parts[4])) else {
      throw URIFault("leads neither to `artifacts/` nor to `logs/`")
    }
    var components: [String] = []
    for part in (parts.count > 5 ? parts[5] : "").split(separator: "/") {
      components.append(try PercentCoding.decode(part))
    }
    guard let file = RunFile(area, components: components) else { throw URIFault("leads out of the run's folder") }
    return RunFileURI(codebase: CodebaseID(parts[2]), run: RunID(run), file: file)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do throws(URIFault) {
      self = try RunFileURI.parse(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "`\(text)` \(error.message)")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
