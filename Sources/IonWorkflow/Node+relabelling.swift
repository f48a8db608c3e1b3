/// How the nodes of one workflow are called within another, and what their references read there.
public struct Relabelling {
  /// The new id of a node.
  public var id: (NodeID) -> NodeID
  /// What a reference becomes.
  public var reference: (Reference) -> Reference

  public init(id: @escaping (NodeID) -> NodeID, reference: @escaping (Reference) -> Reference) {
    self.id = id
    self.reference = reference
  }

  /// Puts the nodes of a workflow below an include: `node` becomes `include__node`, and its inputs are those that the
  /// include binds.
  public static func below(_ include: NodeID) -> Relabelling {
    let inside = { (id: NodeID) in NodeID("\(include)__\(id)") }
    return Relabelling(id: inside) { reference in
      switch reference.root {
      case .output(let id): Reference(.output(inside(id)), path: reference.path)
      case .status(let id): Reference(.status(inside(id)), path: reference.path)
      case .loopPrevious(let id): Reference(.loopPrevious(inside(id)), path: reference.path)
      case .input(let name): Reference(.boundInput(of: include, name), path: reference.path)
      case .boundInput(let inner, let name): Reference(.boundInput(of: inside(inner), name), path: reference.path)
      case .matrix, .variable: reference
      }
    }
  }
}

extension Node {
  /// The same node under other ids, with every reference in its texts replaced.
  public func relabelled(_ labels: Relabelling) -> Node {
    var node = self
    node.id = labels.id(id)
    node.kind = kind.relabelled(labels)
    node.dependsOn = dependsOn.map(labels.id)
    node.waitsFor = waitsFor.map(labels.id)
    node.when = when?.relabelled(labels)
    node.environment = environment.map { EnvironmentEntry(name: $0.name, value: $0.value.relabelled(labels)) }
    node.bindings = bindings.map { Binding(name: $0.name, value: $0.value.relabelled(labels)) }
    node.cache?.key = cache?.key?.relabelled(labels)
    node.include = include.map(labels.id)
    node.agent.systemPrompt = agent.systemPrompt?.relabelled(labels)
    if let instance { node.instance = MatrixInstance(of: labels.id(instance.of), values: instance.values) }
    if case .resume(let resumed)? = agent.session { node.agent.session = .resume(labels.id(resumed)) }
    return node
  }
}

extension EnvironmentEntry {
  /// The same entry with every reference replaced.
  public func relabelled(_ labels: Relabelling) -> EnvironmentEntry {
    EnvironmentEntry(name: name, value: value.relabelled(labels))
  }
}

extension IncludedWorkflow {
  /// The same inputs under the include's new id.
  public func relabelled(_ labels: Relabelling) -> IncludedWorkflow {
    let inputs = inputs.map { BoundInput(declaration: $0.declaration, value: $0.value.relabelled(labels)) }
    return IncludedWorkflow(id: labels.id(id), name: name, inputs: inputs)
  }
}

extension NodeKind {
  fileprivate func relabelled(_ labels: Relabelling) -> NodeKind {
    switch self {
    case .bash(let body): .bash(body.relabelled(labels))
    case .exec(let parts): .exec(parts.map { $0.relabelled(labels) })
    case .prompt(let text): .prompt(text.relabelled(labels))
    case .cancel(let text): .cancel(text.relabelled(labels))
    case .finish(let text): .finish(text.relabelled(labels))
    case .loop(let loop): .loop(loop.relabelled(labels))
    case .loopGroup(let group): .loopGroup(group.relabelled(labels))
    case .approval(let approval): .approval(approval.relabelled(labels))
    case .workflow(let child): .workflow(child.relabelled(labels))
    case .include(let include):
      .include(
        Include(
          workflow: include.workflow, members: include.members?.map(labels.id), result: include.result.map(labels.id)))
    case .matrix(let matrix): .matrix(Matrix(instances: matrix.instances.map(labels.id)))
    case .command(let file): .command(PromptFile(file.name, text: file.text?.relabelled(labels)))
    case .script: self
    }
  }
}

extension Loop {
  fileprivate func relabelled(_ labels: Relabelling) -> Loop {
    var loop = self
    if case .prompt(let text) = body { loop.body = .prompt(text.relabelled(labels)) }
    loop.untilBash = untilBash?.relabelled(labels)
    loop.gateMessage = gateMessage?.relabelled(labels)
    return loop
  }
}

extension LoopGroup {
  fileprivate func relabelled(_ labels: Relabelling) -> LoopGroup {
    var group = self
    group.nodes = nodes.map { $0.relabelled(labels) }
    group.untilBash = untilBash?.relabelled(labels)
    group.gateMessage = gateMessage?.relabelled(labels)
    return group
  }
}

extension Approval {
  fileprivate func relabelled(_ labels: Relabelling) -> Approval {
    var approval = self
    approval.message = message.relabelled(labels)
    if let rejection = onReject { approval.onReject?.prompt = rejection.prompt.relabelled(labels) }
    return approval
  }
}

extension ChildWorkflow {
  fileprivate func relabelled(_ labels: Relabelling) -> ChildWorkflow {
    var child = self
    child.input = input?.relabelled(labels)
    if case .reference(let reference)? = fanOut?.items {
      child.fanOut?.items = .reference(labels.reference(reference))
    }
    return child
  }
}

extension Template {
  func relabelled(_ labels: Relabelling) -> Template {
    Template(
      segments: segments.map { segment in
        switch segment {
        case .text: segment
        case .reference(let reference): .reference(labels.reference(reference))
        }
      })
  }
}

extension Binding.Value {
  fileprivate func relabelled(_ labels: Relabelling) -> Binding.Value {
    switch self {
    case .literal: self
    case .reference(let reference, let standIn): .reference(labels.reference(reference), ifSkipped: standIn)
    case .template(let template): .template(template.relabelled(labels))
    }
  }
}

extension BashBody {
  /// The same text: a reference is found by its place, and only what it reads is another.
  fileprivate func relabelled(_ labels: Relabelling) -> BashBody {
    let occurrences = occurrences.map { occurrence in
      var occurrence = occurrence
      occurrence.reference = labels.reference(occurrence.reference)
      return occurrence
    }
    return BashBody(text: text, occurrences: occurrences, replacements: replacements)
  }
}

extension Condition {
  fileprivate func relabelled(_ labels: Relabelling) -> Condition {
    switch self {
    case .operand(let operand): .operand(operand.relabelled(labels))
    case .comparison(let left, let comparison, let right):
      .comparison(left.relabelled(labels), comparison, right.relabelled(labels))
    case .not(let inner): .not(inner.relabelled(labels))
    case .and(let parts): .and(parts.map { $0.relabelled(labels) })
    case .or(let parts): .or(parts.map { $0.relabelled(labels) })
    }
  }
}

extension Condition.Operand {
  fileprivate func relabelled(_ labels: Relabelling) -> Condition.Operand {
    switch self {
    case .reference(let reference): .reference(labels.reference(reference))
    case .literal: self
    case .list(let operands): .list(operands.map { $0.relabelled(labels) })
    }
  }
}
