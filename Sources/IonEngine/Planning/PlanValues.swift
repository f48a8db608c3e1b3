internal import IonJSON
internal import IonScheduler
internal import IonStore
internal import IonWorkflow

/// How a node may come out.
struct Outcomes: OptionSet, Hashable, Sendable {
  let rawValue: UInt8

  static let succeeded = Outcomes(rawValue: 1)
  static let failed = Outcomes(rawValue: 2)
  static let skipped = Outcomes(rawValue: 4)

  /// Whether there is one way alone.
  var isCertain: Bool { rawValue.nonzeroBitCount == 1 }
}

/// What isn't known of the nodes of a plan. A node that is in neither is as the run has it.
struct Doubts {
  /// How each node may come out that was looked at.
  var outcomes: [NodeID: Outcomes] = [:]
  /// The nodes whose output isn't the one that the run has.
  var outputs: Set<NodeID> = []

  func isStatusUnknown(_ id: NodeID) -> Bool { outcomes[id].map { !$0.isCertain } ?? false }
}

/// How a condition comes out in a plan.
enum ConditionAnswer: Hashable {
  case met, unmet
  case failed(String)
  /// It reads what isn't known.
  case unknown([Reference], mayFail: Bool)
}

extension NodeOutput {
  /// The output of a step for which no stub says what it prints.
  static let unknown = NodeOutput(text: nil, file: nil, length: 0, sha256: "unknown")

  var isUnknown: Bool { sha256 == "unknown" }
}

/// What the texts of a plan's nodes read, with what isn't known told apart from what is wrong.
struct PlanValues {
  /// What a run has of its own once it is there.
  private static let ofTheRun: Set<Variable> = [.workflowID, .artifactsDirectory, .logDirectory]

  let definition: WorkflowDefinition
  private(set) var values: RunValues
  private let bound: [NodeID: [String: BoundInput]]
  private let results: [NodeID: NodeID]

  init(
    _ definition: WorkflowDefinition, paths: ProjectPaths, inputs: [String: JSONValue], variables: [Variable: String]
  ) {
    self.definition = definition
    values = RunValues(definition, paths: paths, inputs: inputs, variables: variables)
    bound = Dictionary(
      definition.includes.map { include in
        (include.id, Dictionary(include.inputs.map { ($0.declaration.name, $0) }) { first, _ in first })
      }
    ) { first, _ in first }
    results = Dictionary(
      definition.allNodes.compactMap { node in
        if case .include(let include) = node.kind { include.result.map { (node.id, $0) } } else { nil }
      }
    ) { first, _ in first }
  }

  /// What some references read, and which of them read what isn't known.
  struct Reading {
    var scope: ValueScope
    var unknown: Set<Reference>

    /// A text with its references' values; nil where one of them isn't known.
    func text(_ template: Template) throws(ReferenceFailure) -> String? {
      isKnown(template.references) ? try template.resolve(in: scope) : nil
    }

    func isKnown(_ references: [Reference]) -> Bool { unknown.isDisjoint(with: references) }
  }

  mutating func reading(
    _ references: [Reference], of node: Node, _ sight: RunSight, _ doubts: Doubts
  ) throws(StepFailure) -> Reading {
    let unknown = Set(references.filter { !isKnown($0, sight, doubts) })
    var scope = try values.scope(for: references.filter { !unknown.contains($0) }, seenBy: sight)
    scope.matrix = node.instance?.scope ?? [:]
    return Reading(scope: scope, unknown: unknown)
  }

  func isKnown(_ reference: Reference, _ sight: RunSight, _ doubts: Doubts) -> Bool {
    switch reference.root {
    case .output(let id):
      guard let state = sight.node(id) else { return true }
      if doubts.isStatusUnknown(state.id) || doubts.outputs.contains(state.id) { return false }
      if let result = results[id] { return isKnown(Reference(.output(result)), sight, doubts) }
      return !(state.output?.isUnknown ?? false)
    case .status(let id): return !(sight.node(id).map { doubts.isStatusUnknown($0.id) } ?? false)
    case .boundInput(let include, let name):
      return bound[include]?[name]?.value.references.allSatisfy { isKnown($0, sight, doubts) } ?? true
    case .variable(let variable): return !Self.ofTheRun.contains(variable)
    // The first iteration has none before it.
    case .loopPrevious, .input, .matrix: return true
    }
  }

