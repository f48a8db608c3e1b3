internal import IonStore
internal import IonWorkflow

/// The prompt files of a workspace: `.ion/commands/*.md`.
enum PromptLibrary {
  /// What prompt files are called among the files that are frozen with a run; scripts have no `/` in their names.
  private static let folder = "commands/"

  /// The text of every prompt file that a definition names, by the name that it is frozen under.
  /// - Throws: `.unusable` where one isn't there, or isn't text.
  static func frozen(_ definition: WorkflowDefinition, root: AbsolutePath) throws(EngineFailure) -> [(String, String)] {
    var found: [String: String] = [:]
    for node in definition.allNodes {
      guard let name = node.promptFile?.name, found[folder + name] == nil else { continue }
      guard let file = file(name, root: root), let bytes = try FileAccess.read(file) else {
        throw .unusable(
          "Node `\(node.id)` names the prompt file `\(name)`, but there is no \(name).md in .ion/commands"
            + hint(for: name, root: root) + ".")
      }
      guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
        throw .unusable("The prompt file \(file) is not UTF-8 text.")
      }
      found[folder + name] = text
    }
    return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func file(_ name: String, root: AbsolutePath) -> AbsolutePath? {
    let folder = root.appending(".ion/commands")
    for candidate in [name + ".md", name] {
      let path = folder.appending(candidate)
      guard candidate.hasSuffix(".md"), path.isWithin(folder), let real = FileAccess.realPath(path),
        !FileAccess.isFolder(real)
      else { continue }
      return path
    }
    return nil
  }

  private static func hint(for name: String, root: AbsolutePath) -> String {
    let names = FileAccess.names(in: root.appending(".ion/commands")).filter { $0.hasSuffix(".md") }
      .map { String($0.dropLast(3)) }
    return Spelling.hint(for: name, among: names).map { " (\($0))" } ?? ""
  }

  /// A definition whose nodes have the texts of their prompt files. `text` gives that of a name, by which it was frozen.
  static func filled(_ definition: WorkflowDefinition, _ text: (String) -> String?) -> WorkflowDefinition {
    guard definition.allNodes.contains(where: { $0.promptFile != nil }) else { return definition }
    var definition = definition
    definition.nodes = definition.nodes.map { node in
      node.reading { name in text(folder + name).map { Template.parse(withoutFrontMatter($0)).template } }
    }
    return definition
  }

  /// The names under which the prompt files of a definition are frozen.
  static func names(in definition: WorkflowDefinition) -> Set<String> {
    Set(definition.allNodes.compactMap { $0.promptFile.map { folder + $0.name } })
  }

  /// A prompt without the block between two lines `---` at its beginning, which is about the file.
  private static func withoutFrontMatter(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    func isFence(_ line: Substring) -> Bool { line.utf8.elementsEqual("---".utf8) || line == "---\r" }
    guard let first = lines.first, isFence(first), let end = lines.dropFirst().firstIndex(where: isFence) else {
      return text
    }
    return lines[(end + 1)...].joined(separator: "\n")
  }

  /// What is wrong with what prompt files read; nil where every node and input is there.
  static func fault(in definition: WorkflowDefinition) -> String? {
    let nodes = definition.allNodes
    let ids = Set(nodes.map(\.id))
    let inputs = Set(definition.inputs.map(\.name))
    for node in nodes {
      guard let file = node.promptFile, let text = file.text else { continue }
      for reference in text.references {
        if let id = reference.node, !ids.contains(id) {
          let hint = Spelling.hint(for: id.rawValue, among: ids.map(\.rawValue)).map { " (\($0))" } ?? ""
          return
            "The prompt file `\(file.name)` of `\(node.id)` reads `\(reference)`, and no node has the id `\(id)`\(hint)."
        }
        if case .input(let name) = reference.root, !inputs.contains(name) {
          return "The prompt file `\(file.name)` of `\(node.id)` reads `\(reference)`, and no input has that name."
        }
      }
    }
    return nil
  }
}
