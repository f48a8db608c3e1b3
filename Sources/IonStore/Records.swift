public import IonJSON
public import IonScheduler
public import IonWorkflow

/// Milliseconds since 1970-01-01T00:00:00Z by the wall clock; for people, never for order.
public typealias WallTime = Int64

/// One row of a run.
public struct RunRecord: Hashable, Sendable {
  public var id: RunID
  /// Counts a store's runs from 1, for tokens and titles that people read.
  public var number: Int
  /// The workflow's name.
  public var workflow: String
  /// SHA-256 of the definition's text, which `text(sha256:)` returns.
  public var definitionHash: String
  /// The same of the definition that the run began with; nil where it still has that one.
  public var firstDefinitionHash: String?
  /// The files that were frozen with that one; nil where the run still has them.
  public var firstFrozenFiles: [String: String]?
  /// Where the definition was read; nil for one that came as text.
  public var definitionPath: AbsolutePath?
  public var status: RunStatus
  public var pauseReason: PauseReason?
  /// How many times the run was taken up: 1 for the first time.
  public var attempt: Int
  /// What the run was started with, and what was resolved from it.
  public var request: RunRequest
  /// Why the run failed, was cancelled or interrupted, for people.
  public var error: String?
  public var createdAt: WallTime
  public var startedAt: WallTime?
  public var endedAt: WallTime?
  /// How many nodes there are in each status; statuses without nodes are left out.
  public var counts: [NodeStatus: Int]
  /// The last event's number.
  public var seq: Int64
  /// What it came to by its author's words; nil before its success, and where the workflow says nothing about it.
  public var result: RunResult?
  /// The run that this one was rerun from, or that started it as its child.
  public var parent: RunID?
  /// The node of `parent` whose child the run is; nil for a run that is nobody's.
  public var parentNode: NodeID?
  /// What became of the changes of an isolated run; nil for every other run.
  public var changes: ChangesState?
  /// What its agents have used, over all its attempts; nil where nobody said.
  public var usage: AgentUsage?
  /// Whether the processes of agents live that wait for answers with the run.
  public var hasWaitingAgents: Bool

  public init(
    id: RunID, number: Int, workflow: String, definitionHash: String, definitionPath: AbsolutePath?, status: RunStatus,
    request: RunRequest, createdAt: WallTime
  ) {
    self.id = id
    self.number = number
    self.workflow = workflow
    self.definitionHash = definitionHash
    self.definitionPath = definitionPath
    self.status = status
    self.request = request
    self.createdAt = createdAt
    firstDefinitionHash = nil
    firstFrozenFiles = nil
    pauseReason = nil
    attempt = 1
    error = nil
    startedAt = nil
    endedAt = nil
    counts = [:]
    seq = 0
    result = nil
    parent = nil
    parentNode = nil
    changes = request.isolation == nil ? nil : .pending
    usage = nil
    hasWaitingAgents = false
  }

  /// Whether it waits at gates alone, and needs no process until somebody answers.
  public var isResting: Bool { status == .awaitingApproval && !hasWaitingAgents }

  /// The run whose child this one is; nil for a run that is nobody's.
  public var parentRun: RunID? { parentNode == nil ? nil : parent }
}

/// What a run that succeeded came to, as its workflow's `returns` and `outcome_field` say.
public struct RunResult: Hashable, Codable, Sendable {
  /// The node whose output is the run's.
  public var node: NodeID
  /// The author's verdict; nil where the workflow asks for none.
  public var outcome: Bool?

  public init(node: NodeID, outcome: Bool?) {
    self.node = node
    self.outcome = outcome
  }
}

extension RunRecord {
  /// Takes over what another definition changes of the run itself.
  public mutating func adopt(_ change: Redefinition) {
    firstDefinitionHash = firstDefinitionHash ?? definitionHash
    firstFrozenFiles = firstFrozenFiles ?? request.frozenFiles
    definitionHash = change.definitionHash
    request.inputs = change.inputs
    request.frozenFiles = change.frozenFiles
  }
}

