public import IonJSON
public import IonWorkflow
internal import IonWorkflowFile

/// The URI of a workflow file: `file:`, or `ion:/workflows/NAME.yaml` for one that comes with Ion.
public struct WorkflowURI: WireScalar, Hashable, CustomStringConvertible {
  public static let schema: JSONObject = ["type": "string", "format": "uri", "pattern": "^(file|ion):"]
  public static let sample = WorkflowURI(AbsolutePath("/")!)

  /// Where it is; of one that comes with Ion, what stands for that.
  public var path: AbsolutePath

  public init(_ path: AbsolutePath) { self.path = path }

  public var description: String { isBuiltin ? place : FileURI(path).description }

  private var isBuiltin: Bool { BuiltinWorkflow.at(path) != nil }

  /// For people: the path, or the URI of one that comes with Ion.
  public var place: String { isBuiltin ? String(path.text.dropFirst()) : path.text }

  /// - Throws: What is wrong, as the end of a sentence that starts with the URI.
  static func parse(_ text: String) throws(URIFault) -> WorkflowURI {
    guard text.lowercased().hasPrefix("ion:") else { return WorkflowURI(try FileURI.parse(text).path) }
    guard let path = AbsolutePath("/" + text), let workflow = BuiltinWorkflow.at(path) else {
      throw URIFault("is no workflow that comes with Ion")
    }
    return WorkflowURI(workflow.path)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do throws(URIFault) {
      self = try WorkflowURI.parse(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "`\(text)` \(error.message)")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
