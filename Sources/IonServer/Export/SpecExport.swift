internal import IonJSON
internal import IonWorkflowFile

/// The protocol's exported files, made from the code: `ion spec` writes them, a test compares them.
public enum SpecExport {
  /// A file below `protocol-spec/`.
  public struct File: Hashable, Sendable {
    public var path: String
    public var bytes: [UInt8]
  }

  /// The OpenRPC document, a schema per named shape, the workflow language's schema, a page of methods, and one
  /// of what an `output_format` may say. The same
  /// code gives the same bytes.
  public static func files(version: String) -> [File] {
    let document = OpenRPCDocument.make(version: version)
    var files = [File(path: "openrpc.json", bytes: Array(document.prettyText().utf8))]
    for member in OpenRPCDocument.namedSchemas.members {
      let schema = standalone(member.value, name: member.key)
      files.append(File(path: "schema/\(member.key).json", bytes: Array(schema.prettyText().utf8)))
    }
    files.append(File(path: "workflow.schema.json", bytes: Array(WorkflowSchema.document.prettyText().utf8)))
    files.append(File(path: "methods.md", bytes: Array(MethodsPage.text().utf8)))
    files.append(File(path: "output-formats.md", bytes: Array(SchemasPage.text().utf8)))
    return files
  }

  /// A schema as a document of its own: what it refers to are its neighbours.
  private static func standalone(_ schema: JSONValue, name: String) -> JSONValue {
    var document: JSONObject = ["$schema": "https://json-schema.org/draft/2020-12/schema", "title": .string(name)]
    for member in schema.objectValue?.members ?? [] { document[member.key] = neighbouring(member.value) }
    return .object(document)
  }

  private static func neighbouring(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let object):
      return .object(
        JSONObject(
          uniqueMembers: object.members.map { member in
            guard member.key == "$ref", let name = member.value.stringValue?.split(separator: "/").last else {
              return JSONObject.Member(key: member.key, value: neighbouring(member.value))
            }
            return JSONObject.Member(key: member.key, value: .string("\(name).json"))
          }))
    case .array(let elements): return .array(elements.map(neighbouring))
    case .null, .bool, .integer, .number, .string: return value
    }
  }
}
