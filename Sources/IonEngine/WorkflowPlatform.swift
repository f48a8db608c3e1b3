public import IonProcess
public import IonStore
public import IonWorkflow

/// How runs talk to people: one per client, each speaking what its client understands.
///
/// Every method returns at once and never throws: a run waits for nobody. What a platform misses is in the store.
public protocol WorkflowPlatform: Sendable {
  /// Durable notices, in order, each with its number. At least once: what was seen before is dropped by its number.
  func deliver(_ notices: [StoredNotice], of codebase: CodebaseID?)

  /// A step printed something, or ended; the log has the bytes. Called from the thread that reads the step's output.
  func outputArrived(_ arrival: OutputArrival)

  /// From now on `outputArrived` tells of everything. What nodes printed before that, of which notices said already that
  /// they run, is in the log.
  func outputIsHeard()
}

extension WorkflowPlatform {
  /// Nothing, for platforms that show no output.
  public func outputIsHeard() {}
}

/// Some bytes that a step printed.
public struct OutputArrival: Hashable, Sendable {
  public var codebase: CodebaseID?
  public var run: RunID
  public var node: NodeID
  public var attempt: Int
  public var stream: StepStream
  /// Where the bytes start in the stream, and how many there are.
  public var offset: Int
  public var count: Int

  public init(
    codebase: CodebaseID?, run: RunID, node: NodeID, attempt: Int, stream: StepStream, offset: Int, count: Int
  ) {
    self.codebase = codebase
    self.run = run
    self.node = node
    self.attempt = attempt
    self.stream = stream
    self.offset = offset
    self.count = count
  }
}
