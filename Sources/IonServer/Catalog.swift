/// Everything that this server answers and sends. A message that isn't listed here doesn't exist.
public enum Catalog {
  /// In the order of the protocol's pages.
  public static let requests: [any ServedRequest.Type] = []

  public static let notifications: [any SentNotification.Type] = [
    WorkflowProgress.self, WorkflowMessage.self, WorkflowOutput.self, WorkflowDidChange.self, ArtifactDidChange.self,
    RunDidDelete.self, EventsGap.self,
  ]
}
