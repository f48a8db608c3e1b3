/// Why a request failed in Ion's own domain: `data.kind` of a -32803 error. Stable words for programs.
public enum ErrorKind: String, CaseIterable, Codable, Sendable {
  case codebaseNotRegistered, workspaceNotTrusted, workflowNotFound, workflowInvalid, inputInvalid, runNotFound,
    nodeNotFound, approvalNotFound, alreadyResolved, artifactNotFound, invalidState, changesConflict, pathLocked,
    storeOwned,
    storeDamaged, idempotencyConflict, providerNotFound, providerUnavailable, authRequired, outsideWorkspace,
    seqExpired, tooLarge, serverBusy, versionUnsupported, unusable

  /// What finding a codebase and reading its store may come to.
  static let reading: [ErrorKind] = [.codebaseNotRegistered, .inputInvalid, .storeDamaged, .unusable]
  /// What finding a run and reading its store may come to.
  static let readingRun: [ErrorKind] = [.runNotFound, .storeDamaged, .unusable]
  /// What starting a run, or taking one up again, may come to besides.
  static let starting: [ErrorKind] = [.workspaceNotTrusted, .workflowInvalid, .pathLocked, .storeOwned]

  /// What it means, for the protocol's pages.
  public var summary: String {
    switch self {
    case .codebaseNotRegistered: "No codebase of that id is registered, or none at all."
    case .workspaceNotTrusted: "The codebase was registered with `trusted: false`; nothing is started in it."
    case .workflowNotFound: "No workflow has that name, or several do: `suggestions`, `candidates`."
    case .workflowInvalid: "The workflow's file has errors; `diagnostics` lists them as LSP does."
    case .inputInvalid: "Something that was given is missing, unknown, or of the wrong type; `path` points at it."
    case .runNotFound: "No registered codebase has a run of that id."
    case .nodeNotFound: "The run has no node of that id; `suggestions` has those that may be meant."
    case .approvalNotFound: "There is no gate of that id."
    case .alreadyResolved: "Somebody answered the gate before, or it is closed; `approval` says what stands."
    case .artifactNotFound: "The run made no such artifact, or it is gone."
    case .invalidState: "The run's state doesn't allow this."
    case .changesConflict: "What an isolated run changed can't be taken as it is; `conflicts` says where and why."
    case .pathLocked: "Another run uses the working path; `holder` says which."
    case .storeOwned: "Another process has live runs in this codebase; `pid` says which."
    case .storeDamaged: "The store can't be read."
    case .idempotencyConflict: "The idempotency key was used with other parameters."
    case .providerNotFound: "No provider of that id is configured."
    case .providerUnavailable: "The provider's program can't be started."
    case .authRequired: "The provider wants its user to log in."
    case .outsideWorkspace: "The path lies outside the workspace."
    case .seqExpired: "The events asked for are gone; `oldestSeq` is the oldest there is."
    case .tooLarge: "Something is larger than its limit; `limit` says what that is."
    case .serverBusy: "Too many requests are in flight; try again."
    case .versionUnsupported: "The protocol version that the client asked for is not spoken."
    case .unusable: "A folder or file that Ion needs can't be used; the message says which and why."
    }
  }
}
