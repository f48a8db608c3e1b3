public import IonEngine
public import IonWorkflow

/// The run that has a working path to itself as the protocol shows it: `PathHolder`.
public struct PathHolderShape: WireShape, Hashable {
  public static let schemaName: String? = "PathHolder"
  public static let notes: [String: String] = [
    "pid": "The process that has the run.",
    "runId": "The run.",
    "workflow": "Its workflow's name.",
    "nodeId": "The node whose gate it waits at; absent while it goes on by itself.",
    "codebaseId": "The codebase whose store has it; absent where there is none.",
  ]

  public var pid: Int
  public var runId: RunID
  public var workflow: String
  public var nodeId: NodeID?
  public var codebaseId: CodebaseID?

  public init(_ holder: PathLockHolder) {
    pid = Int(holder.pid)
    runId = holder.run
    workflow = holder.workflow
    nodeId = holder.gate
    codebaseId = holder.codebase
  }
}