/// What somebody asked for when a run was made, and what was resolved then. Kept for resume and replay.
public struct RunRequest: Hashable, Codable, Sendable {
  /// Where the steps work.
  public var workingPath: AbsolutePath
  public var message: String
  /// The inputs after checking, with defaults; secrets are never among them.
  public var inputs: [String: JSONValue]
  /// The provider and the model of agents whose nodes say nothing else.
  public var provider: String?
  public var model: String?
  /// What was said for the run itself, which stands above what nodes say.
  public var chosenProvider: String?
  public var chosenModel: String?
  /// Free text that came along (`$CONTEXT`).
  public var context: String?
  public var editor: EditorContext?
  /// Files that were frozen with the run (named scripts, and prompt files with `commands/` before their names): name to SHA-256 of the text, which `text(sha256:)` returns.
  public var frozenFiles: [String: String]
  /// Starts at this node when the run was rerun from another.
  public var fromNode: NodeID?
  /// Whether nodes with `cache` may take over earlier successes.
  public var usesCache: Bool
  /// Whether the run waits where its working path is in use, rather than to fail.
  public var mayWait: Bool
  /// Whether the run was to have a worktree of its own.
  public var isIsolated: Bool
  /// The sessions of earlier runs that agents of this one go on in, by node.
  public var sessions: [NodeID: NodeSession]
  /// The git worktree that the run works in; nil where it works in the checkout itself, and where none could be had.
  public var isolation: RunIsolation?

  public init(workingPath: AbsolutePath, message: String = "", inputs: [String: JSONValue] = [:]) {
    self.workingPath = workingPath
    self.message = message
    self.inputs = inputs
    provider = nil
    model = nil
    chosenProvider = nil
    chosenModel = nil
    context = nil
    editor = nil
    frozenFiles = [:]
    fromNode = nil
    usesCache = true
    mayWait = false
    isIsolated = false
    sessions = [:]
    isolation = nil
  }
}

/// Where the editor stood when it started a run.
public struct EditorContext: Hashable, Codable, Sendable {
  public var file: String?
  /// From 1.
  public var line: Int?
  public var selection: String?
  public var languageID: String?
  public var diagnostics: String?

  public init(
    file: String? = nil, line: Int? = nil, selection: String? = nil, languageID: String? = nil,
    diagnostics: String? = nil
  ) {
    self.file = file
    self.line = line
    self.selection = selection
    self.languageID = languageID
    self.diagnostics = diagnostics
  }
}

/// One row of a node of a run: where it stands now, folded from the log.
public struct NodeRecord: Hashable, Sendable {
  public var run: RunID
  public var node: NodeID
  /// Its place in the definition, from 0.
  public var index: Int
  public var status: NodeStatus
  /// The node's starts over the whole run; 0 before the first.
  public var attempt: Int
  /// Why it was skipped, kept or waits, for people.
  public var summary: String?
  public var error: String?
  public var startedAt: WallTime?
  public var endedAt: WallTime?
  public var output: NodeOutput?
  public var exitCode: Int?
  /// How much the last attempt printed, both streams together; nil before its end, and where that isn't known.
  public var logBytes: Int?
  /// The gate that the node opened last, or what its agent asked leave for last; nil before the first.
  public var gate: GateRecord?
  /// Whose turns the last attempt is, and with which model; nil for nodes without agents, and before the first.
  public var provider: String?
  public var model: String?
  /// What its agents have used over the whole run; nil where nobody said.
  public var usage: AgentUsage?
  /// The child run of a `workflow` node's last start; nil for other kinds, and while there is none.
  public var child: RunID?
  /// Which item of its node's `fan_out` it is, from 0; nil for other nodes.
  public var item: Int?
  /// The session of its agent's last attempt; nil for other kinds, and before it is known.
  public var session: NodeSession?
  /// What its agent did to files in the last attempt that ended, as far as it said so.
  public var files: [TouchedFile]

