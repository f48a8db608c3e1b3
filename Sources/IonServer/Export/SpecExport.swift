internal import IonJSON
internal import IonWorkflowFile

/// The protocol's exported files, made from the code: `ion spec` writes them, a test compares them.
public enum SpecExport {
  /// A file below `protocol-spec/`.
  public struct File: Hashable, Sendable {
    public var path: String
    public var bytes: [UInt8]
  }

  /// The OpenRPC document, a schema per named shape, the workflow language's schema, and a page of methods.
  public static func files(version: String) -> [File] {
    let document = OpenRPCDocument.make(version: version)
    var files = [File(path: "openrpc.json", bytes: Array(document.prettyText().utf8))]
    for member in document["components"]?["schemas"]?.objectValue?.members ?? [] {
      files.append(File(path: "schema/\(member.key).json", bytes: Array(member.value.prettyText().utf8)))
    }
    files.append(File(path: "workflow.schema.json", bytes: Array(WorkflowSchema.document.prettyText().utf8)))
    files.append(File(path: "methods.md", bytes: Array(MethodsPage.text(document).utf8)))
    return files
  }
}
