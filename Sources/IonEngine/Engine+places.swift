public import IonWorkflow
public import IonWorkflowFile

extension Engine {
  /// Whether a workflow may be taken from a file: one in a registered workspace, among the user's own workflows, or in a
  /// folder that a configuration names, and one that comes with Ion. Links are followed; a file that isn't there is judged
  /// by its folder.
  public func isWorkflowPlace(_ file: AbsolutePath) -> Bool {
    if BuiltinWorkflow.at(file) != nil { return true }
    guard let real = FileAccess.realPath(file) ?? FileAccess.realPath(file.parent)?.appending(file.name) else {
      return false
    }
    return registered.contains { workspace in
      let places = [workspace.codebase.root] + workspace.workflowFolders().map(\.path)
      return places.contains { FileAccess.realPath($0).map(real.isWithin) ?? false }
    }
  }
}

/// What a workflow file holds, and what reading it gave.
public struct WorkflowSource: Sendable {
  public var bytes: [UInt8]
  public var reading: WorkflowReading

  /// The file as it is now, valid or not.
  ///
  /// - Parameter resolver: Finds what the file includes; nil leaves that out.
  /// - Throws: `.workflowNotFound` where there is no such file, `.unusable` where it can't be read.
  public static func read(
    _ path: AbsolutePath, including resolver: IncludeResolver?
  ) throws(EngineFailure) -> WorkflowSource {
    var bytes = BuiltinWorkflow.at(path)?.bytes
    if bytes == nil { bytes = try FileAccess.read(path, limit: ReadingLimits.standard.bytes + 1) }
    guard let bytes else {
      throw .workflowNotFound(path.text, suggestions: [])
    }
    return WorkflowSource(
      bytes: bytes, reading: WorkflowReader.read(bytes, fileName: path.name, path: path, including: resolver))
  }
}

extension Codebase {
  /// The folder itself where steps of this codebase may work in it: one within the root, or within a git worktree of it.
  /// Links are followed.
  ///
  /// - Throws: `.unusable` where there is no such folder, `.outsideWorkspace`.
  public func workingPath(_ folder: AbsolutePath) throws(EngineFailure) -> AbsolutePath {
    guard let real = FileAccess.realPath(folder), FileAccess.isFolder(real) else {
      throw .unusable("There is no folder \(folder).")
    }
    guard ([root] + worktrees).contains(where: real.isWithin) else { throw .outsideWorkspace(folder.text) }
    return real
  }

  /// The git worktrees of this checkout that are there.
  private var worktrees: [AbsolutePath] {
    let folder = root.appending(".git/worktrees")
    return FileAccess.names(in: folder).compactMap { name in
      guard let text = FileAccess.text(folder.appending(name).appending("gitdir")),
        let git = AbsolutePath(text.prefix { $0 != "\n" })
      else { return nil }
      return FileAccess.realPath(git.parent)
    }
  }
}
