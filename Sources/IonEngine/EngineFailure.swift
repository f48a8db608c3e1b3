public import IonStore
public import IonWorkflow

/// Why the engine could not do what was asked. Each case carries the facts; `message` is for people.
public enum EngineFailure: Error, Hashable, Sendable {
  case codebaseNotRegistered(String)
  case invalidCodebaseID(String)
  case workspaceNotTrusted(CodebaseID)
  case workflowNotFound(String, suggestions: [String])
  case workflowAmbiguous(String, candidates: [String])
  /// The file's name or the workflow's, what is wrong with it, and its text, which the diagnostics' places are in.
  case workflowInvalid(String, [Diagnostic], text: String)
  case inputInvalid(name: String?, message: String)
  case runNotFound(String)
  case runAmbiguous(String, candidates: [String])
  case nodeNotFound(String, run: RunID, suggestions: [String])
  case artifactNotFound(String)
  case gateNotFound(String)
  case providerNotFound(String, suggestions: [String])
  /// The gate as it stands: somebody else answered it, or it is closed.
  case alreadyResolved(GateRecord, run: RunID)
  case answerInvalid(GateID, [AnswerFault])
  case invalidState(RunID, String)
  /// Files of an isolated run that it didn't change.
  case unknownChanges(RunID, [String])
  /// What stands in the way of taking an isolated run's changes over; nothing was taken.
  case changesConflict(RunID, [ChangeConflict])
  case pathLocked(PathLockHolder, path: AbsolutePath, run: RunID?)
  case outsideWorkspace(String)
  case sequenceExpired(oldest: Int64)
  case tooLarge(String, limit: Int)
  /// A folder or file that Ion needs can't be used.
  case unusable(String)
  case store(StoreFailure)

  /// A node that a run doesn't have, with those of its nodes that may have been meant.
  static func nodeNotFound(_ node: NodeID, of run: RunID, among nodes: [NodeID]) -> EngineFailure {
    .nodeNotFound(
      node.rawValue, run: run, suggestions: Spelling.nearest(to: node.rawValue, among: nodes.map(\.rawValue)))
  }

  /// What is wrong, where, and what to do about it.
  public var message: String {
    switch self {
    case .codebaseNotRegistered(let id):
      id.isEmpty
        ? "No codebase is registered; call `codebase/register` with the folder's `rootUri` first."
        : "No codebase with the id `\(id)` is registered; call `codebase/register` first."
    case .invalidCodebaseID(let id):
      "`\(id)` can't be a codebase id: up to 64 letters, digits, `.`, `_` and `-`, starting with a letter or digit."
    case .workspaceNotTrusted(let id): "The codebase `\(id)` was registered as not trusted; nothing is started in it."
    case .workflowNotFound(let name, let suggestions):
      "There is no workflow `\(name)`." + Self.hint(suggestions)
    case .workflowAmbiguous(let name, let candidates):
      "`\(name)` could be \(candidates.map { "`\($0)`" }.joined(separator: " or ")); give the whole name."
    case .workflowInvalid(let name, let diagnostics, _): Self.invalid(name, diagnostics)
    case .inputInvalid(_, let message): "The run was not started: \(message)."
    case .runNotFound(let id): "There is no run `\(id)` in the registered codebases."
    case .runAmbiguous(let id, let candidates):
      "`\(id)` is the start of several runs: \(candidates.joined(separator: ", "))."
    case .nodeNotFound(let node, let run, let suggestions):
      "Run `\(run)` has no node `\(node)`." + Self.hint(suggestions)
    case .artifactNotFound(let uri): "There is no artifact `\(uri)`."
    case .providerNotFound(let id, let suggestions):
      "There is no provider `\(id)` here." + Self.hint(suggestions)
    case .gateNotFound(let id): "There is no gate `\(id)`; `approval/list` tells those that wait."
    case .alreadyResolved(let gate, _): Self.resolved(gate)
    case .answerInvalid(let gate, let faults):
      "The answer to `\(gate)` was not taken: "
        + faults.map { $0.message + ($0.hint.map { " (\($0))" } ?? "") }.joined(separator: "; ") + "."
    case .invalidState(_, let message): message
    case .unknownChanges(let run, let files):
      "Run \(run) changed nothing at \(files.prefix(5).map { "`\($0)`" }.joined(separator: ", "))"
        + (files.count > 5 ? " and \(files.count - 5) other places" : "")
        + "; give paths as its list of changes has them. Nothing was taken."
    case .changesConflict(let run, let conflicts): Self.conflict(run, conflicts)
    case .pathLocked(let holder, let path, _):
      "\(path) is in use by run `\(holder.run)` of `\(holder.workflow)` (process \(holder.pid))"
        + (holder.gate.map { ", which waits for an answer to its gate `\($0)`. " } ?? ". ")
        + "Wait for it, cancel it, or set `mutates_checkout: false` if this workflow changes nothing there."
    case .outsideWorkspace(let path): "\(path) lies outside the workspace."
    case .sequenceExpired(let oldest): "Events before \(oldest) are gone; list the runs again."
    case .tooLarge(let what, let limit): "\(what) is larger than the limit of \(limit)."
    case .unusable(let message): message
    case .store(let failure): Self.message(of: failure)
    }
  }

