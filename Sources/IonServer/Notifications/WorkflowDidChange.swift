public import IonWorkflow

/// `workflow/didChange`: workflow files changed on disk.
public struct WorkflowDidChange: SentNotification, Hashable {
  public static let method = "workflow/didChange"
  public static let summary = "Workflow files of a codebase were made, changed or deleted: ask `workflow/list` again."
  public static let isDurable = false
  public static let notes: [String: String] = [
    "codebaseId": "The codebase that can name them.",
    "uris": "The files, as far as is known.",
  ]

  public var codebaseId: CodebaseID
  public var uris: [FileURI]

  public init(codebaseId: CodebaseID, uris: [FileURI]) {
    self.codebaseId = codebaseId
    self.uris = uris
  }

  public static let examples = [WorkflowDidChange(codebaseId: Sample.codebaseID, uris: [Sample.workflowFile])]
}
