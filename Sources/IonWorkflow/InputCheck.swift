public import IonJSON

/// A run's inputs, checked against their declarations.
public struct CheckedInputs: Hashable, Sendable {
  /// Every declared input: what was given, else its default, else `false` for a boolean and empty text for the rest.
  public var all: [String: JSONValue]
  /// The inputs that are never stored.
  public var secretNames: Set<String>

  public init(all: [String: JSONValue] = [:], secretNames: Set<String> = []) {
    self.all = all
    self.secretNames = secretNames
  }

  /// What may be stored: everything but the secrets, which a resume asks for again.
  public var kept: [String: JSONValue] { all.filter { !secretNames.contains($0.key) } }
}

/// Everything that is wrong with a run's inputs, at least one fault.
public struct InputFailure: Error, Hashable, Sendable {
  /// The declared inputs' in the declarations' order, then unknown ones by name.
  public var faults: [InputFault]

  public init(_ faults: [InputFault]) { self.faults = faults }
}

/// What is wrong with one input. Never quotes a secret.
public struct InputFault: Error, Hashable, Sendable {
  public enum Reason: String, Codable, CaseIterable, Sendable {
    case unknown, missing, wrongType, notAmongValues, patternMismatch, badPattern, unusable
  }

  public var name: String
  public var reason: Reason
  /// What is wrong, a clause that follows the input's name: `must be a number, and is text`.
  public var message: String
  /// What to do about it; nil where the message says it all.
  public var hint: String?

  public init(name: String, _ reason: Reason, _ message: String, hint: String? = nil) {
    self.name = name
    self.reason = reason
    self.message = message
    self.hint = hint
  }
}

/// Where the values of inputs come from, and so what their types are worth.
public enum InputOrigin: Hashable, Sendable {
  /// JSON or YAML: a value has the type that it must have.
  case typed
  /// `name=value` words: every value is text, and is read as the declared type.
  case text
}

/// Checks what a run is given before anything starts.
public enum InputCheck {
  /// The inputs that a run of these declarations has. Null, and empty text for anything but a string or a secret, count as
  /// not given.
  /// - Throws: `InputFailure` with every fault, not the first alone.
  public static func check(
    _ declarations: [InputDeclaration], supplied: [String: JSONValue], from origin: InputOrigin = .typed
  ) throws(InputFailure) -> CheckedInputs {
    var checked = CheckedInputs()
    var faults: [InputFault] = []
    for declaration in declarations {
      if declaration.kind == .secret { checked.secretNames.insert(declaration.name) }
      do throws(InputFault) {
        checked.all[declaration.name] = try value(of: declaration, supplied[declaration.name], origin)
      } catch {
        faults.append(error)
      }
    }
    let names = declarations.map(\.name)
    for name in supplied.keys.sorted() where !names.contains(name) { faults.append(unknown(name, names)) }
    if !faults.isEmpty { throw InputFailure(faults) }
    return checked
  }

  private static func value(
    of declaration: InputDeclaration, _ supplied: JSONValue?, _ origin: InputOrigin
  ) throws(InputFault) -> JSONValue {
    if let supplied, !declaration.countsAsAbsent(supplied) { return try declaration.check(supplied, from: origin) }
    if let usual = declaration.defaultValue { return try declaration.check(usual) }
    guard !declaration.isRequired else {
      throw InputFault(
        name: declaration.name, .missing, "is required, and was not given", hint: declaration.description)
    }
    return declaration.valueWhereAbsent
  }

  private static func unknown(_ name: String, _ names: [String]) -> InputFault {
    let all =
      names.isEmpty
      ? "the workflow takes no inputs" : "the inputs are \(names.map { "`\($0)`" }.joined(separator: ", "))"
    return InputFault(
      name: name, .unknown, "is no input of this workflow", hint: Spelling.hint(for: name, among: names) ?? all)
  }
}
