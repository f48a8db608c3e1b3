/// A place where a text reads a value of the run: `$plan.output.title`, `$INPUTS.x`, `$ARTIFACTS_DIR`.
public struct Reference: Hashable, Sendable {
  public enum Root: Hashable, Sendable {
    case output(NodeID)
    case status(NodeID)
    case input(String)
    /// An input of an included workflow: what the include with this id binds it to.
    case boundInput(of: NodeID, String)
    case matrix(String)
    /// A body node's output in the iteration before.
    case loopPrevious(NodeID)
    case variable(Variable)
  }

  public enum Step: Hashable, Sendable {
    case field(String)
    case index(Int)
  }

  public var root: Root
  /// The way into the value, outermost first; empty for the whole of it, and always empty where the root is no output.
  public var path: [Step]

  public init(_ root: Root, path: [Step] = []) {
    self.root = root
    self.path = path
  }

  /// The node that the value comes from; nil for inputs and variables.
  public var node: NodeID? {
    switch root {
    case .output(let id), .status(let id), .loopPrevious(let id): id
    case .input, .boundInput, .matrix, .variable: nil
    }
  }
}

extension Reference: CustomStringConvertible {
  /// Reads a text that is one reference and nothing else; nil for any other text.
  public static func parse(_ text: String) -> Reference? {
    let bytes = Array(text.utf8)
    guard let match = ReferenceScanner.scan(bytes, at: 0, includingVariables: true), match.fault == nil,
      match.end == bytes.count
    else { return nil }
    return match.reference
  }

  /// The reference as a workflow file writes it, which `parse` reads back.
  public var description: String {
    let head =
      switch root {
      case .output(let id): "$\(id).output"
      case .status(let id): "$\(id).status"
      case .input(let name), .boundInput(_, let name): "$INPUTS.\(name)"
      case .matrix(let name): "$MATRIX.\(name)"
      case .loopPrevious(let id): "$LOOP_PREV.\(id).output"
      case .variable(let variable): "$\(variable.rawValue)"
      }
    return path.reduce(into: head) { text, step in text += step.description }
  }
}

extension Reference.Step: CustomStringConvertible {
  /// `.field`, `["odd key"]` or `[n]`.
  public var description: String {
    switch self {
    case .field(let name): ReferenceScanner.isName(name) ? ".\(name)" : "[\(QuotedText.quoted(name))]"
    case .index(let index): "[\(index)]"
    }
  }
}

/// A reference and where it stands in its text's UTF-8 bytes, for diagnostics, renaming and highlighting.
public struct PlacedReference: Hashable, Sendable {
  public var reference: Reference
  public var range: Range<Int>

  public init(_ reference: Reference, range: Range<Int>) {
    self.reference = reference
    self.range = range
  }
}
