internal import IonJSON
public import IonWorkflow

/// What a plan takes for granted of one node, once that would run.
public struct PlanStub: Hashable, Sendable {
  public enum Status: String, Codable, CaseIterable, Sendable { case succeeded, failed, skipped }

  /// How the node comes out; `skipped` as if its condition were not met.
  public var status: Status
  /// What it prints; nil where that isn't known.
  public var output: String?

  public init(_ status: Status = .succeeded, output: String? = nil) {
    self.status = status
    self.output = output
  }
}

/// The stubs of a plan, checked against the workflow.
public struct PlanStubs: Sendable {
  private let stubs: [NodeID: PlanStub]

  /// None.
  init() { stubs = [:] }

  /// - Throws: `.inputInvalid`, naming the stub, where it is of no node, or says what its node can't be.
  public init(_ given: [NodeID: PlanStub], for definition: WorkflowDefinition) throws(EngineFailure) {
    let nodes = Self.all(definition.nodes)
    var stubs: [NodeID: PlanStub] = [:]
    for (id, stub) in given.sorted(by: { $0.key < $1.key }) {
      func refuse(_ why: String) -> EngineFailure {
        .inputInvalid(name: id.rawValue, message: "the stub for `\(id)` can't be used: \(why)")
      }
      guard let node = nodes[id] else {
        let hint = Spelling.hint(for: id.rawValue, among: nodes.keys.map(\.rawValue)).map { "; \($0)" } ?? ""
        throw refuse("the workflow has no such node\(hint)")
      }
      if node.isJoin { throw refuse("the node only stands for others; give stubs for those") }
      if stub.status != .succeeded, stub.output != nil { throw refuse("only a node that succeeds has an output") }
      if stub.output?.utf8.contains(0) ?? false { throw refuse("its output has a NUL byte, and so is no text") }
      var stub = stub
      // As of a step's output, the newlines at its end don't count.
      while let last = stub.output?.utf8.last, last == 10 {
        stub.output = stub.output.map { String(decoding: $0.utf8.dropLast(), as: UTF8.self) }
      }
      stubs[id] = stub
    }
    self.stubs = stubs
  }

  subscript(id: NodeID) -> PlanStub? { stubs[id] }

  /// The workflow as the scheduler is to see it: a node that is skipped has a condition that is never met, and what fails
  /// fails for good.
  func applied(to definition: WorkflowDefinition) -> WorkflowDefinition {
    var definition = definition
    definition.nodes = applied(to: definition.nodes, within: "")
    return definition
  }

  private func applied(to nodes: [Node], within prefix: String) -> [Node] {
    nodes.map { node in
      var node = node
      let id = NodeID(rawValue: prefix + node.id.rawValue)
      node.retry = RetryPolicy(maxAttempts: 1)
      if stubs[id]?.status == .skipped { node.when = .operand(.literal(.bool(false))) }
      if case .loopGroup(var group) = node.kind {
        group.nodes = applied(to: group.nodes, within: Self.body(of: id))
        node.kind = .loopGroup(group)
      }
      return node
    }
  }

  /// The nodes by the ids that they have in a plan: those of a loop's body in its first iteration.
  static func all(_ nodes: [Node], within prefix: String = "") -> [NodeID: Node] {
    var found: [NodeID: Node] = [:]
    for node in nodes {
      let id = NodeID(rawValue: prefix + node.id.rawValue)
      found[id] = node
      guard let repetition = node.repetition else { continue }
      found.merge(all(repetition.body, within: body(of: id))) { first, _ in first }
      if let text = repetition.untilBash {
        found[NodeID(rawValue: body(of: id) + LoopGroup.testID.rawValue)] = Node(
          id: LoopGroup.testID, kind: .bash(text))
      }
    }
    return found
  }

  private static func body(of loop: NodeID) -> String { "\(loop)#1/" }
}
