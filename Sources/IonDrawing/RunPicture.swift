public import IonWorkflow

/// A run as it is drawn: everything that a report shows, and nothing that it would have to look up.
///
/// Times are milliseconds since 1970-01-01T00:00:00Z.
public struct RunPicture: Hashable, Sendable {
  public var id: RunID
  /// Counts a codebase's runs from 1, for titles.
  public var number: Int
  /// The workflow's name.
  public var workflow: String
  public var status: RunStatus
  /// How many times the run was taken up: 1 for the first time.
  public var attempt: Int
  /// Why it failed, was cancelled or interrupted, for people.
  public var error: String?
  /// What else is known of the run, by name and in order: its message, its inputs, its folder.
  public var facts: [Fact]
  public var createdAt: Int64
  /// When it first ran; nil before.
  public var startedAt: Int64?
  /// When its last attempt ended; nil while it is live.
  public var endedAt: Int64?
  /// When the picture was taken: what still runs is drawn up to here.
  public var takenAt: Int64
  /// In the definition's order.
  public var nodes: [Node]

  public init(id: RunID, number: Int, workflow: String, status: RunStatus, createdAt: Int64, takenAt: Int64) {
    self.id = id
    self.number = number
    self.workflow = workflow
    self.status = status
    self.createdAt = createdAt
    self.takenAt = takenAt
    attempt = 1
    error = nil
    facts = []
    startedAt = nil
    endedAt = nil
    nodes = []
  }

  /// Something that is known of the run.
  public struct Fact: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// One node, or one instance of it.
  public struct Node: Hashable, Sendable {
    /// Iterations of loops are `loop#2/node`, instances of a matrix `node[a,1]`.
    public var id: NodeID
    /// The key that names the kind in a workflow file; empty where the definition doesn't have the node any more.
    public var kind: String
    public var description: String?
    public var status: NodeStatus
    /// What it waits for, as the workflow file says it: by ids within the same iteration of a loop, or by a node's own
    /// where the picture has its instances. What the picture doesn't have is left out of the drawing.
    public var dependsOn: [NodeID]
    /// The `include` node that it came by, whose id another node has; nil for one that the workflow's own file has.
    public var includedBy: NodeID?
    /// When in the run it has its turn.
    public var phase: NodePhase
    /// Its condition, as a workflow file may write it.
    public var condition: String?
    /// Its starts over the whole run; 0 before the first.
    public var attempt: Int
    /// When its last attempt started; nil before.
    public var startedAt: Int64?
    /// When it was settled; nil before.
    public var endedAt: Int64?
    /// Why it was skipped, kept or waits, for people.
    public var summary: String?
    public var error: String?
    public var exitCode: Int?
    /// Its starts over the whole run, in order.
    public var executions: [Execution]
    /// The end of what its last attempt printed; nil where it printed nothing, and where the report has no room for it.
    public var output: Output?
    public var artifacts: [Artifact]

    public init(id: NodeID, kind: String, status: NodeStatus, dependsOn: [NodeID] = []) {
      self.id = id
      self.kind = kind
      self.status = status
      self.dependsOn = dependsOn
      description = nil
      includedBy = nil
      phase = .main
      condition = nil
      attempt = 0
      startedAt = nil
      endedAt = nil
      summary = nil
      error = nil
      exitCode = nil
      executions = []
      output = nil
      artifacts = []
    }
  }

  /// One start of a node.
  public struct Execution: Hashable, Sendable {
    /// Counts from 1.
    public var attempt: Int
    /// Which time of taking the run up it belongs to, from 1.
    public var runAttempt: Int
    public var startedAt: Int64
    /// Nil while it runs.
    public var endedAt: Int64?
    /// What came of it; `running` while it runs.
    public var status: NodeStatus
    public var error: String?

    public init(
      attempt: Int, runAttempt: Int = 1, startedAt: Int64, endedAt: Int64?, status: NodeStatus, error: String? = nil
    ) {
      self.attempt = attempt
      self.runAttempt = runAttempt
      self.startedAt = startedAt
      self.endedAt = endedAt
      self.status = status
      self.error = error
    }
  }

  /// The end of what a node printed.
  public struct Output: Hashable, Sendable {
    public var text: String
    /// How many bytes stand before the text.
    public var skipped: Int

    public init(text: String, skipped: Int) {
      self.text = text
      self.skipped = skipped
    }
  }

  /// A file that a node made.
  public struct Artifact: Hashable, Sendable {
    public var name: String
    /// The file itself, as a `file:` URI.
    public var uri: String
    /// Bytes.
    public var size: Int64

    public init(name: String, uri: String, size: Int64) {
      self.name = name
      self.uri = uri
      self.size = size
    }
  }
}

extension RunPicture {
  /// How many nodes there are in each status; statuses without nodes are left out.
  var counts: [NodeStatus: Int] { nodes.reduce(into: [:]) { $0[$1.status, default: 0] += 1 } }

  /// How long it ran, or has run so far; nil for a run that never started.
  var duration: Int64? { startedAt.map { max(0, (endedAt ?? takenAt) - $0) } }
}

extension RunPicture.Node {
  /// How long its last attempt took, or has taken by `now`; nil where it never started, or was settled without it.
  func duration(by now: Int64) -> Int64? {
    if let last = executions.last { return max(0, (last.endedAt ?? now) - last.startedAt) }
    guard attempt > 0, let startedAt else { return nil }
    return max(0, (endedAt ?? now) - startedAt)
  }
}
