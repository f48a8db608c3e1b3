public import IonJSON
internal import IonScheduler
public import IonStore
internal import IonWorkflow

/// What a run gave: the output of the node that its workflow's `returns` names.
public struct RunOutput: Hashable, Sendable {
  /// The document where the output is one, else its text. Nil where it is larger than `limit`, or no text.
  public var value: JSONValue?
  /// How long it is, in bytes without trailing newlines.
  public var length: Int

  /// The largest output that is handed over whole; a larger one is read from the node's log.
  public static let limit = 1024 * 1024

  public init(value: JSONValue?, length: Int) {
    self.value = value
    self.length = length
  }
}

extension Workspace {
  /// What a run gave; nil for one that has no output.
  public func output(of run: RunRecord) async throws(EngineFailure) -> RunOutput? {
    guard let id = run.result?.node, let output = try await node(id, of: run.id).output else { return nil }
    guard output.length <= RunOutput.limit else { return RunOutput(value: nil, length: output.length) }
    let text: String?
    do {
      text = try RunValues.text(of: id, output, in: paths(of: run.id).logs)
    } catch {
      throw .unusable(error.message)
    }
    let document = OutputDocument(text: text)
    return RunOutput(value: document.json ?? document.text.map(JSONValue.string), length: output.length)
  }
}
