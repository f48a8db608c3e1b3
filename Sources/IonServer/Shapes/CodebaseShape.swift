internal import IonEngine
public import IonWorkflow

/// A codebase as the protocol shows it: `Codebase`.
public struct CodebaseShape: WireShape, Hashable {
  public static let schemaName: String? = "Codebase"
  public static let notes = [
    "codebaseId": "Names the codebase in every other method.",
    "rootUri": "Its root.",
    "name": "For people.",
    "parentUri": "The main checkout of a git worktree; absent for anything else.",
    "trusted": "Whether runs may be started.",
    "liveRuns": "The runs that go on in this process.",
  ]

  public var codebaseId: CodebaseID
  public var rootUri: FileURI
  public var name: String
  public var parentUri: FileURI?
  public var trusted: Bool
  public var liveRuns: [RunID]

  init(_ codebase: Codebase, isTrusted: Bool, liveRuns: [RunID]) {
    codebaseId = codebase.id
    rootUri = FileURI(codebase.root)
    name = codebase.name
    parentUri = codebase.parent.map(FileURI.init)
    trusted = isTrusted
    self.liveRuns = liveRuns
  }
}
