internal import IonEngine
internal import IonJSON
internal import IonWorkflow
internal import IonWorkflowFile

/// A workflow that a request names: by its name, or by its file.
enum WorkflowNaming {
  /// Exactly one of the two must be given.
  static func check(_ workflow: String?, _ uri: FileURI?) throws(JSONDecodingFailure) {
    guard (workflow == nil) != (uri == nil) else {
      throw JSONDecodingFailure("/workflow", "give either `workflow` or `uri`")
    }
  }

  /// The file of a URI, where it lies in the workspace, the user's folder, or a folder that the configuration names.
  static func entry(
    _ workflow: String?, _ uri: FileURI?, in workspace: Workspace
  ) throws(EngineFailure) -> WorkflowCatalog.Entry {
    guard let uri else { return try workspace.entry(named: workflow ?? "") }
    return try workspace.entry(at: uri.path)
  }
}
