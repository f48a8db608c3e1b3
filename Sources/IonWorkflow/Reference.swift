/// A place where a text reads a value of the run: `$plan.output.title`, `$INPUTS.x`, `$ARTIFACTS_DIR`.
public struct Reference: Hashable, Sendable {
  public enum Root: Hashable, Sendable {
    case output(NodeID)
    case status(NodeID)
    case input(String)
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
  /// The way into the value, outermost first; empty for the whole of it.
  public var path: [Step]

  public init(_ root: Root, path: [Step] = []) {
    self.root = root
    self.path = path
  }

  /// The node that the value comes from; nil for inputs and variables.
  public var node: NodeID? {
    switch root {
    case .output(let id), .status(let id), .loopPrevious(let id): id
    case .input, .matrix, .variable: nil
    }
  }
}

/// The run's own values that texts may name without a dot.
public enum Variable: String, Codable, CaseIterable, Sendable {
  case arguments = "ARGUMENTS"
  case userMessage = "USER_MESSAGE"
  case workflowID = "WORKFLOW_ID"
  case artifactsDirectory = "ARTIFACTS_DIR"
  case stateDirectory = "STATE_DIR"
  case logDirectory = "LOG_DIR"
  case baseBranch = "BASE_BRANCH"
  case docsDirectory = "DOCS_DIR"
  case context = "CONTEXT"
  case externalContext = "EXTERNAL_CONTEXT"
  case issueContext = "ISSUE_CONTEXT"
  case loopUserInput = "LOOP_USER_INPUT"
  case loopPreviousOutput = "LOOP_PREV_OUTPUT"
  case rejectionReason = "REJECTION_REASON"
  case editorFile = "EDITOR_FILE"
  case editorLine = "EDITOR_LINE"
  case editorSelection = "EDITOR_SELECTION"
  case editorLanguage = "EDITOR_LANGUAGE"
  case editorDiagnostics = "EDITOR_DIAGNOSTICS"
}

/// A text with references in it, read once: what it substitutes is never read again.
public struct Template: Hashable, Sendable {
  public enum Segment: Hashable, Sendable {
    /// Text that stands for itself, with `$$` already made `$`.
    case text(String)
    case reference(Reference)
  }

  public var segments: [Segment]

  public init(segments: [Segment]) { self.segments = segments }

  /// Every reference, in order, with repeats.
  public var references: [Reference] {
    segments.compactMap { if case .reference(let reference) = $0 { reference } else { nil } }
  }
}

/// What a parser of texts has to say about a place in one.
public struct TextFault: Error, Hashable, Sendable {
  /// Offsets in the text's UTF-8 bytes; the end is exclusive.
  public var range: Range<Int>
  public var severity: Diagnostic.Severity
  public var code: String
  public var message: String
  public var hint: String?

  public init(
    _ severity: Diagnostic.Severity, code: String, message: String, range: Range<Int>, hint: String? = nil
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.range = range
    self.hint = hint
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
