public import IonJSON

/// A value as a condition or a text reads it.
struct ResolvedValue {
  var value: JSONValue
  /// The raw text of a whole output; nil where the value's canonical text is all there is.
  var rawText: String?
  /// Whether it is an agent's whole free-form answer.
  var isFreeForm = false

  /// What stands for the value in a text. A whole output stands there as it was written, never printed anew.
  var text: String { rawText ?? value.canonicalText }
}

extension Reference {
  /// The value that the reference reads, with its type.
  /// - Throws: `ReferenceFailure` where there is no such value.
  public func resolve(in scope: ValueScope) throws(ReferenceFailure) -> JSONValue { try resolved(in: scope).value }

  /// The text that the reference stands for: the raw text of a whole output, the canonical text of anything else.
  /// - Throws: `ReferenceFailure` where there is no such value.
  public func resolveText(in scope: ValueScope) throws(ReferenceFailure) -> String { try resolved(in: scope).text }

  func resolved(in scope: ValueScope) throws(ReferenceFailure) -> ResolvedValue {
    switch root {
    case .output(let id): return try output(scope.nodes[id])
    case .loopPrevious(let id): return try output(scope.previous[id] ?? .settled(.skipped))
    case .status(let id): return ResolvedValue(value: .string(try status(scope.nodes[id]).rawValue))
    case .input(let name):
      guard let value = scope.inputs[name] else {
        throw ReferenceFailure(self, .unknownInput(names: scope.inputs.keys.sorted()))
      }
      return ResolvedValue(value: try step(into: value))
    case .boundInput(let include, let name):
      guard let value = scope.boundInputs[include]?[name] else {
        throw ReferenceFailure(self, .unknownInput(names: scope.boundInputs[include]?.keys.sorted() ?? []))
      }
      return ResolvedValue(value: try step(into: value))
    case .matrix(let name):
      guard let value = scope.matrix[name] else {
        throw ReferenceFailure(self, .unknownMatrixName(names: scope.matrix.keys.sorted()))
      }
      return ResolvedValue(value: try step(into: value))
    case .variable(let variable): return ResolvedValue(value: variable.value(in: scope))
    }
  }

  private func status(_ reading: NodeReading?) throws(ReferenceFailure) -> NodeStatus {
    switch reading {
    case .succeeded: .succeeded
    case .settled(let status), .joined(let status, _): status
    case nil: throw ReferenceFailure(self, .unknownNode)
    }
  }

  private func output(_ reading: NodeReading?) throws(ReferenceFailure) -> ResolvedValue {
    switch reading {
    case nil: throw ReferenceFailure(self, .unknownNode)
    case .settled(.skipped):
      guard path.isEmpty else { throw ReferenceFailure(self, .skipped) }
      return ResolvedValue(value: .string(""))
    case .settled(let status): throw ReferenceFailure(self, .noOutput(status))
    case .joined(_, let reading): return try output(reading)
    case .succeeded(let document):
      guard let text = document.text else { throw ReferenceFailure(self, .unreadable) }
      guard !path.isEmpty else {
        return ResolvedValue(value: document.json ?? .string(text), rawText: text, isFreeForm: document.isFreeForm)
      }
      guard let json = document.json else { throw ReferenceFailure(self, .notJSON) }
      return ResolvedValue(value: try step(into: json))
    }
  }

  private func step(into whole: JSONValue) throws(ReferenceFailure) -> JSONValue {
    var value = whole
    for (position, step) in path.enumerated() {
      // Only a failure needs to know where it stands.
      func parent() -> Reference { Reference(root, path: Array(path[..<position])) }
      switch (step, value) {
      case (.field(let name), .object(let object)):
        guard let member = object[name] else {
          throw ReferenceFailure(self, .missingField(name, parent: parent(), fields: object.keys))
        }
        value = member
      case (.index(let index), .array(let elements)):
        guard elements.indices.contains(index) else {
          throw ReferenceFailure(self, .missingIndex(index, parent: parent(), count: elements.count))
        }
        value = elements[index]
      default: throw ReferenceFailure(self, .notSteppable(step, parent: parent(), kind: value.kindName))
      }
    }
    return value
  }
}

extension Variable {
  /// The variable's text, empty where there is none; a line is a number, so that conditions count with it.
  fileprivate func value(in scope: ValueScope) -> JSONValue {
    let text = synonyms.lazy.compactMap { scope.variables[$0] }.first ?? ""
    if self == .editorLine, let line = Int64(text) { return .integer(line) }
    return .string(text)
  }
}

extension Template {
  /// The text with every reference's text in its place. What is put in is never read again.
  /// - Throws: The first `ReferenceFailure`.
  public func resolve(in scope: ValueScope) throws(ReferenceFailure) -> String {
    var result = ""
    for segment in segments {
      switch segment {
      case .text(let text): result += text
      case .reference(let reference): result += try reference.resolveText(in: scope)
      }
    }
    return result
  }
}

extension Binding.Value {
  /// The value that is handed over: a literal as it is, a whole reference with its type, a template's text.
  /// - Throws: `ReferenceFailure` where a reference has no value and nothing stands in for it.
  public func resolve(in scope: ValueScope) throws(ReferenceFailure) -> JSONValue { try resolved(in: scope).value }

  /// The value as a text, for environment variables: a whole output as it was written, the canonical text of the rest.
  /// - Throws: As `resolve(in:)`.
  public func resolveText(in scope: ValueScope) throws(ReferenceFailure) -> String { try resolved(in: scope).text }

  private func resolved(in scope: ValueScope) throws(ReferenceFailure) -> ResolvedValue {
    switch self {
    case .literal(let value): return ResolvedValue(value: value)
    case .template(let template): return ResolvedValue(value: .string(try template.resolve(in: scope)))
    case .reference(let reference, let standIn):
      if let standIn, reference.isSkipped(in: scope) { return ResolvedValue(value: standIn) }
      return try reference.resolved(in: scope)
    }
  }
}

extension Reference {
  /// Whether this reads an output of a node that was skipped.
  fileprivate func isSkipped(in scope: ValueScope) -> Bool {
    switch root {
    case .output(let id): scope.nodes[id]?.isOfSkipped ?? false
    case .loopPrevious(let id): scope.previous[id]?.isOfSkipped ?? true
    case .status, .input, .boundInput, .matrix, .variable: false
    }
  }
}

extension NodeReading {
  /// Whether what would be read is the output of a node that was skipped.
  fileprivate var isOfSkipped: Bool {
    switch self {
    case .succeeded: false
    case .settled(let status): status == .skipped
    case .joined(_, let output): output.isOfSkipped
    }
  }
}
