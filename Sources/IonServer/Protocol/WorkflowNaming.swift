internal import IonEngine
internal import IonJSON
internal import IonWorkflow

/// A workflow that a request names: by its name, or by its file.
enum WorkflowNaming {
  /// Exactly one of the two is given.
  static func check(_ workflow: String?, _ uri: FileURI?) throws(JSONDecodingFailure) {
    if workflow == nil, uri == nil {
      throw JSONDecodingFailure("/workflow", "is missing: either `workflow` or `uri` is needed")
    }
    if workflow != nil, uri != nil { throw JSONDecodingFailure("/uri", "can't stand beside `workflow`") }
  }

  /// The path of a file that workflows may be taken from.
  ///
  /// - Throws: `.outsideWorkspace`.
  static func path(of uri: FileURI, _ session: Session) async throws(EngineFailure) -> AbsolutePath {
    guard await session.engine.isWorkflowPlace(uri.path) else { throw .outsideWorkspace(uri.path.text) }
    return uri.path
  }
}
