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

  /// Every name of the same value, this one first: `$ARGUMENTS` and `$USER_MESSAGE` are one, and so are the contexts.
  public var synonyms: [Variable] {
    switch self {
    case .arguments: [.arguments, .userMessage]
    case .userMessage: [.userMessage, .arguments]
    case .context: [.context, .externalContext, .issueContext]
    case .externalContext: [.externalContext, .context, .issueContext]
    case .issueContext: [.issueContext, .context, .externalContext]
    case .workflowID, .artifactsDirectory, .stateDirectory, .logDirectory, .baseBranch, .docsDirectory, .loopUserInput,
      .loopPreviousOutput, .rejectionReason, .editorFile, .editorLine, .editorSelection, .editorLanguage,
      .editorDiagnostics:
      [self]
    }
  }
}
