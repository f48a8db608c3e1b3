internal import IonDigest
internal import IonStore
internal import IonWorkflow

/// Where a child run stands: whose it is, what is around it, and how it tells of itself.
struct ChildPlace: Sendable {
  /// The child's own id.
  let run: RunID
  let parent: RunID
  /// The parent's node that the child works for.
  let node: NodeID
  /// The workflows of the runs around, the outermost first and the parent's last.
  let lineage: [Ancestor]
  /// The secrets of the runs around, which the child hides, too.
  let secrets: [String]
  /// How many steps work in the runs around.
  let census: StepCensus
  /// Tells the parent that the child waits for answers alone.
  let stoodStill: @Sendable () -> Void
  /// Tells the parent that the child waits for answers alone, and agents of it with it.
  let asked: @Sendable () -> Void
  /// Tells the parent that agents of the child go on.
  let wentOn: @Sendable () -> Void
  /// Tells the parent what the agents of the child have used over its whole life.
  let used: @Sendable (AgentUsage) -> Void
  /// Tells the parent that the child is about to go on from its gates, and returns when that is durable; false where the
  /// parent is let go of, and nothing may go on.
  let willGoOn: @Sendable () async -> Bool
}

/// A workflow of which a run goes on.
struct Ancestor: Hashable, Sendable {
  var name: String
  /// Where it was read; nil for one that came as text.
  var path: AbsolutePath?

  init(_ definition: WorkflowDefinition, at path: AbsolutePath?) {
    name = definition.name
    self.path = path
  }

  /// Whether both are one workflow, as far as that can be known.
  func isSame(as other: Ancestor) -> Bool {
    if let path, let other = other.path { return path == other }
    return name == other.name
  }
}

/// How deep runs may stand below each other.
enum ChildLimit {
  /// How many runs may be around a child.
  static let depth = 5

  /// Why a workflow can't be run below these, for people; nil where it can.
  static func fault(of workflow: Ancestor, below lineage: [Ancestor]) -> String? {
    let way = (lineage + [workflow]).map { "`\($0.name)`" }.joined(separator: " → ")
    if lineage.contains(where: { $0.isSame(as: workflow) }) {
      return "`\(workflow.name)` would be started by itself: \(way). A workflow can't be a child of its own."
    }
    if lineage.count > depth {
      return "runs stand at most \(depth) deep below each other, and this is one more: \(way)"
    }
    return nil
  }
}

extension RunIdentifier {
  /// The id of the child that a node's start with this number begins: always the same, so that whoever goes on with the
  /// parent finds the child.
  static func child(of parent: RunID, _ node: NodeID, attempt: Int) -> RunID {
    let hash = SHA256.hex(of: "\(parent)/\(node)/\(attempt)")
    let letters = stride(from: 0, to: 32, by: 2).map { place -> UInt8 in
      let pair = hash.dropFirst(place).prefix(2)
      return alphabet[(Int(pair, radix: 16) ?? 0) % alphabet.count]
    }
    return RunID(String(decoding: letters, as: UTF8.self))
  }
}
