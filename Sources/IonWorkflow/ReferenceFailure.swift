/// Why a reference could not be resolved, or a value could not be used in a condition.
public struct ReferenceFailure: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// The node hasn't settled, or there is none of this name.
    case unknownNode
    /// The node settled without an output: it failed, was cancelled, ….
    case noOutput(NodeStatus)
    /// A field or an element of a node that was skipped.
    case skipped
    /// The output has a NUL or isn't UTF-8.
    case unreadable
    /// A field or an element of an output that is no JSON document.
    case notJSON
    /// The value at `parent` has no such field; these it has.
    case missingField(String, parent: Reference, fields: [String])
    /// The list at `parent` has fewer elements.
    case missingIndex(Int, parent: Reference, count: Int)
    /// The value at `parent` is something that has no fields, or no elements.
    case notSteppable(Reference.Step, parent: Reference, kind: String)
    /// There is no such input; these there are.
    case unknownInput(names: [String])
    /// The node's matrix has no such name; these it has.
    case unknownMatrixName(names: [String])
    /// The value stands alone in a condition, and is neither true nor false.
    case notBoolean(kind: String)
    /// A whole free-form answer is compared with a literal.
    case freeForm
    /// The value can't contain anything.
    case notContainer(kind: String)
  }

  public var reference: Reference
  public var reason: Reason

  public init(_ reference: Reference, _ reason: Reason) {
    self.reference = reference
    self.reason = reason
  }
}

extension ReferenceFailure: CustomStringConvertible {
  public var description: String { message }

  /// What could not be read, why, and what to do about it; never a value of the run.
  public var message: String {
    let node = reference.node.map { "`\($0)`" } ?? ""
    switch reason {
    case .unknownNode: return cannotBeRead("no node \(node) has settled before this one; name it in `depends_on`.")
    case .noOutput(let status): return cannotBeRead(Self.withoutOutput(node, status))
    case .skipped:
      return cannotBeRead(
        "\(node) was skipped, and its output is empty. Guard it with `\(statusReference) == 'succeeded'`, "
          + "or give `if_skipped` where it stands in `with`.")
    case .unreadable:
      return cannotBeRead(
        "the output of \(node) has a NUL byte or is not UTF-8, so it is no value; "
          + "let the node write a file and print the file's path.")
    case .notJSON:
      return cannotBeRead(
        "the output of \(node) is not a JSON document, so it has no fields; read it whole, or let the node print JSON.")
    case .missingField(let field, let parent, let fields): return cannotBeRead(Self.missing(field, parent, fields))
    case .missingIndex(let index, let parent, let count):
      return cannotBeRead(
        "`\(parent)` has \(count == 1 ? "1 element" : "\(count) elements"), "
          + (count == 0 ? "so there is no [\(index)]." : "and the last one is [\(count - 1)]."))
    case .notSteppable(let step, let parent, let kind): return cannotBeRead(Self.notSteppable(step, parent, kind))
    case .unknownInput(let names): return cannotBeRead(unknownName("the workflow has no such input", names))
    case .unknownMatrixName(let names): return cannotBeRead(unknownName("the node's `matrix` has no such name", names))
    case .notBoolean(let kind):
      return "`\(reference)` is \(kind), and a value that stands alone in a condition must be true or false; "
        + "compare it with something."
    case .freeForm:
      return "`\(reference)` is an agent's whole free-form answer, which can't be compared with a literal; "
        + "give \(node) an `output_format` and compare a field, or look for a word with `contains`."
    case .notContainer(let kind):
      return "`\(reference)` is \(kind), and only a list, an object or a text can contain something."
    }
  }

  private func cannotBeRead(_ why: String) -> String { "`\(reference)` can't be read: \(why)" }

  private var statusReference: String { reference.node.map { Reference(.status($0)).description } ?? "" }

  private func unknownName(_ what: String, _ names: [String]) -> String {
    let name =
      switch reference.root {
      case .input(let name), .boundInput(_, let name), .matrix(let name): name
      case .output, .status, .loopPrevious, .variable: ""
      }
    return what + Self.suggestion(name, names)
  }

  private static func withoutOutput(_ node: String, _ status: NodeStatus) -> String {
    switch status {
    case .failed: "\(node) failed, and a failed node has no output; read its `.status`, or don't run this node then."
    case .cancelled: "\(node) was cancelled, and so has no output."
    case .interrupted: "\(node) was interrupted, and so has no output; resume the run."
    case .pending, .running, .awaitingApproval: "\(node) hasn't settled yet; name it in `depends_on`."
    case .succeeded, .skipped, .unknown: "there is no output of \(node)."
    }
  }

  private static func missing(_ field: String, _ parent: Reference, _ fields: [String]) -> String {
    guard !fields.isEmpty else { return "`\(parent)` is an empty object." }
    return "`\(parent)` has no field `\(field)`" + suggestion(field, fields)
  }

  private static func notSteppable(_ step: Reference.Step, _ parent: Reference, _ kind: String) -> String {
    let hint: String? =
      switch (step, kind) {
      case (.field, "a list"): "an element is read as `\(parent)[0]`"
      case (.index, "an object"): "a field is read as `\(parent).name`"
      default: nil
      }
    let lack = if case .field = step { "no fields" } else { "no elements by number" }
    return "`\(parent)` is \(kind), which has \(lack)" + (hint.map { "; \($0)." } ?? ".")
  }

  /// The end of a sentence about a name that nothing has: what was probably meant, and else what there is.
  private static func suggestion(_ name: String, _ names: [String]) -> String {
    if let hint = Spelling.hint(for: name, among: names) { return "; \(hint)" }
    guard !names.isEmpty else { return "." }
    let shown = names.sorted().prefix(10).map { "`\($0.prefix(40))`" }.joined(separator: ", ")
    return "; there is \(shown)\(names.count > 10 ? " and \(names.count - 10) more" : "")."
  }
}