  public init(run: RunID, node: NodeID, index: Int, status: NodeStatus = .pending) {
    self.run = run
    self.node = node
    self.index = index
    self.status = status
    attempt = 0
    summary = nil
    error = nil
    startedAt = nil
    endedAt = nil
    output = nil
    exitCode = nil
    logBytes = nil
    gate = nil
    provider = nil
    model = nil
    usage = nil
    child = nil
    item = nil
    session = nil
    files = []
  }
}

/// A file that a run made.
public struct ArtifactRecord: Hashable, Codable, Sendable {
  public var run: RunID
  public var node: NodeID?
  /// Relative to the run's artifact folder, `/`-separated.
  public var name: String
  public var type: String?
  public var mediaType: String
  /// Bytes.
  public var size: Int64
  public var sha256: String
  public var createdAt: WallTime

  public init(
    run: RunID, node: NodeID?, name: String, type: String?, mediaType: String, size: Int64, sha256: String,
    createdAt: WallTime
  ) {
    self.run = run
    self.node = node
    self.name = name
    self.type = type
    self.mediaType = mediaType
    self.size = size
    self.sha256 = sha256
    self.createdAt = createdAt
  }
}

/// What is pushed to subscribers and can be replayed: everything durable that people may have missed.
public enum Notice: Hashable, Sendable {
  /// One turn of a run's driver.
  case progress(ProgressNotice)
  case message(level: MessageLevel, text: String)
  case artifact(ArtifactRecord)
  /// A gate was opened, or is pending no more. Its question is always there.
  case gate(GateRecord)
  /// Changes of an isolated run were taken or dropped.
  case changes(ChangesNotice)
  case runDeleted

  public enum MessageLevel: String, Codable, CaseIterable, Sendable { case error, warning, info, log }
}

/// What one turn of a run's driver changed.
public struct ProgressNotice: Hashable, Sendable {
  public var status: RunStatus
  public var attempt: Int
  public var counts: [String: Int]
  public var nodes: [NodeRecord]
  public var error: String?
  /// What the run came to; nil where it says nothing about it.
  public var result: RunResult?
  public var time: WallTime

  public init(
    status: RunStatus, attempt: Int, counts: [String: Int], nodes: [NodeRecord], error: String?,
    result: RunResult? = nil, time: WallTime
  ) {
    self.status = status
    self.attempt = attempt
    self.counts = counts
    self.nodes = nodes
    self.error = error
    self.result = result
    self.time = time
  }
}

/// A notice with its place in the store.
public struct StoredNotice: Hashable, Sendable {
  public var seq: Int64
  public var run: RunID
  public var notice: Notice
  /// Whether it is in the store. What could not be kept has the number of the last that was, and comes by itself alone.
  public var isKept: Bool

  public init(seq: Int64, run: RunID, notice: Notice, isKept: Bool = true) {
    self.seq = seq
    self.run = run
    self.notice = notice
    self.isKept = isKept
  }
}

/// An event with its place in the log and what the store noted beside it.
public struct StoredEvent: Hashable, Sendable {
  public var seq: Int64
  public var run: RunID
  public var event: RunEvent
  /// Which start of its node the event belongs to; nil for events of the run, and where the node had no row in the turn.
  public var attempt: Int?
  /// The ownership under which it was written.
  public var epoch: Int64
  public var wallTime: WallTime
  /// Milliseconds since the machine started, by a clock that runs on while it sleeps.
  public var bootTime: Int64

  public init(
    seq: Int64, run: RunID, event: RunEvent, attempt: Int?, epoch: Int64, wallTime: WallTime, bootTime: Int64
  ) {
    self.seq = seq
    self.run = run
    self.event = event
    self.attempt = attempt
    self.epoch = epoch
    self.wallTime = wallTime
    self.bootTime = bootTime
  }
}
