internal import IonWorkflow

/// How many nodes could have run but had to wait for a place, over time: from the end of the last one that they depend on
/// to their own first start.
struct WaitingCount {
  /// From this moment on there were so many.
  private(set) var steps: [(time: Int64, count: Int)] = []
  var peak: Int { steps.map(\.count).max() ?? 0 }

  /// What is shorter than this is how long it takes to start something, not waiting.
  static let threshold: Int64 = 50

  init(_ picture: RunPicture, _ links: PictureLinks) {
    var changes: [Int64: Int] = [:]
    for (index, node) in picture.nodes.enumerated() {
      guard let first = node.executions.first, let begin = picture.startedAt else { continue }
      // The first of an iteration, and of what is done at the end, wait for something that no dependency tells of.
      let isBegin = links.dependencies[index].isEmpty
      if isBegin, node.phase != .main || !NodePath(node.id.rawValue).prefix.isEmpty { continue }
      let ends = links.dependencies[index].map { picture.nodes[$0] }
      // Where one was settled later, in a later attempt of the run say, nothing can be told.
      guard ends.allSatisfy({ ($0.endedAt ?? .max) <= first.startedAt }) else { continue }
      let ready = max(begin, ends.compactMap(\.endedAt).max() ?? begin)
      guard first.startedAt - ready >= Self.threshold else { continue }
      changes[ready, default: 0] += 1
      changes[first.startedAt, default: 0] -= 1
    }
    var count = 0
    for time in changes.keys.sorted() {
      guard let change = changes[time], change != 0 else { continue }
      count += change
      steps.append((time, count))
    }
  }
}