  /// The nodes that some references come down to, by their ids in the run.
  func sources(of references: some Sequence<Reference>, _ sight: RunSight) -> [NodeID] {
    var found: [NodeID] = []
    for reference in references {
      switch reference.root {
      case .output(let id), .status(let id): if let state = sight.node(id) { found.append(state.id) }
      case .boundInput(let include, let name):
        found += sources(of: bound[include]?[name]?.value.references ?? [], sight)
      case .loopPrevious, .input, .matrix, .variable: break
      }
    }
    return found
  }

  mutating func answer(
    _ condition: Condition, of node: Node, _ sight: RunSight, _ doubts: Doubts
  ) -> ConditionAnswer {
    let reading: Reading
    do throws(StepFailure) {
      reading = try self.reading(condition.references, of: node, sight, doubts)
    } catch {
      return .failed(error.message)
    }
    // A variable that isn't there reads as empty, so nothing fails that would say so.
    let ofTheRun = reading.unknown.filter { if case .variable = $0.root { true } else { false } }
    do throws(ReferenceFailure) {
      let isMet = try condition.evaluate(in: reading.scope)
      if ofTheRun.isEmpty { return isMet ? .met : .unmet }
    } catch {
      if !reading.unknown.contains(error.reference), ofTheRun.isEmpty { return .failed(error.message) }
    }
    let unknown = condition.references.filter(reading.unknown.contains)
    let mayFail = condition.asksAlone || unknown.contains { mayBeUnreadable($0, sight, doubts) }
    return .unknown(unknown, mayFail: mayFail)
  }

  /// Whether it may be that there is nothing to read.
  private func mayBeUnreadable(_ reference: Reference, _ sight: RunSight, _ doubts: Doubts) -> Bool {
    if case .output(let id) = reference.root, reference.path.isEmpty, let state = sight.node(id) {
      if let result = results[id] { return mayBeUnreadable(Reference(.output(result)), sight, doubts) }
      return doubts.outcomes[state.id]?.contains(.failed) ?? false
    }
    if case .output = reference.root { return true }
    if case .boundInput = reference.root { return true }
    return false
  }
}

extension PlanValues {
  /// Everything that a node's own texts read, with the inputs of its include, which its step has in its environment.
  func references(of node: Node) -> [Reference] {
    var all = node.ownReferences + node.bindings.flatMap(\.value.references)
    if !node.isJoin { all += (definition.environment + node.environment).flatMap(\.value.references) }
    return all + (node.include.map(values.inputs(of:)) ?? [])
  }

  /// Whether a node may fail because of something that it reads and that isn't there, as far as that isn't known.
  func mayLackValues(_ node: Node, _ sight: RunSight, _ doubts: Doubts) -> Bool {
    let read = references(of: node).filter { if case .output = $0.root { true } else { false } }
    let deep = references(of: node).flatMap { reference -> [Reference] in
      guard case .boundInput(let include, let name) = reference.root else { return [] }
      return bound[include]?[name]?.value.references ?? []
    }
    return (read + deep).contains { reference in
      sources(of: [reference], sight).contains(where: doubts.isStatusUnknown)
        && mayBeUnreadable(reference, sight, doubts)
    }
  }

  /// Why a node's step can't be made, as far as its values are known; nil where it can.
  mutating func fault(of node: Node, _ sight: RunSight, _ doubts: Doubts, folder: AbsolutePath) -> StepFailure? {
    do throws(StepFailure) {
      let reading = try reading(references(of: node), of: node, sight, doubts)
      try checkOwn(node, reading, folder)
      switch node.kind {
      case .bash, .script, .exec, .prompt, .command: try checkEnvironment(node, reading)
      case .loop, .loopGroup, .approval, .workflow, .include, .matrix, .cancel, .finish: break
      }
      return nil
    } catch {
      return error
    }
  }

