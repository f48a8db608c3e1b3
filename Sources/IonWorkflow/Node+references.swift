extension Node {
  /// Every reference in the node's texts, with repeats: its kind's own, `when`, `env`, `with`, `cache` and `systemPrompt`.
  /// A loop group's are those of its body, to body nodes too.
  public var references: [Reference] {
    kind.references + environment.flatMap(\.value.references) + bindings.flatMap(\.value.references)
      + (when?.references ?? []) + (cache?.key?.references ?? []) + (agent.systemPrompt?.references ?? [])
  }
}

extension Binding.Value {
  /// What is read, with repeats.
  public var references: [Reference] {
    switch self {
    case .literal: []
    case .reference(let reference, _): [reference]
    case .template(let template): template.references
    }
  }
}

extension NodeKind {
  /// Every reference in the kind's own texts, with repeats.
  fileprivate var references: [Reference] {
    switch self {
    case .bash(let body): body.occurrences.map(\.reference)
    case .exec(let arguments): arguments.flatMap(\.references)
    case .prompt(let text), .cancel(let text), .finish(let text): text.references
    case .command(let file): file.text?.references ?? []
    case .loop(let loop): loop.references
    case .loopGroup(let group):
      group.nodes.flatMap(\.references) + (group.untilBash?.occurrences.map(\.reference) ?? [])
        + (group.gateMessage?.references ?? [])
    case .approval(let approval): approval.message.references + (approval.onReject?.prompt.references ?? [])
    case .workflow(let child): (child.input?.references ?? []) + (child.fanOut?.items.references ?? [])
    case .script, .include, .matrix: []
    }
  }
}

extension Loop {
  fileprivate var references: [Reference] {
    var found = (untilBash?.occurrences.map(\.reference) ?? []) + (gateMessage?.references ?? [])
    switch body {
    case .prompt(let text): found += text.references
    case .command(let file): found += file.text?.references ?? []
    }
    return found
  }
}

extension ChildWorkflow.FanOut.Items {
  /// What is read.
  public var references: [Reference] {
    switch self {
    case .literal: []
    case .reference(let reference): [reference]
    }
  }
}

extension Condition {
  /// Every reference that is compared or asked, in the expression's order, with repeats.
  public var references: [Reference] {
    switch self {
    case .operand(let operand): operand.references
    case .comparison(let left, _, let right): left.references + right.references
    case .not(let condition): condition.references
    case .and(let conditions), .or(let conditions): conditions.flatMap(\.references)
    }
  }
}

extension Condition.Operand {
  fileprivate var references: [Reference] {
    switch self {
    case .reference(let reference): [reference]
    case .literal: []
    case .list(let operands): operands.flatMap(\.references)
    }
  }
}
