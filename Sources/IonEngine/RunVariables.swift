internal import IonStore
internal import IonWorkflow

/// The run's own values: what `$ARTIFACTS_DIR` and its like stand for, in texts and in every step's environment.
enum RunVariables {
  static func all(_ context: RunContext) -> [Variable: String] {
    all(of: context.id, context.request, paths: context.paths, root: context.root)
  }

  static func all(
    of run: RunID, _ request: RunRequest, paths: ProjectPaths, root: AbsolutePath
  ) -> [Variable: String] {
    var values: [Variable: String] = [
      .arguments: request.message, .userMessage: request.message, .workflowID: run.rawValue,
      .artifactsDirectory: paths.artifacts.text, .stateDirectory: paths.state.text,
      .logDirectory: paths.logs.text, .baseBranch: baseBranch(of: root),
      .docsDirectory: request.workingPath.appending("docs").text,
    ]
    let text = request.context ?? ""
    for variable in [Variable.context, .externalContext, .issueContext] { values[variable] = text }
    values[.editorFile] = request.editor?.file ?? ""
    values[.editorLine] = request.editor?.line.map(String.init) ?? ""
    values[.editorSelection] = request.editor?.selection ?? ""
    values[.editorLanguage] = request.editor?.languageID ?? ""
    values[.editorDiagnostics] = request.editor?.diagnostics ?? ""
    for variable in Variable.allCases where values[variable] == nil { values[variable] = "" }
    return values
  }

  /// The branch that changes are compared with: the remote's default one, else the one that is checked out; empty
  /// outside git.
  private static func baseBranch(of root: AbsolutePath) -> String {
    let git = root.appending(".git")
    if let text = FileAccess.text(git.appending("refs/remotes/origin/HEAD")),
      let name = branch(text, "refs/remotes/origin/")
    {
      return name
    }
    return FileAccess.text(git.appending("HEAD")).flatMap { branch($0, "refs/heads/") } ?? ""
  }

  private static func branch(_ head: String, _ prefix: String) -> String? {
    guard head.hasPrefix("ref: " + prefix) else { return nil }
    return String(head.dropFirst(5 + prefix.count).prefix { $0 != "\n" })
  }
}
