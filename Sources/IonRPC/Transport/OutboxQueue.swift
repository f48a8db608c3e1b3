internal import DequeModule
import IonJSON

/// How much waits to be written.
public struct Backlog: Hashable, Sendable {
  /// Bytes of whole frames, that of the one being written included.
  public var bytes: Int
  public var messages: Int

  public init(bytes: Int, messages: Int) {
    self.bytes = bytes
    self.messages = messages
  }

  /// Whether either number is over that of the limit.
  public func exceeds(_ limit: Backlog) -> Bool { bytes > limit.bytes || messages > limit.messages }
}

/// Frames that wait to be written, in order. One with a key can be replaced in place as long as it waits.
struct OutboxQueue: Sendable {
  private struct Entry {
    var frame: [UInt8]
    /// Nil where nothing replaces it.
    let key: [UInt8]?
    /// What a merge starts from; nil without a key.
    var params: JSONValue?
  }

  private(set) var backlog = Backlog(bytes: 0, messages: 0)
  private var entries: Deque<Entry> = []
  /// How many entries were taken out so far: the number of the first waiting one.
  private var taken = 0
  /// The numbers of the last waiting entry of each key.
  private var numbers: [[UInt8]: Int] = [:]

  var isEmpty: Bool { backlog.messages == 0 }

  mutating func append(_ frame: [UInt8]) { append(Entry(frame: frame, key: nil, params: nil)) }

  /// Puts a keyed notification in the place of the waiting one with its key, or at the end.
  mutating func put(_ notification: OutgoingNotification, key: String, merge: Merge?, framing: Framing) {
    let key = Array(key.utf8)
    if let number = numbers[key] {
      let waiting = entries[number - taken]
      let merged = merge.map { $0(waiting.params, notification.params) } ?? .replaced(notification.params)
      if case .replaced(let params) = merged {
        let frame = framing.frame(notification.message(params).json)
        backlog.bytes += frame.count - waiting.frame.count
        entries[number - taken].frame = frame
        entries[number - taken].params = params
        return
      }
    }
    numbers[key] = taken + entries.count
    let frame = framing.frame(notification.message(notification.params).json)
    append(Entry(frame: frame, key: key, params: notification.params))
  }

  private mutating func append(_ entry: Entry) {
    entries.append(entry)
    backlog.bytes += entry.frame.count
    backlog.messages += 1
  }

  /// Takes the next frame out; it counts as unsent until `sent` is told.
  mutating func next() -> [UInt8]? {
    guard let entry = entries.popFirst() else { return nil }
    if let key = entry.key, numbers[key] == taken { numbers[key] = nil }
    taken += 1
    return entry.frame
  }

  mutating func sent(_ frame: [UInt8]) {
    backlog.bytes -= frame.count
    backlog.messages -= 1
  }
}
