public import IonJSON

/// An `include` node: another workflow, whose nodes were put in its place when the file was read. What is left of the
/// node itself settles behind them and stands for all of them: its status is the worst of theirs, its output is that of
/// one of them.
public struct Include: Hashable, Sendable {
  /// The name that the file gives.
  public var workflow: String
  /// The nodes that stand for the included workflow, in its order; those inside of its own includes are left out, for
  /// their include stands for them. Nil where nobody looked for the workflow.
  public var members: [NodeID]?
  /// The member whose output is the include's: what `returns` names, else the first that no other waits for.
  public var result: NodeID?

  public init(workflow: String, members: [NodeID]? = nil, result: NodeID? = nil) {
    self.workflow = workflow
    self.members = members
    self.result = result
  }

  /// Whether the nodes of the workflow are there.
  public var isUnfolded: Bool { members != nil }
}

/// What the nodes of an included workflow read as its inputs.
public struct IncludedWorkflow: Hashable, Sendable {
  /// The include, by the id that it has in the whole.
  public var id: NodeID
  /// What the included workflow is called.
  public var name: String
  /// In the order of the included file's declarations.
  public var inputs: [BoundInput]

  public init(id: NodeID, name: String, inputs: [BoundInput]) {
    self.id = id
    self.name = name
    self.inputs = inputs
  }
}

/// An input of an included workflow, and what the include makes of it.
public struct BoundInput: Hashable, Sendable {
  public var declaration: InputDeclaration
  /// What `with` says, else the default, else what an input is that nobody gives.
  public var value: Binding.Value

  public init(declaration: InputDeclaration, value: Binding.Value) {
    self.declaration = declaration
    self.value = value
  }

  /// The value, of the type that the included workflow declares.
  /// - Throws: `BoundInputFailure` where a reference has no value, or the value isn't what the input may be.
  public func resolve(in scope: ValueScope, of include: NodeID) throws(BoundInputFailure) -> JSONValue {
    let found: JSONValue
    do {
      found = try declaration.kind.isText ? .string(value.resolveText(in: scope)) : value.resolve(in: scope)
    } catch {
      throw BoundInputFailure(include: include, input: declaration.name, message: error.message)
    }
    if !declaration.isRequired, declaration.countsAsAbsent(found) {
      return declaration.defaultValue ?? declaration.valueWhereAbsent
    }
    do {
      let origin = if case .template = value { InputOrigin.text } else { InputOrigin.typed }
      return try declaration.check(found, from: origin)
    } catch {
      throw BoundInputFailure(include: include, input: declaration.name, message: "it \(error.message)")
    }
  }
}

/// Why an input of an included workflow has no value.
public struct BoundInputFailure: Error, Hashable, Sendable, CustomStringConvertible {
  public var include: NodeID
  public var input: String
  /// Why, for people; never a value of a secret.
  public var message: String

  public var description: String { "the input `\(input)` of the include `\(include)`: \(message)" }
}

extension InputDeclaration.Kind {
  /// Whether values are texts, so that a whole output is taken as it was printed.
  fileprivate var isText: Bool {
    switch self {
    case .string, .path, .enum, .secret: true
    case .number, .boolean: false
    }
  }
}