  private func checkOwn(_ node: Node, _ reading: Reading, _ folder: AbsolutePath) throws(StepFailure) {
    switch node.kind {
    case .bash(let body): try check(body, reading, folder)
    case .exec(let parts):
      var words: [String?] = []
      for part in parts { words.append(try Self.text(part, reading)) }
      if words.isEmpty || words[0] == "" { throw StepFailure(.value, "`exec` names no program.") }
    case .prompt(let text), .cancel(let text), .finish(let text): _ = try Self.text(text, reading)
    case .command(let file): if let text = file.text { _ = try Self.text(text, reading) }
    case .workflow(let child):
      if let items = child.fanOut?.items, reading.isKnown(items.references) {
        _ = try ItemListing.items(items, in: reading.scope)
      }
    case .script, .loop, .loopGroup, .approval, .include, .matrix: break
    }
  }

  private func check(_ body: BashBody, _ reading: Reading, _ folder: AbsolutePath) throws(StepFailure) {
    var rewriting = body.rewritten()
    rewriting.variables.removeAll { reading.unknown.contains($0.reference) }
    var texts: [String] = []
    do {
      for variable in rewriting.variables { texts.append(try variable.reference.resolveText(in: reading.scope)) }
    } catch {
      throw StepFailure(.value, error.message)
    }
    do {
      _ = try StepValues(rewriting, values: texts, folder: folder)
    } catch {
      throw StepFailure(.value, error.message)
    }
  }

  private func checkEnvironment(_ node: Node, _ reading: Reading) throws(StepFailure) {
    for entry in definition.environment + node.environment {
      do {
        _ = try reading.text(entry.value)
      } catch {
        throw StepFailure(.value, "env `\(entry.name)`: \(error.message)")
      }
    }
    for binding in node.bindings where reading.isKnown(binding.value.references) {
      do {
        _ = try binding.value.resolveText(in: reading.scope)
      } catch {
        throw StepFailure(.value, "with `\(binding.name)`: \(error.message)")
      }
    }
  }

  private static func text(_ template: Template, _ reading: Reading) throws(StepFailure) -> String? {
    do {
      return try reading.text(template)
    } catch {
      throw StepFailure(.value, error.message)
    }
  }

  /// The list that a matrix gives; nil where an instance's output isn't known.
  mutating func list(of matrix: Matrix, _ sight: RunSight) throws(StepFailure) -> JSONValue? {
    guard !matrix.instances.contains(where: { sight.node($0)?.output?.isUnknown ?? false }) else { return nil }
    return try OutputGathering.list(of: matrix.instances, &values, sight.node)
  }
}

extension Node {
  /// Every reference in the kind's own texts.
  fileprivate var ownReferences: [Reference] {
    switch kind {
    case .bash(let body): body.occurrences.map(\.reference)
    case .exec(let parts): parts.flatMap(\.references)
    case .prompt(let text), .cancel(let text), .finish(let text): text.references
    case .approval(let approval): approval.message.references
    case .workflow(let child): (child.input?.references ?? []) + (child.fanOut?.items.references ?? [])
    case .loop(let loop): if case .prompt(let text) = loop.body { text.references } else { [] }
    case .command(let file): file.text?.references ?? []
    case .script, .loopGroup, .include, .matrix: []
    }
  }
}

extension Condition {
  /// Whether a value stands alone in it, which must be true or false, or may have to contain something.
  fileprivate var asksAlone: Bool {
    switch self {
    case .operand(.reference): true
    case .operand, .comparison: false
    case .not(let inner): inner.asksAlone
    case .and(let parts), .or(let parts): parts.contains { $0.asksAlone }
    }
  }
}
