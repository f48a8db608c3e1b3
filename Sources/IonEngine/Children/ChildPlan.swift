internal import IonJSON
internal import IonScheduler
internal import IonWorkflow

/// What a `workflow` node asks its child run for. What is given by `with` is resolved when it is known what the child's
/// workflow takes.
struct ChildPlan: Sendable {
  /// The workflow's name as the node has it.
  let workflow: String
  let message: String
  /// Whether the child works in a git worktree of its own, and not where its parent does.
  let isIsolated: Bool
  private let bindings: [Binding]
  /// What it gets as one item of many; nil for the child of a node by itself.
  let item: FanOutItem?
  private let scope: ValueScope

  init(
    _ node: Node, _ child: ChildWorkflow, item: FanOutItem?, _ values: inout RunValues, seenBy sight: RunSight
  ) throws(StepFailure) {
    let references = (child.input?.references ?? []) + node.bindings.flatMap(\.value.references)
    var scope = try values.scope(for: references, seenBy: sight)
    scope.matrix = node.instance?.scope ?? [:]
    workflow = child.workflow
    isIsolated = child.isolation == .worktree
    self.item = item
    bindings = node.bindings
    self.scope = scope
    do {
      let text = try child.input?.resolve(in: scope)
      message = item?.message(beside: text) ?? text ?? ""
    } catch {
      throw StepFailure(.value, "input: \(error.message)")
    }
  }

  /// What a person calls the place that gives an input.
  private func place(of name: String) -> String { item?.name == name ? "fan_out `as: \(name)`" : "with `\(name)`" }

  /// The child's inputs by what its workflow declares; what isn't given is left to that. `mask` hides the parent's
  /// secrets, which go to secret inputs alone.
  func inputs(of definition: WorkflowDefinition, mask: SecretMask?) throws(StepFailure) -> [String: JSONValue] {
    var inputs: [String: JSONValue] = [:]
    let known = Dictionary(definition.inputs.map { ($0.name, $0) }) { first, _ in first }
    let ofItem = item.flatMap { $0.isMessageAlone(for: definition) ? nil : $0.binding }
    for binding in bindings + (ofItem.map { [$0] } ?? []) {
      guard let declaration = known[binding.name] else { throw unknown(binding.name, definition) }
      if declaration.kind == .secret {
        if case .literal = binding.value {
          let why =
            item?.name == binding.name
            ? "items are kept openly" : "which can't stand in a file; declare a secret input here, and pass it on"
          throw StepFailure(
            .value, "\(place(of: binding.name)): it is a secret of `\(definition.name)`, \(why)")
        }
      }
      do {
        inputs[binding.name] = try BoundInput(declaration: declaration, value: binding.value)
          .resolve(in: scope, of: "")
      } catch {
        throw StepFailure(.value, "\(place(of: binding.name)) of `\(definition.name)`: \(error.message)")
      }
    }
    if let mask { try refuseSecrets(in: inputs, known, mask, definition) }
    return inputs
  }

  /// The same of the inputs alone that are kept nowhere.
  func secrets(of definition: WorkflowDefinition) throws(StepFailure) -> [String: JSONValue] {
    let names = Set(definition.inputs.filter { $0.kind == .secret }.map(\.name))
    guard !names.isEmpty else { return [:] }
    return try inputs(of: definition, mask: nil).filter { names.contains($0.key) }
  }

  private func unknown(_ name: String, _ definition: WorkflowDefinition) -> StepFailure {
    let names = definition.inputs.map(\.name)
    let all =
      names.isEmpty ? "it takes no inputs" : "its inputs are \(names.map { "`\($0)`" }.joined(separator: ", "))"
    return StepFailure(
      .value,
      "\(place(of: name)): `\(definition.name)` has no such input (\(Spelling.hint(for: name, among: names) ?? all))")
  }

  /// What a run is given is kept openly, but for its secret inputs.
  private func refuseSecrets(
    in inputs: [String: JSONValue], _ known: [String: InputDeclaration], _ mask: SecretMask,
    _ definition: WorkflowDefinition
  ) throws(StepFailure) {
    if mask.masked(message) != message {
      throw StepFailure(
        .value, "input: it holds a secret, and a run's message is kept openly; give it by `with` to a secret input")
    }
    for (name, value) in inputs where known[name]?.kind != .secret {
      let text = value.canonicalText
      guard mask.masked(text) != text else { continue }
      throw StepFailure(
        .value,
        "\(place(of: name)): it holds a secret, and the input is no secret of `\(definition.name)`; give it `type: secret` there"
      )
    }
  }
}
