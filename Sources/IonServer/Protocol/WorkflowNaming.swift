internal import IonEngine
internal import IonJSON
internal import IonWorkflow
internal import IonWorkflowFile

/// A workflow that a request names: by its name, or by its file.
enum WorkflowNaming {
  /// Exactly one of the two is given.
  static func check(_ workflow: String?, _ uri: WorkflowURI?) throws(JSONDecodingFailure) {
    if workflow == nil, uri == nil {
      throw JSONDecodingFailure("/workflow", "is missing: either `workflow` or `uri` is needed")
    }
    if workflow != nil, uri != nil { throw JSONDecodingFailure("/uri", "can't stand beside `workflow`") }
  }

  /// The only one of several workspaces in which a name leads to a workflow. One that is called just so goes before
  /// those to which the name is near enough, and both before those that come with Ion, which are everywhere.
  static func workspace(of name: String, among workspaces: [Workspace]) throws(Failure) -> Workspace {
    var found: [(workspace: Workspace, isExact: Bool, isOwn: Bool)] = []
    var suggestions: [String] = []
    for workspace in workspaces {
      do throws(EngineFailure) {
        let entry = try workspace.entry(named: name)
        found.append((workspace, entry.name.utf8.elementsEqual(name.utf8), entry.scope != .builtin))
      } catch {
        if case .workflowNotFound(_, let near) = error {
          suggestions += near
        } else {
          // Several of its workflows may be meant, which is for whoever asks it by itself to say.
          found.append((workspace, false, true))
        }
      }
    }
    if found.contains(where: \.isOwn) { found.removeAll { !$0.isOwn } }
    if found.contains(where: \.isExact) { found.removeAll { !$0.isExact } }
    guard let first = found.first else {
      let near = Spelling.nearest(to: name, among: Set(suggestions))
      throw Failure(.workflowNotFound(name, suggestions: near))
    }
    guard found.count > 1 else { return first.workspace }
    let names = found.map { "`\($0.workspace.codebase.id)` (\($0.workspace.codebase.root))" }.joined(separator: ", ")
    throw .input(
      "/codebaseId", "Several codebases have a workflow `\(name)`: \(names); say which one with `codebaseId`.")
  }

  /// The path of a file that workflows may be taken from.
  ///
  /// - Throws: `.outsideWorkspace`.
  static func path(of uri: WorkflowURI, _ session: Session) async throws(EngineFailure) -> AbsolutePath {
    guard await session.engine.isWorkflowPlace(uri.path) else { throw .outsideWorkspace(uri.path.text) }
    return uri.path
  }
}
