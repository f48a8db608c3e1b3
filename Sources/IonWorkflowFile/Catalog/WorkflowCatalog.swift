public import IonWorkflow

/// The workflow files of some folders, each read; a file that is wrong stands among them with what is wrong about it.
public struct WorkflowCatalog: Hashable, Sendable {
  /// Where a workflow file comes from.
  public enum Scope: String, Codable, CaseIterable, Sendable { case workspace, user, configured, builtin }

  /// A folder that is searched with everything below it.
  public struct Folder: Hashable, Sendable {
    public var path: AbsolutePath
    public var scope: Scope

    public init(_ path: AbsolutePath, scope: Scope) {
      self.path = path
      self.scope = scope
    }
  }

  /// One workflow file.
  public struct Entry: Hashable, Sendable {
    public var path: AbsolutePath
    public var scope: Scope
    /// What the file holds; empty where it can't be read.
    public var bytes: [UInt8]
    public var reading: WorkflowReading

    public init(path: AbsolutePath, scope: Scope, bytes: [UInt8], reading: WorkflowReading) {
      self.path = path
      self.scope = scope
      self.bytes = bytes
      self.reading = reading
    }

    /// The file's name without its ending.
    public var stem: String { String(path.name.dropLast(path.fileExtension.count + 1)) }

    /// What the workflow is called: what the file says, or else the file's name without its ending.
    public var name: String { reading.name ?? stem }
  }

  /// A folder or file that could not be looked at.
  public struct Fault: Hashable, Sendable {
    public var path: AbsolutePath
    /// What went wrong, for people.
    public var message: String
  }

  /// Nearer folders first, and by path within one.
  public var entries: [Entry]
  public var faults: [Fault]

  /// The folders in the order of their nearness.
  /// - Parameters:
  ///   - workspace: The folder that holds `.ion`; nil where there is none.
  ///   - userFolder: Ion's folder among the user's configuration, see `userFolder(in:)`.
  ///   - paths: What `workflow_paths` of the configuration says, relative to the workspace or absolute.
  public static func folders(
    workspace: AbsolutePath?, userFolder: AbsolutePath?, paths: [String] = []
  ) -> [Folder] {
    var folders: [Folder] = []
    if let workspace { folders.append(Folder(workspace.appending(".ion/workflows"), scope: .workspace)) }
    if let userFolder { folders.append(Folder(userFolder.appending("workflows"), scope: .user)) }
    for text in paths {
      if let path = workspace?.appending(text) ?? AbsolutePath(text) {
        folders.append(Folder(path, scope: .configured))
      }
    }
    return folders
  }

  /// Ion's folder among the user's configuration: `$XDG_CONFIG_HOME/ion`, else `$HOME/.config/ion`; nil where neither
  /// is an absolute path.
  public static func userFolder(in environment: [String: String]) -> AbsolutePath? {
    if let folder = environment["XDG_CONFIG_HOME"].flatMap({ AbsolutePath($0) }) { return folder.appending("ion") }
    return environment["HOME"].flatMap { AbsolutePath($0) }?.appending(".config/ion")
  }

  /// Reads every `*.yaml` and `*.yml` of the folders. A file is hidden by one of the same name, without its ending, in a
  /// nearer folder; folders that don't exist are passed over, unless the configuration names them.
  /// - Parameter builtins: Whether the workflows that come with Ion follow them; those folders hide them, too.
  public static func discover(
    in folders: [Folder], limits: ReadingLimits = .standard, builtins: Bool = false
  ) -> WorkflowCatalog {
    var catalog = WorkflowCatalog(entries: [], faults: [])
    var taken: Set<[UInt8]> = []
    var including: [Int] = []
    for folder in folders {
      var search = FolderSearch()
      search.look(into: folder.path, isRequired: folder.scope == .configured)
      catalog.faults += search.faults
      let found = search.files.sorted()
        .map {
          Entry(path: $0, scope: folder.scope, bytes: [], reading: WorkflowReading(definition: nil, diagnostics: []))
        }
        .filter { !taken.contains(Array($0.stem.utf8)) }
      taken.formUnion(found.map { Array($0.stem.utf8) })
      for entry in found {
        let (read, hasIncludes) = entry.read(limits)
        if hasIncludes { including.append(catalog.entries.count) }
        catalog.entries.append(read)
      }
    }
    catalog.unfold(including, limits)
    if builtins { catalog.entries += BuiltinWorkflow.entries.filter { !taken.contains(Array($0.stem.utf8)) } }
    return catalog
  }

  /// Reads some of the entries again with what they include, by the names that all of them have.
  private mutating func unfold(_ indices: [Int], _ limits: ReadingLimits) {
    guard !indices.isEmpty else { return }
    let library = IncludeLibrary(limits: limits, resolver)
    for index in indices {
      let entry = entries[index]
      entries[index].reading =
        library.reading(of: entry.bytes, at: entry.path, fileName: entry.path.name).reading
    }
  }

  /// Finds what other workflows include among the entries.
  public var resolver: IncludeResolver { { name throws(CatalogFailure) in try included(named: name) } }

  private func included(named name: String) throws(CatalogFailure) -> IncludedFile {
    let entry = try entry(named: name)
    return IncludedFile(path: entry.path, bytes: entry.bytes)
  }
}

extension WorkflowCatalog.Entry {
  /// The entry with what its file holds now, and whether that includes others, which are not in their places yet.
  fileprivate func read(_ limits: ReadingLimits) -> (entry: WorkflowCatalog.Entry, hasIncludes: Bool) {
    var entry = self
    var hasIncludes = false
    do {
      entry.bytes = try FileBytes.read(path, limit: limits.bytes + 1)
      let file = WorkflowReader.fileRead(entry.bytes, fileName: path.name, limits: limits, isUnfolding: true)
      entry.reading = file.reading
      hasIncludes = !file.sites.isEmpty
    } catch {
      let origin = SourcePosition(line: 0, column: 0)
      let diagnostic = Diagnostic(
        .error, code: "unreadable", message: "the file can't be read: \(error.message)",
        range: SourceRange(start: origin, end: origin))
      entry.reading = WorkflowReading(definition: nil, diagnostics: [diagnostic])
    }
    return (entry, hasIncludes)
  }
}
