/// Who waits to hear whether an answer to a gate was taken. An answer is told of once the turn that has it is durable.
struct AnswerBook {
  private struct Entry {
    var waiter: CheckedContinuation<Bool?, Never>
    /// What became of the answer; nil before its turn.
    var verdict: Bool??
  }

  private var entries: [Int: Entry] = [:]
  private var next = 0
  private var isClosed = false

  /// Notes somebody who waits, and gives the answer its number; nil where nothing is taken any more, and who waits was
  /// told so.
  mutating func add(_ waiter: CheckedContinuation<Bool?, Never>) -> Int? {
    guard !isClosed else {
      waiter.resume(returning: nil)
      return nil
    }
    next += 1
    entries[next] = Entry(waiter: waiter, verdict: nil)
    return next
  }

  /// Notes whether an answer was taken; nil where it could not be taken up at all.
  mutating func note(_ isTaken: Bool?, of number: Int) { entries[number]?.verdict = .some(isTaken) }

  /// Tells those whose answers had their turn.
  mutating func settle() {
    for (number, entry) in entries {
      guard let verdict = entry.verdict else { continue }
      entries[number] = nil
      entry.waiter.resume(returning: verdict)
    }
  }

  /// Tells everybody else that their answers were not taken up.
  mutating func close() {
    isClosed = true
    for entry in entries.values { entry.waiter.resume(returning: nil) }
    entries = [:]
  }
}
