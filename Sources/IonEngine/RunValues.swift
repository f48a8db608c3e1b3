internal import IonDigest
internal import IonJSON
internal import IonScheduler
internal import IonWorkflow

/// What the references of a run's nodes read: loaded where a node names it, kept while it is small.
struct RunValues {
  let paths: ProjectPaths
  let inputs: [String: JSONValue]
  let variables: [Variable: String]
  private var documents: [NodeID: (sha256: String, document: OutputDocument)] = [:]

  init(paths: ProjectPaths, inputs: [String: JSONValue], variables: [Variable: String]) {
    self.paths = paths
    self.inputs = inputs
    self.variables = variables
  }

  /// Everything that these references can read, and nothing else.
  mutating func scope(
    for references: some Sequence<Reference>, _ state: (NodeID) -> NodeState?
  ) throws(StepFailure) -> ValueScope {
    var scope = ValueScope(inputs: inputs, variables: variables)
    for reference in references {
      guard let id = reference.node, scope.nodes[id] == nil, let state = state(id) else { continue }
      if state.status == .succeeded, let output = state.output {
        let needsText = if case .output = reference.root { true } else { false }
        guard needsText else { continue }
        scope.nodes[id] = .succeeded(try document(of: id, output))
      } else {
        scope.nodes[id] = .settled(state.status)
      }
    }
    for reference in references {
      guard let id = reference.node, scope.nodes[id] == nil, let state = state(id) else { continue }
      scope.nodes[id] = .settled(state.status)
    }
    return scope
  }

  func evaluate(_ condition: Condition, in scope: ValueScope) throws(StepFailure) -> Bool {
    do {
      return try condition.evaluate(in: scope)
    } catch {
      throw StepFailure(.value, error.message)
    }
  }

  private mutating func document(of id: NodeID, _ output: NodeOutput) throws(StepFailure) -> OutputDocument {
    if let known = documents[id], known.sha256 == output.sha256 { return known.document }
    let document = OutputDocument(text: try text(of: id, output))
    if output.text != nil { documents[id] = (output.sha256, document) }
    return document
  }

  /// The whole text, checked against its hash where it comes from a file; nil where it is no text.
  private func text(of id: NodeID, _ output: NodeOutput) throws(StepFailure) -> String? {
    if let text = output.text { return text }
    guard let file = output.file else { return nil }
    let bytes: [UInt8]?
    do {
      bytes = try FileAccess.read(paths.logs.appending(file), limit: output.length)
    } catch {
      throw StepFailure(.storage, "The output of `\(id)` can't be read: \(error.message)")
    }
    guard let bytes, bytes.count == output.length, SHA256.hex(of: bytes) == output.sha256 else {
      throw StepFailure(
        .storage, "The output of `\(id)` is no longer what it was (\(file) was changed or cut); run `\(id)` again.")
    }
    guard !bytes.contains(0) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }
}
