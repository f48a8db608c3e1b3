internal import IonWorkflow

/// How far a loop has come.
struct LoopProgress: Hashable, Sendable {
  /// The iteration that is under way, or was the last one; from 1.
  var iteration = 0
  /// The last iteration that there may be.
  var limit: Int
  /// What the loop had read when it began: only while that is the same, a resume goes on where it stood.
  var consumed: [ConsumedResult]
  /// The nodes of the iteration.
  var nodes: Range<Int> = 0..<0
  /// How many of them have not settled.
  var unsettled = 0
  /// Those that fail the iteration, as many as are told to people.
  var firstFailures: [Int] = []
  var failures = 0
  /// The node that the loop's output is of: the first of the last ones that came out well.
  var result: Int?
  /// The same of the iteration before.
  var previousResult: Int?
  /// Somebody asked for the loop's end; the text is shown to people.
  var cancellation: String?
  /// Whether the loop came to its end by itself: it begins anew then.
  var isDone = false
  /// Whether it failed because it had used up its iterations.
  var isUsedUp = false

  /// A node fails the iteration.
  mutating func noteFailure(of index: Int) {
    failures += 1
    if firstFailures.count < WorkflowRun.failuresTold { firstFailures.append(index) }
  }
}
