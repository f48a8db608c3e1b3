internal import IonEngine

/// Where a run works.
public enum Isolation: String, WireWord, Hashable {
  case inherit, worktree

  public static let schemaName = "Isolation"

  public var meaning: String {
    switch self {
    case .inherit: "In the working path itself."
    case .worktree: "In a git worktree of its own, made from the last commit; see `run/changes`."
    }
  }
}

extension Isolation {
  var meant: WorkflowExecutionOptions.Isolation {
    switch self {
    case .inherit: .inherit
    case .worktree: .worktree
    }
  }
}

/// What `workflow/wait` waits for.
public enum WaitGoal: String, WireWord, Hashable {
  case finished, approval

  public static let schemaName = "WaitGoal"

  public var meaning: String {
    switch self {
    case .finished: "The end of the run."
    case .approval: "A gate that waits for an answer while nothing else goes on, or the end of the run."
    }
  }
}

/// How the bytes of a file stand in an answer.
public enum ContentEncoding: String, WireWord, Hashable {
  case utf8 = "utf-8"
  case base64

  public static let schemaName = "ContentEncoding"

  public var meaning: String {
    switch self {
    case .utf8: "As text, cut at characters; what isn't UTF-8 shows as U+FFFD."
    case .base64: "Exact, in base64 (RFC 4648) with padding."
    }
  }
}

/// How a node's condition came out.
public enum ConditionOutcome: String, WireWord, Hashable {
  case met, unmet, failed

  public static let schemaName = "ConditionOutcome"

  public var meaning: String {
    switch self {
    case .met: "It is true."
    case .unmet: "It is false."
    case .failed: "It could not be evaluated."
    }
  }
}

/// What a run is drawn as.
public enum ReportFormat: String, WireWord, Hashable {
  case html, svg, mermaid, json

  public static let schemaName = "ReportFormat"

  public var meaning: String {
    switch self {
    case .html: "One page that stands alone, with the details of every node; it loads nothing."
    case .svg: "One drawing: the graph and the timeline."
    case .mermaid: "A Mermaid flowchart: the graph alone, for pages that draw those."
    case .json: "The data behind the drawing: a `RunPicture`."
    }
  }

  /// What a file with a report is by its media type.
  public var mediaType: String {
    switch self {
    case .html: "text/html; charset=utf-8"
    case .svg: "image/svg+xml"
    case .mermaid: "text/vnd.mermaid"
    case .json: "application/json"
    }
  }
}
