public import IonProcess
public import IonWorkflow

/// `workflow/output`: what a step prints, while it prints it.
public struct WorkflowOutput: SentNotification, Hashable {
  public static let method = "workflow/output"
  public static let summary = """
    What a step printed just now. Nothing is kept for a client that is slow: what it misses is in `dropped`, and \
    `run/log` has every byte.
    """
  public static let isDurable = false
  public static let notes: [String: String] = [
    "codebaseId": "The codebase whose store has the run.",
    "runId": "The run.",
    "nodeId": "The node that printed.",
    "attempt": "Which of its starts printed; counts from 1.",
    "stream": "Where it printed to.",
    "offset": "Where the text begins in the stream, in bytes.",
    "text":
      "The bytes as UTF-8, cut at a character; what isn't UTF-8 shows as U+FFFD. An agent's node prints Markdown: what it says is stdout, its thoughts (quotes) and what it does (lists) are stderr.",
    "dropped": "How many bytes before `offset` this client was not sent; absent where there were none.",
  ]

  public var codebaseId: CodebaseID
  public var runId: RunID
  public var nodeId: NodeID
  public var attempt: Int
  public var stream: StepStream
  public var offset: Int
  public var text: String
  public var dropped: Int?

  public init(
    codebaseId: CodebaseID, runId: RunID, nodeId: NodeID, attempt: Int, stream: StepStream, offset: Int, text: String,
    dropped: Int? = nil
  ) {
    self.codebaseId = codebaseId
    self.runId = runId
    self.nodeId = nodeId
    self.attempt = attempt
    self.stream = stream
    self.offset = offset
    self.text = text
    self.dropped = dropped
  }

  public static let examples = [
    WorkflowOutput(
      codebaseId: Sample.codebaseID, runId: Sample.run, nodeId: "test", attempt: 1, stream: .stdout, offset: 0,
      text: "12 tests passed\n")
  ]
}
