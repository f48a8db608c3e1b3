internal import IonJSON
internal import IonWorkflow

/// A text of one node that reads another node of the same list.
struct NodeRead {
  var node: Int
  var target: Int
  var reference: PendingReference
}

/// Checks what the texts of one node read.
struct ReferenceCheck {
  let context: FileContext
  let facts: FileFacts
  let scope: Scope
  let draft: NodeDraft
  /// The node's place in its list.
  let index: Int
  /// What `$MATRIX.name` may say in the node's texts.
  private let matrix: Set<String>

  init(context: FileContext, facts: FileFacts, scope: Scope, draft: NodeDraft, index: Int) {
    self.context = context
    self.facts = facts
    self.scope = scope
    self.draft = draft
    self.index = index
    matrix = Set(draft.matrixNames).union(scope.levels.flatMap(\.matrix))
  }

  func check(_ references: [PendingReference]) -> (reads: [NodeRead], outward: [PendingReference]) {
    var reads: [NodeRead] = []
    var outward: [PendingReference] = []
    for pending in references {
      context.count()
      if pending.key == "script" {
        refuseInScript(pending)
        continue
      }
      switch pending.reference.root {
      case .output(let id), .status(let id):
        switch scope.find(id) {
        case .local(index, _) where !Self.isAfterwards(pending): reportSelf(pending)
        case .local(let target, let listed):
          if listed != id { context.noteInside(id, of: listed, at: context.place(pending.range, in: pending.scalar)) }
          reads.append(NodeRead(node: index, target: target, reference: pending))
        case .outer: outward.append(pending)
        case .hidden(let group): reportHidden(pending, in: group)
        case .unknown: reportUnknown(pending, id)
        }
        checkFields(pending)
      case .loopPrevious(let id):
        checkPrevious(pending, id)
        checkFields(pending)
      case .input(let name): checkInput(pending, name)
      case .matrix(let name): checkMatrix(pending, name)
      case .variable, .boundInput: break
      }
    }
    return (reads, outward)
  }

  private func report(_ pending: PendingReference, _ code: String, _ message: String, hint: String? = nil) {
    context.report(.error, code, message, at: context.place(pending.range, in: pending.scalar), hint: hint)
  }

  private func name(_ pending: PendingReference) -> String { quoted(pending.reference.description) }

  // MARK: Nodes

  /// Whether a text of a loop is read when an iteration is over: its own output is what that gave.
  private static func isAfterwards(_ pending: PendingReference) -> Bool {
    ["until_bash", "gate_message"].contains(pending.key)
  }

  private func reportSelf(_ pending: PendingReference) {
    report(pending, "selfReference", "\(name(pending)) is the output of this node itself")
  }

  private func reportHidden(_ pending: PendingReference, in group: NodeID) {
    report(
      pending, "unknownNode",
      "\(name(pending)) is inside of the group \(quoted(group.rawValue)) and can't be read from outside",
      hint: "read `$\(group).output`, the output of its last iteration")
  }

  private func reportUnknown(_ pending: PendingReference, _ id: NodeID) {
    if let list = facts.ends[id] {
      return report(pending, "endNode", "\(name(pending)) can't be read here: `\(id)` runs at the end (`\(list)`)")
    }
    report(
      pending, "unknownNode", "no node has the id \(quoted(id.rawValue))", hint: scope.hint(for: id.rawValue, context))
  }

  private func checkPrevious(_ pending: PendingReference, _ id: NodeID) {
    guard let level = scope.levels.last, level.isBody else {
      return report(
        pending, "unknownNode", "\(name(pending)) can be read inside of a `loop_group` alone",
        hint: "a `loop` reads `$LOOP_PREV_OUTPUT`")
    }
    guard level.indices[id] == nil else { return }
    report(
      pending, "unknownNode", "no node of this group has the id \(quoted(id.rawValue))",
      hint: context.hint(for: id.rawValue, among: level.indices.keys.map(\.rawValue), count: level.indices.count))
  }

  // MARK: Inputs and matrices

  private func checkInput(_ pending: PendingReference, _ input: String) {
    if facts.inputs.contains(input) { return }
    if let line = facts.droppedInputs[input] {
      return report(
        pending, "unknownInput", "the input \(quoted(input)) is declared wrongly on line \(line), and left out")
    }
    report(
      pending, "unknownInput", "no input is called \(quoted(input))",
      hint: context.hint(for: input, among: facts.inputs) ?? "declare it: `inputs: {\(input): {}}`")
  }

  private func checkMatrix(_ pending: PendingReference, _ name: String) {
    if matrix.contains(name) { return }
    report(
      pending, "unknownMatrix", "the node's `matrix` has no \(quoted(name))",
      hint: context.hint(for: name, among: matrix))
  }

  // MARK: Scripts

  /// A reference in a program's text is never read. What only looks like one, because no node has such an id, is the
  /// program's own affair.
  private func refuseInScript(_ pending: PendingReference) {
    let meant: String
    switch pending.reference.root {
    case .variable, .boundInput: return
    case .output(let id), .status(let id):
      if case .unknown = scope.find(id) { return }
      meant = id.rawValue
    case .loopPrevious(let id): meant = id.rawValue
    case .input(let name): return refuseInput(pending, name)
    case .matrix(let name): meant = name
    }
    let variable = String(meant.map { $0 == "-" ? "_" : $0 })
    report(
      pending, "referenceInScript", "\(name(pending)) stands in a script's text, where nothing is put in",
      hint: "write `with: {\(variable): \(pending.reference)}`, and read INPUTS_\(variable.uppercased())")
  }

  private func refuseInput(_ pending: PendingReference, _ input: String) {
    report(
      pending, "referenceInScript", "\(name(pending)) stands in a script's text, where nothing is put in",
      hint: "read INPUTS_\(input.uppercased()) from the environment")
  }

  // MARK: Conditions and sessions

  /// Refuses to compare the whole of an agent's free answer with a literal, and warns of sizes that are compared as texts.
  func checkCondition() {
    guard case .condition(let condition, _)? = draft.fields["when"]?.value else { return }
    var answers = Set(condition.answersComparedWithLiterals.filter { $0.node.map(scope.isFreeForm) ?? false })
    var sizes = condition.sizesComparedWithTexts
    for pending in draft.references where pending.key == "when" {
      if let text = sizes.removeValue(forKey: pending.reference) {
        context.report(
          .warning, "quotedNumber", "\(name(pending)) is compared with the text \(quoted(text)), letter by letter",
          at: context.place(pending.range, in: pending.scalar), hint: "a number has no quotes: \(text)")
      }
      guard let reference = answers.remove(pending.reference) else { continue }
      report(
        pending, "freeFormComparison",
        "\(name(pending)) is an answer in the agent's own words, which equals no literal",
        hint: "give `\(reference.node?.rawValue ?? "")` an `output_format`, and compare a field of it")
    }
  }

  func checkSession() {
    guard let scalar = draft.fields.fields("context")?.scalar("resume") else { return }
    if case .unknown = scope.find(NodeID(scalar.text)) {
      context.report(
        .error, "unknownNode", "no node has the id \(quoted(scalar.text))", at: scalar.source,
        hint: scope.hint(for: scalar.text, context))
    }
  }
}
