public import IonEngine
public import IonStore

extension StoredNotice {
  /// The notification that tells it to clients; nil for an artifact whose name is no path of the run's.
  public func notification(in codebase: Codebase) -> (any SentNotification)? {
    switch notice {
    case .progress(let progress): WorkflowProgress(progress, seq: seq, run: run, codebase: codebase.id)
    case .message(let level, let text): WorkflowMessage(level, text, seq: seq, run: run, codebase: codebase.id)
    case .artifact(let artifact):
      ArtifactShape(artifact, in: codebase).map { ArtifactDidChange($0, seq: seq, codebase: codebase.id) }
    case .gate(let gate): ApprovalDidChange(gate, of: run, seq: seq, codebase: codebase.id)
    case .changes(let changes): ChangesDidChange(changes, of: run, seq: seq, codebase: codebase.id)
    case .runDeleted: RunDidDelete(seq: seq, codebaseId: codebase.id, runId: run)
    }
  }
}
