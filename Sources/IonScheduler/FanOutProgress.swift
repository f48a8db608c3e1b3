internal import IonWorkflow

/// How far a node with `fan_out` has come.
struct FanOutProgress: Hashable, Sendable {
  /// What the node had read when it began: only while that is the same, a resume goes on with the same items.
  var consumed: [ConsumedResult]
  /// Nil until they are known.
  var items: ItemList?
  /// How many of them have not settled.
  var unsettled = 0
  /// How many of them take a place of the node.
  var active = 0
  /// Those that start as soon as there is a place, by their positions.
  var due = OrderedIndexSet(bound: 0)
  /// Those that did not come out well, as many as are told to people.
  var firstFailures: [Int] = []
  var failures = 0
  /// Somebody asked for the node's end; the text is shown to people.
  var cancellation: String?
  /// Whether the node came to its end well: it begins anew then.
  var isDone = false

  init(consumed: [ConsumedResult]) { self.consumed = consumed }

  var count: Int { items?.count ?? 0 }

  /// How far it has come, for people.
  var summary: String {
    let settled = count - unsettled
    let failed = failures == 0 ? "" : ", \(failures) of them failed"
    return unsettled == 0 ? Self.words(count) + failed : "\(settled) of \(Self.words(count)) through" + failed
  }

  static func words(_ count: Int) -> String { count == 1 ? "1 item" : "\(count) items" }
}
