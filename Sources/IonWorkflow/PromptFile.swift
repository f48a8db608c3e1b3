/// What a `command` node names: a prompt in `.ion/commands/`.
public struct PromptFile: Hashable, Sendable {
  /// The file's name without its ending.
  public var name: String
  /// What the file says, as the workflow around it reads it; nil until a run brings it along.
  public var text: Template?

  public init(_ name: String, text: Template? = nil) {
    self.name = name
    self.text = text
  }
}

extension Node {
  /// The prompt file that the node's agent reads; nil for a node without.
  public var promptFile: PromptFile? {
    switch kind {
    case .command(let file): file
    case .loop(let loop): if case .command(let file) = loop.body { file } else { nil }
    case .bash, .script, .exec, .prompt, .loopGroup, .approval, .workflow, .include, .matrix, .cancel, .finish: nil
    }
  }

  /// The same node with the text of its prompt file, that of every node in its body too. Its references read what those
  /// of the node's other texts do.
  public func reading(_ text: (String) -> Template?) -> Node {
    var node = self
    switch kind {
    case .command(let file): node.kind = .command(filled(file, text))
    case .loop(var loop):
      if case .command(let file) = loop.body {
        loop.body = .command(filled(file, text))
        node.kind = .loop(loop)
      }
    case .loopGroup(var group):
      group.nodes = group.nodes.map { $0.reading(text) }
      node.kind = .loopGroup(group)
    case .bash, .script, .exec, .prompt, .approval, .workflow, .include, .matrix, .cancel, .finish: break
    }
    return node
  }

  private func filled(_ file: PromptFile, _ text: (String) -> Template?) -> PromptFile {
    let template = text(file.name)
    return PromptFile(file.name, text: include.map { template?.relabelled(.below($0)) } ?? template)
  }
}
