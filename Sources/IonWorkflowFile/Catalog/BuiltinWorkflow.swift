public import IonWorkflow

/// A workflow that comes with Ion: a file that the program carries. It is in no folder; its path only names it.
public struct BuiltinWorkflow: Hashable, Sendable {
  /// What it is called, and its file without the ending.
  public let name: String
  public let bytes: [UInt8]

  private init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// All of them, in the order in which they are listed.
  public static let all = [
    BuiltinWorkflow("plan-implement-review", PackageResources.plan_implement_review_yaml),
    BuiltinWorkflow("fix-issue", PackageResources.fix_issue_yaml),
    BuiltinWorkflow("review-changes", PackageResources.review_changes_yaml),
    BuiltinWorkflow("explain-codebase", PackageResources.explain_codebase_yaml),
  ]

  /// `/ion:/workflows/NAME.yaml`.
  public var path: AbsolutePath { Self.place.appending(name + ".yaml") }

  /// The one of a path; nil for every other path.
  public static func at(_ path: AbsolutePath) -> BuiltinWorkflow? { all.first { $0.path == path } }

  /// What stands in their paths for the folder that they aren't in. Without the first slash such a path is a URI.
  private static let place = AbsolutePath("/ion:/workflows")!

  /// As entries of a catalog; read once in a process.
  static let entries = all.map { workflow in
    WorkflowCatalog.Entry(
      path: workflow.path, scope: .builtin, bytes: workflow.bytes,
      reading: WorkflowReader.read(workflow.bytes, fileName: workflow.path.name))
  }
}
