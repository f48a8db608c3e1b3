internal import IonDigest
public import IonStore
public import IonWorkflow
public import IonWorkflowFile

extension Workspace {
  /// Every workflow that can be named here, nearer ones first; files with errors are among them.
  public nonisolated func catalog() -> WorkflowCatalog {
    finder.catalog
  }

  nonisolated var finder: WorkflowFinder { WorkflowFinder(root: codebase.root, dependencies) }

  /// The folders that workflows are looked for in, nearer ones first, whether they are there or not.
  nonisolated func workflowFolders() -> [WorkflowCatalog.Folder] { finder.folders }

  /// The entry of a name: exactly, then without case, then as a suffix `-name`.
  public nonisolated func entry(named name: String) throws(EngineFailure) -> WorkflowCatalog.Entry {
    try finder.entry(named: name)
  }

  /// Finds what a file or text of this workspace includes. The catalog is looked at once, and only where it is needed.
  public nonisolated func includeResolver() -> IncludeResolver {
    let seen = SeenCatalog(self)
    return { name throws(CatalogFailure) in try seen.catalog.resolver(name) }
  }

  /// The files that include one of some files, directly or not, or that would if it were there.
  nonisolated func includers(of paths: some Collection<AbsolutePath>) -> [AbsolutePath] {
    let changed = Set(paths)
    let names = Set(paths.map { String($0.name.prefix { $0 != "." }) })
    return catalog().entries.lazy.filter { entry in
      entry.reading.included.contains { changed.contains($0.path) }
        || entry.reading.missingIncludes.contains(where: names.contains)
    }.map(\.path)
  }

  /// A file as an entry of the catalog, wherever it is; one in none of the catalog's folders counts as the workspace's, but
  /// for those that come with Ion.
  ///
  /// - Throws: `.workflowNotFound` where there is no such file, `.unusable` where it can't be read.
  public nonisolated func entry(at path: AbsolutePath) throws(EngineFailure) -> WorkflowCatalog.Entry {
    let source = try WorkflowSource.read(path, including: includeResolver())
    let folder = workflowFolders().first { path.isWithin($0.path) }
    let elsewhere = BuiltinWorkflow.at(path) == nil ? WorkflowCatalog.Scope.workspace : .builtin
    return WorkflowCatalog.Entry(
      path: path, scope: folder?.scope ?? elsewhere, bytes: source.bytes, reading: source.reading)
  }

  /// A workflow by name, ready to run.
  ///
  /// - Throws: `.workflowNotFound`, `.workflowAmbiguous`, `.workflowInvalid` with everything that is wrong in its file.
  public nonisolated func workflow(named name: String) throws(EngineFailure) -> LoadedWorkflow {
    try finder.workflow(named: name)
  }

  /// A workflow by its file, wherever that is.
  public nonisolated func workflow(at path: AbsolutePath) throws(EngineFailure) -> LoadedWorkflow {
    let source = try WorkflowSource.read(path, including: includeResolver())
    return try WorkflowFinder.loaded(source.reading, source.bytes, path: path, name: path.name)
  }

  /// The definition that a run had last, to run it again.
  public func workflow(of run: RunRecord) async throws(EngineFailure) -> LoadedWorkflow {
    try await withStore { opened throws(EngineFailure) in
      try await RunFold.workflow(
        run.definitionHash, run.request.frozenFiles, of: run, in: opened.home.store)
    }
  }

  /// What stands today in the file that a run's definition was read from.
  ///
  /// - Throws: `.invalidState` where it came as text; `.workflowNotFound` where the file is gone; `.workflowInvalid`.
  func currentWorkflow(of run: RunRecord) throws(EngineFailure) -> LoadedWorkflow {
    guard let path = run.definitionPath else {
      throw .invalidState(run.id, "Run \(run.id) was started from a text; there is no file with a later definition.")
    }
    return try workflow(at: path)
  }

}

/// A workspace's catalog as it was when it was first asked for.
private final class SeenCatalog {
  private let workspace: Workspace
  private(set) lazy var catalog = workspace.catalog()

  init(_ workspace: Workspace) { self.workspace = workspace }
}
