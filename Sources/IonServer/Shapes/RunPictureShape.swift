internal import IonDrawing
public import IonWorkflow

/// What a report draws, as data: `RunPicture`.
public struct RunPictureShape: WireShape, Hashable {
  public static let schemaName: String? = "RunPicture"
  public static let notes: [String: String] = [
    "version": "The version of this shape: 1. It changes where a reader would have to change.",
    "runId": "The run.",
    "number": "Counts the runs of a codebase from 1, for titles.",
    "workflow": "The workflow's name.",
    "status": "Where the run stands.",
    "attempt": "How many times it was taken up: 1 for the first time.",
    "error": "Why it failed, was cancelled or interrupted, for people; absent where there is nothing to say.",
    "createdAt": "When it was made.",
    "startedAt": "When it first ran; absent before.",
    "endedAt": "When its last attempt ended; absent while it is live.",
    "takenAt": "When this was read.",
    "nodes": "Its nodes in the definition's order.",
  ]

  public var version: Int
  public var runId: RunID
  public var number: Int
  public var workflow: String
  public var status: RunStatus
  public var attempt: Int
  public var error: String?
  public var createdAt: Timestamp
  public var startedAt: Timestamp?
  public var endedAt: Timestamp?
  public var takenAt: Timestamp
  public var nodes: [DrawnNodeShape]

  init(_ picture: RunPicture) {
    version = 1
    runId = picture.id
    number = picture.number
    workflow = picture.workflow
    status = picture.status
    attempt = picture.attempt
    error = picture.error
    createdAt = Timestamp(picture.createdAt)
    startedAt = picture.startedAt.map(Timestamp.init)
    endedAt = picture.endedAt.map(Timestamp.init)
    takenAt = Timestamp(picture.takenAt)
    nodes = picture.nodes.map(DrawnNodeShape.init)
  }
}

/// A node of a report: `DrawnNode`.
public struct DrawnNodeShape: WireShape, Hashable {
  public static let schemaName: String? = "DrawnNode"
  public static let notes: [String: String] = [
    "nodeId": "The node, or one instance of it.",
    "kind": "The key that says what it does; empty where the definition doesn't have the node any more.",
    "phase": "When in the run it has its turn.",
    "status": "Where the node stands.",
    "dependsOn": "What it waits for, by the ids that the workflow's file uses.",
    "attempt": "The node's starts over the whole run; 0 before the first.",
    "summary": "Why it was skipped, kept or waits, for people; absent where the status says it all.",
    "error": "Why its last execution failed; absent where it didn't.",
    "exitCode": "What its process ended with where that was not 0; absent otherwise.",
    "startedAt": "When its last attempt started; absent before.",
    "endedAt": "When it was settled; absent before.",
    "executions": "Its starts over the whole run, in order.",
  ]

  public var nodeId: NodeID
  public var kind: String
  public var phase: NodePhase
  public var status: NodeStatus
  public var dependsOn: [NodeID]
  public var attempt: Int
  public var summary: String?
  public var error: String?
  public var exitCode: Int?
  public var startedAt: Timestamp?
  public var endedAt: Timestamp?
  public var executions: [ExecutionShape]

  init(_ node: RunPicture.Node) {
    nodeId = node.id
    kind = node.kind
    phase = node.phase
    status = node.status
    dependsOn = node.dependsOn
    attempt = node.attempt
    summary = node.summary
    error = node.error
    exitCode = node.exitCode
    startedAt = node.startedAt.map(Timestamp.init)
    endedAt = node.endedAt.map(Timestamp.init)
    executions = node.executions.map(ExecutionShape.init)
  }
}

/// One start of a node in a report: `Execution`.
public struct ExecutionShape: WireShape, Hashable {
  public static let schemaName: String? = "Execution"
  public static let notes: [String: String] = [
    "attempt": "Counts the node's starts from 1.",
    "runAttempt": "Which time of taking the run up it belongs to, from 1.",
    "status": "What came of it; `running` while it runs.",
    "startedAt": "When it started.",
    "endedAt": "When it ended; absent while it runs.",
    "error": "Why it failed; absent where it didn't.",
  ]

  public var attempt: Int
  public var runAttempt: Int
  public var status: NodeStatus
  public var startedAt: Timestamp
  public var endedAt: Timestamp?
  public var error: String?

  init(_ execution: RunPicture.Execution) {
    attempt = execution.attempt
    runAttempt = execution.runAttempt
    status = execution.status
    startedAt = Timestamp(execution.startedAt)
    endedAt = execution.endedAt.map(Timestamp.init)
    error = execution.error
  }
}
