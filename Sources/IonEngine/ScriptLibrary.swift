internal import IonDigest
internal import IonWorkflow

/// The named scripts of a workspace: files in `.ion/scripts/`.
enum ScriptLibrary {
  /// The text of every named script of a definition, by the name that the workflow uses.
  static func frozen(_ definition: WorkflowDefinition, root: AbsolutePath) throws(EngineFailure) -> [(String, String)] {
    var found: [(String, String)] = []
    for node in definition.allNodes {
      guard case .script(let script) = node.kind, case .named(let name) = script.source else { continue }
      guard !found.contains(where: { $0.0 == name }) else { continue }
      guard let file = file(name, runtime: script, root: root), let bytes = try FileAccess.read(file) else {
        throw .unusable("Node `\(node.id)` names the script `\(name)`, but there is no such file in .ion/scripts.")
      }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw .unusable("The script \(file) is not UTF-8 text.")
      }
      found.append((name, text))
    }
    return found
  }

  /// The file of a name, given with or without its ending; nil where there is none.
  static func file(_ name: String, runtime script: Script, root: AbsolutePath) -> AbsolutePath? {
    let folder = root.appending(".ion/scripts")
    let ending = ScriptRuntime(script.runtime, dependencies: []).fileExtension
    for candidate in [name, name + "." + ending] {
      let path = folder.appending(candidate)
      guard path.isWithin(folder), let real = FileAccess.realPath(path) else { continue }
      if !FileAccess.isFolder(real) { return path }
    }
    return nil
  }
}
