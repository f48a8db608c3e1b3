public import IonJSON
public import IonStore
public import IonWorkflow

/// What may be said beside the workflow, the folder and the message when a run is started.
public struct WorkflowExecutionOptions: Sendable {
  /// Takes this run up again instead of making a new one. Nothing is ever resumed without its id.
  public var resume: RunID?
  /// The workflow's inputs, typed, or as texts where `inputsAreTexts`.
  public var input: [String: JSONValue]
  /// Whether the inputs come from a command line: texts that are read by each input's type.
  public var inputsAreTexts: Bool
  public var provider: String?
  public var model: String?
  public var codebaseID: CodebaseID?
  /// Free text that comes along (`$CONTEXT`).
  public var context: String?
  public var editor: EditorContext?
  /// Whether the run waits where its working path is in use, rather than to fail.
  public var queue: Bool
  /// Where the run works; nil leaves that to the workflow.
  public var isolation: Isolation?
  /// The same key with the same parameters gives the same run.
  public var idempotencyKey: String?
  /// Takes over what an earlier run has upstream of a node (all of it for nil).
  public var rerun: Rerun?
  /// Whether nodes with `cache` may take over earlier successes.
  public var usesCache: Bool

  /// Where a run works.
  public enum Isolation: String, Sendable {
    /// In the working path itself.
    case inherit
    /// In a git worktree of its own.
    case worktree
  }

  public struct Rerun: Hashable, Sendable {
    public var of: RunID
    public var from: NodeID?

    public init(of: RunID, from: NodeID?) {
      self.of = of
      self.from = from
    }
  }

  public init() {
    resume = nil
    input = [:]
    inputsAreTexts = false
    provider = nil
    model = nil
    codebaseID = nil
    context = nil
    editor = nil
    queue = false
    isolation = nil
    idempotencyKey = nil
    rerun = nil
    usesCache = true
  }
}

/// How a run came out.
public struct WorkflowExecutionResult: Sendable {
  /// The run's row at the end.
  public var run: RunRecord
  /// How its nodes stand, in the definition's order; empty where the DAG was never entered.
  public var nodes: [NodeRecord]
  public var success: Bool
  /// Why it is no success; nil where it is one.
  public var error: String?

  public init(run: RunRecord, nodes: [NodeRecord], success: Bool, error: String?) {
    self.run = run
    self.nodes = nodes
    self.success = success
    self.error = error
  }
}

/// A workflow that was read without errors, with the text it was read from.
public struct LoadedWorkflow: Sendable {
  public var definition: WorkflowDefinition
  public var text: String
  /// Where the text was read; nil for one that came as text.
  public var path: AbsolutePath?

  public init(definition: WorkflowDefinition, text: String, path: AbsolutePath?) {
    self.definition = definition
    self.text = text
    self.path = path
  }
}

/// A run that was taken up before it was started for good: what resume needs of its past.
public struct HydratedResumableRun: Sendable {
  public var record: RunRecord
  public var workflow: LoadedWorkflow
  /// What had succeeded, by node.
  public var priorOutputs: [NodeID: NodeOutput]

  public init(record: RunRecord, workflow: LoadedWorkflow, priorOutputs: [NodeID: NodeOutput]) {
    self.record = record
    self.workflow = workflow
    self.priorOutputs = priorOutputs
  }
}
