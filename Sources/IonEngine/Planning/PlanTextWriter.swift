internal import IonJSON
internal import IonScheduler
internal import IonWorkflow

/// Writes down what the nodes of a plan would do, without the values of secrets.
struct PlanTextWriter {
  /// What stands for a secret.
  static let secret = "‹secret›"
  /// The longest text that is shown, in characters.
  static let limit = 16_000

  private var values: PlanValues
  private let run: WorkflowRun
  private let doubts: Doubts

  /// `values` are ones that know no secret (`masked`).
  init(_ values: PlanValues, _ outlook: PlanOutlook) {
    self.values = values
    run = outlook.rehearsal.run
    doubts = outlook.doubts
  }

  /// The workflow with marks in the places of what its includes are given as secrets.
  static func masked(_ definition: WorkflowDefinition) -> WorkflowDefinition {
    var definition = definition
    for include in definition.includes.indices {
      for input in definition.includes[include].inputs.indices {
        definition.includes[include].inputs[input].declaration.pattern = nil
        if definition.includes[include].inputs[input].declaration.kind == .secret {
          definition.includes[include].inputs[input].value = .literal(.string(secret))
        }
      }
    }
    return definition
  }

  mutating func text(of id: NodeID, _ node: Node) -> PlannedText {
    let sight = RunSight(run: run, reader: id)
    let all = values.references(of: node) + (node.when?.references ?? [])
    var reading = PlanValues.Reading(scope: ValueScope(), unknown: Set(all))
    do throws(StepFailure) {
      reading = try values.reading(all, of: node, sight, doubts)
    } catch {
      // What its include is given can't be used, which the verdict says; the texts stay as they are written.
    }
    var planned = PlannedText()
    write(node, reading, &planned)
    for reference in node.shownReferences + (node.when?.references ?? []) {
      note(
        reference.description, { () throws(ReferenceFailure) in try reference.resolveText(in: reading.scope) },
        [reference], reading, &planned)
    }
    for binding in node.bindings {
      note(
        "with \(binding.name)", { () throws(ReferenceFailure) in try binding.value.resolveText(in: reading.scope) },
        binding.value.references, reading,
        &planned)
    }
    if let items = node.fanOut?.items {
      planned.values.append(PlannedText.Value(name: "fan_out.items", text: Self.list(items, reading)))
    }
    if !node.isJoin {
      planned.environment = (values.definition.environment + node.environment).map(\.name)
    }
    return planned
  }

  /// The items as they would be; nil where that isn't known.
  private static func list(_ items: ChildWorkflow.FanOut.Items, _ reading: PlanValues.Reading) -> String? {
    guard reading.isKnown(items.references) else { return nil }
    do throws(StepFailure) {
      return cut(JSONValue.array(try ItemListing.items(items, in: reading.scope)).serializedText())
    } catch {
      // What is no list fails its node, which the verdict says.
      return nil
    }
  }

  private func write(_ node: Node, _ reading: PlanValues.Reading, _ planned: inout PlannedText) {
    switch node.kind {
    case .bash(let body): planned.text = Self.cut(body.text)
    case .script(let script):
      switch script.source {
      case .inline(let text): planned.text = Self.cut(text)
      case .named(let name): planned.text = name
      }
    case .exec(let parts): planned.words = parts.map { text($0, reading) }
    case .prompt(let template), .cancel(let template), .finish(let template): planned.text = text(template, reading)
    case .approval(let approval): planned.text = text(approval.message, reading)
    case .command(let file): planned.text = file.text.map { text($0, reading) } ?? file.name
    case .workflow(let child): planned.text = child.workflow
    case .loop(let loop):
      switch loop.body {
      case .prompt(let template): planned.text = text(template, reading)
      case .command(let file): planned.text = file.text.map { text($0, reading) } ?? file.name
      }
    case .include(let include): planned.text = include.workflow
    case .loopGroup, .matrix: break
    }
  }

  /// A text in which what can't be read stands as it is written.
  private func text(_ template: Template, _ reading: PlanValues.Reading) -> String {
    Self.cut(
      template.segments.map { segment in
        switch segment {
        case .text(let text): text
        case .reference(let reference):
          value({ () throws(ReferenceFailure) in try reference.resolveText(in: reading.scope) }, [reference], reading)
            ?? reference.description
        }
      }.joined())
  }

  private func note(
    _ name: String, _ resolve: () throws(ReferenceFailure) -> String, _ references: [Reference],
    _ reading: PlanValues.Reading, _ planned: inout PlannedText
  ) {
    guard !planned.values.contains(where: { $0.name == name }) else { return }
    planned.values.append(PlannedText.Value(name: name, text: value(resolve, references, reading).map(Self.cut)))
  }

  private func value(
    _ resolve: () throws(ReferenceFailure) -> String, _ references: [Reference], _ reading: PlanValues.Reading
  ) -> String? {
    guard reading.isKnown(references) else { return nil }
    // What has no value fails its node, which the verdict says.
    guard case .success(let text) = Result(catching: resolve) else { return nil }
    return text
  }

  static func cut(_ text: String) -> String {
    text.count > limit ? text.prefix(limit) + "… (\(text.utf8.count) bytes)" : text
  }
}

extension Node {
  /// The references that stay in the text as it is shown.
  fileprivate var shownReferences: [Reference] {
    if case .bash(let body) = kind { body.occurrences.map(\.reference) } else { [] }
  }
}
