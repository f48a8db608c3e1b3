internal import IonScheduler
internal import IonStore
internal import IonWorkflow

/// What a node of a run sees of the others: by the ids that its texts use, those of its own iteration first.
struct RunSight {
  /// The run as it stands.
  let run: WorkflowRun
  let reader: NodeID

  func node(_ id: NodeID) -> NodeState? { run.node(id, seenFrom: reader) }

  /// The node in the iteration before the reader's; nil in the first one, and outside of loops.
  func previous(_ id: NodeID) -> NodeState? { run.previous(id, seenFrom: reader) }

  /// What a person said before the iteration of an interactive loop that the reader is in.
  var userInput: String? { run.lastAnswer(seenFrom: reader, rejecting: false)?.comment }

  /// Why a person rejected the gate that the reader revises, or is.
  var rejectionReason: String? { run.lastAnswer(seenFrom: reader, rejecting: true)?.comment }

  /// What the iteration before the reader's gave; nil in the first one, and outside of loops.
  var previousOutput: NodeOutput? { run.previousOutput(seenFrom: reader) }
}
