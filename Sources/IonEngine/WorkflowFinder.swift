internal import IonAgents
internal import IonStore
internal import IonWorkflow
internal import IonWorkflowFile

/// Finds the workflows that can be named in one place.
struct WorkflowFinder: Sendable {
  /// The codebase's root.
  let root: AbsolutePath
  let userFolder: AbsolutePath
  /// Whether those that come with Ion are found, after all others.
  let hasBuiltins: Bool
  private let agents: AgentProviders

  init(root: AbsolutePath, _ dependencies: WorkflowDependencies) {
    self.root = root
    userFolder = dependencies.userFolder
    hasBuiltins = dependencies.hasBuiltins
    agents = dependencies.agents
  }

  /// The folders that workflows are looked for in, nearer ones first, whether they are there or not.
  var folders: [WorkflowCatalog.Folder] {
    let config = ConfigLoader.load(root: root, userFolder: userFolder, agents).config
    return WorkflowCatalog.folders(workspace: root, userFolder: userFolder, paths: config.workflowPaths)
  }

  /// Every workflow that can be named; files with errors are among them.
  var catalog: WorkflowCatalog { WorkflowCatalog.discover(in: folders, builtins: hasBuiltins) }

  /// The entry of a name: exactly, then without case, then as a suffix `-name`.
  func entry(named name: String) throws(EngineFailure) -> WorkflowCatalog.Entry {
    do throws(CatalogFailure) {
      return try catalog.entry(named: name)
    } catch {
      switch error {
      case .notFound(let name, let near): throw .workflowNotFound(name, suggestions: near)
      case .ambiguous(let name, let candidates):
        throw .workflowAmbiguous(name, candidates: candidates.map { "\($0.name) (\($0.path))" })
      }
    }
  }

  /// A workflow by name, ready to run.
  func workflow(named name: String) throws(EngineFailure) -> LoadedWorkflow {
    let entry = try entry(named: name)
    return try Self.loaded(entry.reading, entry.bytes, path: entry.path, name: entry.name)
  }

  static func loaded(
    _ reading: WorkflowReading, _ bytes: [UInt8], path: AbsolutePath?, name: String
  ) throws(EngineFailure) -> LoadedWorkflow {
    guard let definition = reading.definition, let text = String(validating: bytes, as: UTF8.self) else {
      throw .workflowInvalid(name, reading.diagnostics, text: String(decoding: bytes, as: UTF8.self))
    }
    return LoadedWorkflow(definition: definition, text: FrozenWorkflow.text(of: text, reading), path: path)
  }
}
