internal import IonWorkflow

/// Executions on as few lanes as they need so that no two of a lane overlap: interval colouring, greedily by start. A lane
/// is a slot as far as can be told from outside.
struct SlotLanes {
  struct Bar: Hashable, Sendable {
    /// By the picture's nodes.
    var node: Int
    var execution: RunPicture.Execution
    /// `takenAt` for what still runs.
    var end: Int64
    var lane: Int
    /// When the attempt before ended, where this one is a retry that had to wait; nil for every other.
    var waitedFrom: Int64?
  }

  /// By start.
  private(set) var bars: [Bar] = []
  private(set) var count = 0

  init(_ picture: RunPicture) {
    for (index, node) in picture.nodes.enumerated() {
      var last: RunPicture.Execution?
      for execution in node.executions {
        let end = max(execution.startedAt, execution.endedAt ?? picture.takenAt)
        // What failed before the run was taken up again did not wait: it was over.
        let isRetry = last?.status == .failed && last?.runAttempt == execution.runAttempt
        bars.append(
          Bar(node: index, execution: execution, end: end, lane: 0, waitedFrom: isRetry ? last?.endedAt : nil))
        last = execution
      }
    }
    bars.sort { ($0.execution.startedAt, $0.end, $0.node) < ($1.execution.startedAt, $1.end, $1.node) }
    var free = Heap<Int>()
    var busy = Heap<Busy>()
    for index in bars.indices {
      while let first = busy.first, first.end <= bars[index].execution.startedAt {
        free.insert(busy.removeFirst().lane)
      }
      if free.first == nil {
        free.insert(count)
        count += 1
      }
      bars[index].lane = free.removeFirst()
      busy.insert(Busy(end: bars[index].end, lane: bars[index].lane))
    }
  }

  private struct Busy: Comparable {
    var end: Int64
    var lane: Int

    static func < (left: Busy, right: Busy) -> Bool { (left.end, left.lane) < (right.end, right.lane) }
  }
}

/// The least of what is in it comes out first.
private struct Heap<Element: Comparable> {
  private var items: [Element] = []

  var first: Element? { items.first }

  mutating func insert(_ item: Element) {
    items.append(item)
    var index = items.count - 1
    while index > 0, items[index] < items[(index - 1) / 2] {
      items.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  /// Takes the least out; there must be one.
  mutating func removeFirst() -> Element {
    items.swapAt(0, items.count - 1)
    let least = items.removeLast()
    var index = 0
    while 2 * index + 1 < items.count {
      var child = 2 * index + 1
      if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
      guard items[child] < items[index] else { break }
      items.swapAt(index, child)
      index = child
    }
    return least
  }
}
