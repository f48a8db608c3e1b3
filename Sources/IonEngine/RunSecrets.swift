internal import IonJSON
internal import IonWorkflow

/// The secrets of a run: the variables that its workflow names, and its inputs of type `secret`.
struct RunSecrets: Sendable {
  /// Hides their values; nil where there is nothing to hide.
  let mask: SecretMask?
  /// What it hides.
  let texts: [String]
  /// The variables that are not there, or are empty.
  private let missing: [String]
  /// Those, and inputs, whose values are too short to be hidden.
  private let short: [String]

  /// - Parameters:
  ///   - environment: What every step of the run starts from.
  ///   - others: What the runs around a child hide.
  init(
    _ definition: WorkflowDefinition, inputs: [String: JSONValue], in environment: StepEnvironment,
    beside others: [String] = []
  ) {
    var values: [(name: String, text: String)] = []
    var missing: [String] = []
    for name in definition.secrets {
      if let text = environment[name], !text.isEmpty { values.append((name, text)) } else { missing.append(name) }
    }
    for input in definition.inputs where input.kind == .secret {
      if case .string(let text)? = inputs[input.name], !text.isEmpty { values.append((input.name, text)) }
    }
    self.missing = missing
    short = values.filter { !SecretMask.hides($0.text) }.map(\.name)
    texts = others + values.map(\.text)
    mask = SecretMask(texts)
  }

  /// Why the run can't start, for people; nil where all are there.
  var fault: String? {
    guard !missing.isEmpty else { return nil }
    let names = missing.map { "`\($0)`" }.joined(separator: ", ")
    let verb = missing.count == 1 ? "is a secret" : "are secrets"
    return "\(names) \(verb) of the workflow and not set; set \(missing.count == 1 ? "it" : "them") in the environment "
      + "that Ion is started in, or in `env` of the config. Nothing was started."
  }

  /// What can't be kept from being shown, by name; nil where everything can.
  var warning: String? {
    guard !short.isEmpty else { return nil }
    let names = short.map { "`\($0)`" }.joined(separator: ", ")
    return "secrets shorter than \(SecretMask.minimumLength) bytes are not hidden: \(names)"
  }
}