  private static func hint(_ suggestions: [String]) -> String {
    Spelling.alternatives(suggestions).map { " Did you mean \($0)?" } ?? ""
  }

  private static func resolved(_ gate: GateRecord) -> String {
    let what =
      switch gate.state {
      case .decided: gate.answer.map { "was answered `\($0.decision)` by \($0.decidedBy)" } ?? "was answered"
      case .expired: "was closed when its time was over"
      case .cancelled: "was closed without an answer"
      case .pending: "is being answered"
      }
    return "The gate `\(gate.id)` \(what) already; nothing was changed."
  }

  private static func conflict(_ run: RunID, _ conflicts: [ChangeConflict]) -> String {
    let shown = conflicts.prefix(5).map { "`\($0.path)`: \($0.reason)" }.joined(separator: "; ")
    let more = conflicts.count > 5 ? "; and \(conflicts.count - 5) more" : ""
    return
      "Changes of run \(run) can't be taken, and nothing was: \(shown)\(more). Take the other files, settle it in the "
      + "checkout or in the run's worktree and try again, or merge the run's branch by hand."
  }

  private static func invalid(_ name: String, _ diagnostics: [Diagnostic]) -> String {
    let errors = diagnostics.filter { $0.severity == .error }
    guard let first = errors.first else { return "The workflow `\(name)` is not valid." }
    let place = "line \(first.range.start.line + 1), column \(first.range.start.column + 1)"
    let more = errors.count > 1 ? " (and \(errors.count - 1) more)" : ""
    return "The workflow `\(name)` is not valid: \(first.message) (\(place))\(more)"
  }

  private static func message(of failure: StoreFailure) -> String {
    switch failure {
    case .owned(let pid): "Another Ion (process \(pid)) has live runs in this codebase; try again when they have ended."
    case .notOwner: "This process lost the store to another Ion; nothing more is written."
    case .idempotencyConflict(let key): "The idempotency key `\(key)` was used with other parameters."
    case .runNotFound(let id): "There is no run `\(id)`."
    case .invalidCursor(let cursor): "`\(cursor)` is no cursor of this list; start from its first page."
    case .unknownEvent(let kind, let seq): "Event \(seq) is a `\(kind)`, which only a newer Ion knows."
    case .damaged(let detail): "The store is damaged: \(detail)"
    case .newerVersion(let found, let known):
      "The store was written by a newer Ion (schema \(found), this one knows \(known)); it can be read, not changed."
    case .diskFull: "There is no room left on the disk."
    case .unusable(let detail): detail
    case .failed(let detail): "The store failed: \(detail)"
    }
  }
}
