internal import IonJSON
internal import IonWorkflow

/// Checks the inputs of a run, with the engine's failures.
enum InputReading {
  static func check(
    _ declarations: [InputDeclaration], _ options: WorkflowExecutionOptions
  ) throws(EngineFailure) -> CheckedInputs {
    try check(declarations, options.input, from: options.inputsAreTexts ? .text : .typed)
  }

  /// The secrets that a resume needs again: nothing else may be given then.
  static func secrets(
    _ declarations: [InputDeclaration], supplied: [String: JSONValue]
  ) throws(EngineFailure) -> [String: JSONValue] {
    try check(declarations.filter { $0.kind == .secret }, supplied, from: .typed).all
  }

  private static func check(
    _ declarations: [InputDeclaration], _ supplied: [String: JSONValue], from origin: InputOrigin
  ) throws(EngineFailure) -> CheckedInputs {
    do {
      return try InputCheck.check(declarations, supplied: supplied, from: origin)
    } catch {
      let texts = error.faults.map { fault in
        "input `\(fault.name)` \(fault.message)" + (fault.hint.map { " (\($0))" } ?? "")
      }
      throw .inputInvalid(name: error.faults.first?.name, message: texts.joined(separator: "; "))
    }
  }
}
