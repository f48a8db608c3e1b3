public import IonEngine
public import IonStore
public import IonWorkflow

/// A run that was just made: `StartedRun`.
public struct StartedRunShape: WireShape, Hashable {
  public static let schemaName: String? = "StartedRun"
  public static let notes: [String: String] = [
    "runId": "Names the run from now on.",
    "codebaseId": "The codebase whose store has it.",
    "status": "Where it stands: `queued` for a new one, or `failed` for one that could not start.",
    "error": "Why it could not start; absent where it could.",
    "waitsFor": "Who has the working path that it waits for; absent for one that doesn't wait.",
    "seq": "The number of its last event; what comes is numbered higher.",
    "created": "False where an idempotency key gave the run that was made for it before.",
    "artifactsUri": "The folder of what it makes, for `ion:` URIs.",
    "artifactsFileUri": "The same folder as a file URI.",
    "logUri": "The folder of what its steps print, for `ion:` URIs.",
    "logFileUri": "The same folder as a file URI.",
  ]

  public var runId: RunID
  public var codebaseId: CodebaseID
  public var status: RunStatus
  public var error: String?
  public var waitsFor: PathHolderShape?
  public var seq: Int64
  public var created: Bool
  public var artifactsUri: RunFileURI
  public var artifactsFileUri: FileURI
  public var logUri: RunFileURI
  public var logFileUri: FileURI

  public init(_ run: RunRecord, created: Bool, in codebase: Codebase, behind holder: PathLockHolder? = nil) {
    runId = run.id
    codebaseId = codebase.id
    status = run.status
    error = run.error
    waitsFor = holder.map(PathHolderShape.init)
    seq = run.seq
    self.created = created
    artifactsUri = RunFileURI(codebase: codebase.id, run: run.id, file: RunFile(.artifacts))
    artifactsFileUri = FileURI(codebase.path(of: RunFile(.artifacts), in: run.id))
    logUri = RunFileURI(codebase: codebase.id, run: run.id, file: RunFile(.logs))
    logFileUri = FileURI(codebase.path(of: RunFile(.logs), in: run.id))
  }
}
