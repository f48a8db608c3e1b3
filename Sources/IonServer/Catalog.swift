/// Everything that this server answers and sends. A message that isn't listed here doesn't exist.
public enum Catalog {
  /// In the order of the protocol's pages.
  public static let requests: [any ServedRequest.Type] = [
    RegisterCodebase.self, ListCodebases.self, UnregisterCodebase.self,
    ListWorkflows.self, GetWorkflow.self, ValidateWorkflow.self, PlanWorkflow.self, ExecuteWorkflow.self,
    ResumeWorkflow.self, RerunWorkflow.self, GetStatus.self, WaitForWorkflow.self, CancelWorkflow.self,
    ListRuns.self, DeleteRun.self, ReadLog.self, ReportRun.self, ExplainNode.self,
    ShowChanges.self, ApplyChanges.self, DiscardChanges.self,
    ListApprovals.self, RespondToApproval.self,
    SubscribeEvents.self, UnsubscribeEvents.self, ReplayEvents.self,
    ListArtifacts.self, ReadArtifact.self, PreviewArtifact.self,
    ListProviders.self, DoctorProviders.self,
    ServerStatus.self, DiscoverProtocol.self,
  ]

  public static let notifications: [any SentNotification.Type] = [
    WorkflowProgress.self, WorkflowMessage.self, WorkflowOutput.self, WorkflowDidChange.self, RunDidDelete.self,
    ApprovalDidChange.self, ArtifactDidChange.self, ChangesDidChange.self, EventsGap.self,
  ]
}
