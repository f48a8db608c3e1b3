import IonScheduler
import IonWorkflow
import Testing

/// A run that is told events in words and remembers what it answered.
struct Story {
  private(set) var run: WorkflowRun
  /// What the last `tell` was answered with, line by line.
  private(set) var answers: [String] = []

  init(_ definition: WorkflowDefinition) { run = WorkflowRun(definition) }

  /// Tells events in order; `run a` is short for `slot a`, and a `+` in front of an id for `slot` as well:
  /// `ok +a` is `slot a`, `ok a`.
  @discardableResult
  mutating func tell(_ lines: String..., at location: SourceLocation = #_sourceLocation) -> [String] {
    answers = []
    for line in lines {
      if let plus = line.firstIndex(of: "+") {
        let id = line[line.index(after: plus)...].prefix { $0 != " " && $0 != "=" && $0 != ":" }
        apply("slot \(id)", at: location)
      }
      apply(line.filter { $0 != "+" }, at: location)
    }
    return answers
  }

  private mutating func apply(_ line: String, at location: SourceLocation) {
    guard let event = RunEvent(words: line) else {
      Issue.record("no event is called \(line)", sourceLocation: location)
      return
    }
    let commands = run.advance(on: event)
    answers += commands.map { $0.words(in: run) }
  }

  func status(_ id: NodeID) -> NodeStatus? { run.node(id)?.status }
  func summary(_ id: NodeID) -> String? { run.node(id)?.summary }

  /// Every node's status, `a=succeeded b=skipped`.
  var statuses: String { run.nodes.map { "\($0.id)=\($0.status.rawValue)" }.joined(separator: " ") }

  /// The outcome, `failed: why`; nil before the end.
  var outcome: String? { run.outcome.map { $0.status.rawValue + ($0.reason.map { ": " + $0 } ?? "") } }
}

/// Plays a history line by line, `event | command, command`, and compares the commands exactly.
func expectHistory(
  of definition: WorkflowDefinition, _ history: String, at location: SourceLocation = #_sourceLocation
) {
  var story = Story(definition)
  for line in history.split(separator: "\n") {
    let parts = line.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    let event = parts[0].trimmed
    let expected = parts.count > 1 ? parts[1].trimmed : ""
    let answer = story.tell(event, at: location).joined(separator: ", ")
    #expect(answer == expected, "after \(event)", sourceLocation: location)
  }
}

extension Substring {
  fileprivate var trimmed: String { split(separator: " ").joined(separator: " ") }
}
