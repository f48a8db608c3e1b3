extension ErrorKind {
  /// What can be wrong wherever a codebase's store is read.
  static let ofStore: [ErrorKind] = [.codebaseNotRegistered, .inputInvalid, .storeOwned, .storeDamaged, .unusable]

  /// What can be wrong wherever a run is named.
  static let ofRun: [ErrorKind] = ofStore + [.runNotFound]

  /// What can be wrong wherever a workflow is named.
  static let ofWorkflow: [ErrorKind] = ofStore + [.workflowNotFound, .workflowInvalid, .outsideWorkspace]

  /// What can be wrong wherever a run is started or taken up again.
  static let ofStart: [ErrorKind] =
    ofWorkflow + [.workspaceNotTrusted, .pathLocked, .idempotencyConflict, .runNotFound, .nodeNotFound, .invalidState]
}
