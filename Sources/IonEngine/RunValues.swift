internal import IonDigest
internal import IonJSON
internal import IonScheduler
internal import IonStore
internal import IonWorkflow

/// What the references of a run's nodes read: loaded where a node names it, kept while it is small.
struct RunValues {
  let paths: ProjectPaths
  var inputs: [String: JSONValue]
  let variables: [Variable: String]
  /// What the nodes of each include read as inputs.
  private let boundInputs: [NodeID: [BoundInput]]
  /// The node whose output an include reads as.
  private let results: [NodeID: NodeID]
  private var documents: [NodeID: (sha256: String, document: OutputDocument)] = [:]

  init(
    _ definition: WorkflowDefinition, paths: ProjectPaths, inputs: [String: JSONValue], variables: [Variable: String]
  ) {
    self.paths = paths
    self.inputs = inputs
    self.variables = variables
    boundInputs = Dictionary(definition.includes.map { ($0.id, $0.inputs) }) { first, _ in first }
    var results: [NodeID: NodeID] = [:]
    for node in definition.allNodes { if case .include(let include) = node.kind { results[node.id] = include.result } }
    self.results = results
  }

  /// Everything that these references can read, and nothing else.
  mutating func scope(
    for references: some Sequence<Reference>, seenBy sight: RunSight
  ) throws(StepFailure) -> ValueScope {
    var scope = ValueScope(inputs: inputs, variables: variables)
    // A variable may be asked for by the environment alone, so this one is there in any case.
    if let output = sight.previousOutput {
      scope.variables[.loopPreviousOutput] = try Self.text(of: sight.reader, output, in: paths.logs) ?? ""
    }
    if let input = sight.userInput { scope.variables[.loopUserInput] = input }
    if let reason = sight.rejectionReason { scope.variables[.rejectionReason] = reason }
    try read(references, into: &scope, sight)
    return scope
  }

  /// The inputs of an include as its steps find them in their environment.
  func inputs(of include: NodeID) -> [Reference] {
    (boundInputs[include] ?? []).map { Reference(.boundInput(of: include, $0.declaration.name)) }
  }

  private mutating func read(
    _ references: some Sequence<Reference>, into scope: inout ValueScope, _ sight: RunSight
  ) throws(StepFailure) {
    for reference in references {
      switch reference.root {
      case .output(let id) where !scope.hasOutput(of: id): scope.nodes[id] = try reading(of: id, sight)
      case .status(let id): if scope.nodes[id] == nil { scope.nodes[id] = sight.node(id).map { .settled($0.status) } }
      case .loopPrevious(let id):
        if scope.previous[id] == nil, let state = sight.previous(id) { scope.previous[id] = try reading(of: state) }
      case .boundInput(let include, let name): try bind(name, of: include, in: &scope, sight)
      case .output, .input, .matrix, .variable: break
      }
    }
  }

  /// What the output of a node reads as.
  private mutating func reading(of id: NodeID, _ sight: RunSight) throws(StepFailure) -> NodeReading? {
    guard let found = sight.node(id) else { return nil }
    if let result = results[id] {
      return try reading(of: result, sight).map { .joined(found.status, output: $0) }
    }
    return try reading(of: found)
  }

  private mutating func reading(of state: NodeState) throws(StepFailure) -> NodeReading {
    guard let output = state.output else { return .settled(state.status) }
    let reading = NodeReading.succeeded(try document(of: state.id, output))
    return state.status == .succeeded ? reading : .joined(state.status, output: reading)
  }

  private mutating func bind(
    _ name: String, of include: NodeID, in scope: inout ValueScope, _ sight: RunSight
  ) throws(StepFailure) {
    guard scope.boundInputs[include]?[name] == nil,
      let input = boundInputs[include]?.first(where: { $0.declaration.name == name })
    else { return }
    try read(input.value.references, into: &scope, sight)
    do throws(BoundInputFailure) {
      scope.boundInputs[include, default: [:]][name] = try input.resolve(in: scope, of: include)
    } catch {
      throw StepFailure(.value, error.description)
    }
  }

  func evaluate(_ condition: Condition, in scope: ValueScope) throws(StepFailure) -> Bool {
    do {
      return try condition.evaluate(in: scope)
    } catch {
      throw StepFailure(.value, error.message)
    }
  }

  /// What a run that succeeded came to; nil for one that didn't, and where the node that it returns did not succeed.
  mutating func result(of definition: WorkflowDefinition, _ run: WorkflowRun) -> RunResult? {
    guard run.status == .succeeded, let id = definition.returns, let state = run.node(id), let output = state.output
    else { return nil }
    guard let field = definition.outcomeField else { return RunResult(node: id, outcome: nil) }
    do {
      return RunResult(node: id, outcome: try document(of: id, output).json?[field]?.boolValue)
    } catch {
      return RunResult(node: id, outcome: nil)
    }
  }

  mutating func document(of id: NodeID, _ output: NodeOutput) throws(StepFailure) -> OutputDocument {
    if let known = documents[id], known.sha256 == output.sha256 { return known.document }
    let document = OutputDocument(text: try Self.text(of: id, output, in: paths.logs))
    if output.text != nil { documents[id] = (output.sha256, document) }
    return document
  }

  /// The whole text, checked against its hash where it comes from a file; nil where it is no text.
  static func text(of id: NodeID, _ output: NodeOutput, in logs: AbsolutePath) throws(StepFailure) -> String? {
    if let text = output.text { return text }
    guard let file = output.file else { return nil }
    let bytes: [UInt8]?
    do {
      bytes = try FileAccess.read(logs.appending(file), limit: output.length)
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

extension ValueScope {
  /// Whether a node is here with what its output reads as, and not with its status alone.
  fileprivate func hasOutput(of id: NodeID) -> Bool {
    switch nodes[id] {
    case .succeeded, .joined: true
    case .settled, nil: false
    }
  }
}
