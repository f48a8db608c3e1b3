internal import IonDigest
internal import IonWorkflow

/// The files that a definition names beside itself, as they are kept with a run: named scripts and prompts.
struct FrozenFiles: Sendable {
  /// The SHA-256 of each one's text, by the name that it is kept under.
  private(set) var hashes: [String: String] = [:]
  /// The texts, by hash.
  private(set) var texts: [String: String] = [:]

  /// Reads them from a workspace.
  /// - Throws: `.unusable` for what isn't there, or isn't text.
  init(of definition: WorkflowDefinition, root: AbsolutePath) throws(EngineFailure) {
    let scripts = try ScriptLibrary.frozen(definition, root: root)
    let prompts = try PromptLibrary.frozen(definition, root: root)
    for (name, text) in scripts + prompts {
      let hash = SHA256.hex(of: text)
      hashes[name] = hash
      texts[hash] = text
    }
  }

  /// The definition with the texts of its prompts.
  /// - Throws: `.unusable` where one of them reads what isn't there.
  func filled(_ definition: WorkflowDefinition) throws(EngineFailure) -> WorkflowDefinition {
    let filled = PromptLibrary.filled(definition) { hashes[$0].flatMap { texts[$0] } }
    if let fault = PromptLibrary.fault(in: filled) { throw .unusable(fault) }
    return filled
  }
}
