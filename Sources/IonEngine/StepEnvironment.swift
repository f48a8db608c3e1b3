internal import IonJSON
internal import IonScheduler
internal import IonWorkflow
internal import IonWorkflowFile

/// What a step's environment is made of, the later over the earlier: Ion's own without `ION_*` and what config
/// `env.inherit` takes out < config < workflow < inputs (`INPUTS_NAME`) < node < `with` < matrix (`MATRIX_NAME`) < the
/// reserved names.
struct StepEnvironment {
  private var values: [String: String] = [:]
  /// The names whose values are Ion's own environment's still, which the kernel handed over once and will again.
  private var inherited: Set<String> = []

  /// What every step of a run starts from: what is left of Ion's own environment with the workflow's secrets, and what
  /// the config adds.
  init(_ own: [String: String], _ config: Configuration, secrets: [String]) {
    let secrets = Set(secrets)
    for (name, value) in own {
      let isInherited = !name.utf8.starts(with: "ION_".utf8) && Self.inherits(name, config.inheritance)
      guard isInherited || secrets.contains(name) else { continue }
      values[name] = value
      inherited.insert(name)
    }
    for entry in config.environment { self[entry.name] = entry.value }
  }

  private static let minimal: Set<String> = [
    "HOME", "LANG", "LANGUAGE", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ", "USER", "XDG_RUNTIME_DIR",
  ]

  private static func inherits(_ name: String, _ inheritance: EnvironmentInheritance?) -> Bool {
    switch inheritance {
    case .all, nil: true
    case .minimal: minimal.contains(name) || name.utf8.starts(with: "LC_".utf8)
    case .names(let names): names.contains(name)
    }
  }

  mutating func add(_ entries: [EnvironmentEntry], in scope: ValueScope) throws(StepFailure) {
    for entry in entries {
      do {
        self[entry.name] = try entry.value.resolve(in: scope)
      } catch {
        throw StepFailure(.value, "env `\(entry.name)`: \(error.message)")
      }
    }
  }

  /// `INPUTS_NAME` for every input.
  mutating func add(inputs: [String: JSONValue]) {
    for (name, value) in inputs { self[Self.inputName(name)] = value.canonicalText }
  }

  /// `INPUTS_NAME` for every binding of a node's `with`.
  mutating func add(_ bindings: [Binding], in scope: ValueScope) throws(StepFailure) {
    for binding in bindings {
      do {
        self[Self.inputName(binding.name)] = try binding.value.resolveText(in: scope)
      } catch {
        throw StepFailure(.value, "with `\(binding.name)`: \(error.message)")
      }
    }
  }

  /// `MATRIX_NAME` for every value of an instance, as the file spells it.
  mutating func add(matrix: [MatrixInstance.Value]) {
    for value in matrix { self["MATRIX_" + value.name.uppercased()] = value.text }
  }

  /// The names that a workflow can't set: the run's own values, and what identifies the step.
  mutating func addReserved(_ context: RunContext, node: NodeID, attempt: Int, variables: [Variable: String]) {
    for (variable, value) in variables { self[variable.rawValue] = value }
    self["ION_RUN_ID"] = context.id.rawValue
    self["ION_NODE_ID"] = node.rawValue
    self["ION_ATTEMPT"] = String(attempt)
    self["ION_IDEMPOTENCY_KEY"] = "\(context.id)/\(node)"
  }

  subscript(name: String) -> String? {
    get { values[name] }
    set {
      values[name] = newValue
      inherited.remove(name)
    }
  }

  /// The whole of it, by name.
  var entries: [(String, String)] { values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }

  /// Takes out the values that may be too large for the kernel to hand over one by one. What is inherited stays: it came
  /// that way, and what it is called may be no variable's name (`BASH_FUNC_x%%`, a function).
  mutating func takeLarge(over limit: Int) -> [(name: String, value: String)] {
    let large = values.filter { $0.value.utf8.count > limit && !inherited.contains($0.key) }
      .sorted { $0.key < $1.key }
    for (name, _) in large { values[name] = nil }
    return large.map { ($0.key, $0.value) }
  }

  /// The variable of an input: `INPUTS_` and the name in capitals, other characters as `_`.
  static func inputName(_ name: String) -> String {
    let characters = name.uppercased().utf8.map { byte -> Character in
      let isPlain = (48...57).contains(byte) || (65...90).contains(byte)
      return isPlain ? Character(UnicodeScalar(byte)) : "_"
    }
    return "INPUTS_" + String(characters)
  }
}
