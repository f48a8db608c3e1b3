public import IonWorkflow
public import IonWorkflowFile

extension WorkflowCatalog.Scope: WireWord {
  public static let schemaName = "WorkflowScope"

  public var meaning: String {
    switch self {
    case .workspace: "In the codebase's `.ion/workflows`."
    case .user: "In the user's own folder."
    case .configured: "In a folder that the configuration's `workflow_paths` names."
    case .builtin: "It comes with Ion, and a file of its name in any of the others hides it."
    }
  }
}

extension InputDeclaration.Kind: WireWord {
  public static let schemaName = "InputType"

  public var meaning: String {
    switch self {
    case .string: "Any text."
    case .number: "A number."
    case .boolean: "`true` or `false`."
    case .path: "A path, absolute or as seen from the working path."
    case .enum: "One of `values`."
    case .secret: "A text that is never stored; a resume asks for it again."
    }
  }
}

extension TriggerRule: WireWord {
  public static let schemaName = "TriggerRule"

  public var meaning: String {
    switch self {
    case .allSuccess: "Every dependency succeeded."
    case .oneSuccess: "At least one dependency succeeded."
    case .noneFailedMinOneSuccess: "None failed, and at least one succeeded."
    case .allDone: "All have settled, however."
    }
  }
}

extension NodePhase: WireWord {
  public static let schemaName = "NodePhase"

  public var meaning: String {
    switch self {
    case .main: "With the workflow's own nodes."
    case .onSuccess: "At the end of a run that succeeded."
    case .onFailure: "At the end of a run that failed."
    case .onExit: "At the end of every run, last of all."
    }
  }
}
