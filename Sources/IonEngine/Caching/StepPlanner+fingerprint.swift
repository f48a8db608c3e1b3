internal import IonDigest
internal import IonJSON
internal import IonJSONSchema
internal import IonScheduler
internal import IonStore
internal import IonWorkflow

extension StepPlanner {
  /// What decides whether an earlier success of the node holds, but for the files that `cache.inputs` names; nil for a
  /// node that is run in any case: without `cache`, one that always runs, and the one that a rerun starts from.
  func fingerprint(
    _ environment: StepEnvironment, _ scope: ValueScope, seenBy sight: RunSight
  ) throws(StepFailure) -> StepFingerprint? {
    guard let cache = node.cache, !node.alwaysRun, context.request.usesCache else { return nil }
    let base = sight.run.definition(of: node.id)?.id ?? node.id
    guard base != context.request.fromNode else { return nil }
    return StepFingerprint(
      workflow: context.definition.name, node: base, definition: SHA256.hex(of: definition.serialized()),
      key: try cache.key.map { (key) throws(StepFailure) in try resolve(key, scope) }, values: values(in: scope),
      environment: names(environment), upstream: upstream(sight), files: [:])
  }

  /// Everything that the node's definition says about what it does and what it gives.
  private var definition: JSONValue {
    [
      "kind": .string(node.kind.name), "body": .array(body.map(JSONValue.string)),
      "env": Self.texts(context.definition.environment + node.environment),
      "with": .array(node.bindings.map { [.string($0.name), Self.text(of: $0.value)] }),
      "format": node.outputFormat.map(\.document) ?? .null, "type": node.outputType.map(JSONValue.string) ?? .null,
      "artifacts": .array(node.artifacts.map(JSONValue.string)),
      "inputs": .array((node.cache?.inputs ?? []).map(JSONValue.string)),
    ]
  }

  /// The texts of what the node runs; of a script in a file its frozen text's hash.
  private var body: [String] {
    switch node.kind {
    case .bash(let body): return [body.text]
    case .exec(let parts): return parts.map(\.description)
    case .script(let script):
      let source =
        switch script.source {
        case .inline(let text): text
        case .named(let name): context.request.frozenFiles[name] ?? name
        }
      return [script.runtime, source] + script.dependencies
    case .prompt, .command, .loop, .loopGroup, .approval, .workflow, .include, .matrix, .cancel, .finish: return []
    }
  }

  private static func texts(_ entries: [EnvironmentEntry]) -> JSONValue {
    .array(entries.map { [.string($0.name), .string($0.value.description)] })
  }

  private static func text(of value: Binding.Value) -> JSONValue {
    switch value {
    case .literal(let literal): ["literal": literal]
    case .reference(let reference, let standIn):
      ["reference": .string(reference.description), "ifSkipped": standIn ?? .null]
    case .template(let template): ["template": .string(template.description)]
    }
  }

  /// The values that the step is given: every input but secrets, the matrix, what it reads of the iteration before, and
  /// those of the run's own values that its texts name. What stands for places of this run alone doesn't count.
  private func values(in scope: ValueScope) -> [String: String] {
    var values: [String: String] = [:]
    let inputs = node.include.map { scope.boundInputs[$0] ?? [:] } ?? context.request.inputs
    for (name, value) in inputs { values["INPUTS.\(name)"] = Self.hash(value) }
    for value in node.instance?.values ?? [] { values["MATRIX.\(value.name)"] = SHA256.hex(of: value.text) }
    for reference in references {
      guard case .loopPrevious = reference.root else { continue }
      do {
        values[reference.description] = SHA256.hex(of: try reference.resolveText(in: scope))
      } catch {
        values[reference.description] = error.message
      }
    }
    let read = Set(references.compactMap { if case .variable(let variable) = $0.root { variable } else { nil } })
    for variable in Variable.allCases where !variable.isOfOneRun {
      guard read.contains(variable) || body.contains(where: { $0.contains(variable.rawValue) }) else { continue }
      values[variable.rawValue] = SHA256.hex(of: scope.variables[variable] ?? "")
    }
    return values
  }

  private static func hash(_ value: JSONValue) -> String { SHA256.hex(of: value.serializedText()) }

  /// The names of the environment that aren't every step's, and whose values aren't counted by themselves.
  private func names(_ environment: StepEnvironment) -> [String] {
    let reserved = Set(Variable.allCases.map(\.rawValue))
    return environment.entries.map(\.0).filter { name in
      !reserved.contains(name) && !["ION_", "INPUTS_", "MATRIX_"].contains { name.hasPrefix($0) }
    }
  }

  private func upstream(_ sight: RunSight) -> [String: String] {
    var found: [String: String] = [:]
    for id in node.dependsOn + node.waitsFor {
      guard let state = sight.node(id) else { continue }
      found[id.rawValue] = [state.status.rawValue, state.output?.sha256].compactMap { $0 }.joined(separator: " ")
    }
    return found
  }
}

extension Variable {
  /// Whether the value names a place or an id of one run, so that it is another in each.
  fileprivate var isOfOneRun: Bool {
    switch self {
    case .workflowID, .artifactsDirectory, .logDirectory, .stateDirectory, .docsDirectory: true
    case .arguments, .userMessage, .baseBranch, .context, .externalContext, .issueContext, .loopUserInput,
      .loopPreviousOutput, .rejectionReason, .editorFile, .editorLine, .editorSelection, .editorLanguage,
      .editorDiagnostics:
      false
    }
  }
}
