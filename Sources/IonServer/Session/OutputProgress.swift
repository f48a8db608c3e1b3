internal import DequeModule
internal import IonEngine
internal import IonProcess
internal import IonStore
internal import IonWorkflow

/// How much of what steps printed was sent to a client. A value without clocks or files.
struct OutputProgress {
  /// One stream of one attempt of a node.
  struct Source: Hashable, Sendable {
    var run: RunID
    var node: NodeID
    var attempt: Int
    var stream: StepStream
  }

  /// What is to be read and sent of a source.
  struct Work: Sendable {
    var source: Source
    /// Everything up to here was sent, or counts as dropped.
    var sent: Int
    var isFull: Bool
    /// Whether nothing more can come.
    var hasEnded: Bool

    /// Where to read on in a stream of a size: in `tail` output only the newest is sent, in `full` output nothing that is
    /// too far behind.
    func start(size: Int, chunk: Int, lag: Int) -> Int {
      size - sent > (isFull ? lag : chunk) ? size - chunk : sent
    }
  }

  private struct Place {
    var sent: Int
    /// How much was printed, as far as is known.
    var known: Int
    var isFull = false
    var hasEnded = false
  }

  /// How many ended attempts are remembered, so that nobody begins them again.
  private static let memory = 4_096

  private var places: [Source: Place] = [:]
  /// Where there is something to read that wasn't looked at.
  private var due: Set<Source> = []
  private var over: Set<Source> = []
  private var overInOrder: Deque<Source> = []

  var hasWork: Bool { !due.isEmpty }

  /// A node began an attempt: what it prints is sent from the first byte on.
  mutating func began(_ node: NodeRecord, isFull: Bool) {
    for source in Self.sources(of: node) where !over.contains(source) {
      places[source, default: Place(sent: 0, known: 0)].isFull = isFull || places[source]?.isFull ?? false
    }
  }

  /// A node ended an attempt: what is left of its output is due. One that nobody saw begin or print is left alone.
  mutating func ended(_ node: NodeRecord) {
    for source in Self.sources(of: node) where places[source] != nil {
      places[source]?.hasEnded = true
      if node.logBytes == 0 { forget(source) } else { due.insert(source) }
    }
  }

  /// Something was printed. Where nobody saw the attempt begin, what is before it is not sent.
  mutating func arrived(_ arrival: OutputArrival, isFull: Bool) {
    let source = Source(
      run: arrival.run, node: arrival.node, attempt: arrival.attempt, stream: arrival.stream)
    guard arrival.count > 0, !over.contains(source) else { return }
    var place = places[source] ?? Place(sent: arrival.offset, known: arrival.offset)
    let end = arrival.offset + arrival.count
    if end > place.known { due.insert(source) }
    place.known = max(place.known, end)
    place.isFull = place.isFull || isFull
    places[source] = place
  }

  /// Something may have been printed of which nobody was told.
  mutating func lookAgain() { due.formUnion(places.keys) }

  /// What is due now; it counts as looked at.
  mutating func takeWork() -> [Work] {
    defer { due = [] }
    return due.compactMap(work)
  }

  private func work(_ source: Source) -> Work? {
    places[source].map { Work(source: source, sent: $0.sent, isFull: $0.isFull, hasEnded: $0.hasEnded) }
  }

  /// What is due now, by attempts: with the other stream of each, as far as it is known, so that both can be sent in the
  /// order in which they arrived.
  mutating func takeAttempts() -> [[Work]] {
    var seen: Set<Source> = []
    return takeWork().compactMap { work in
      guard !seen.contains(work.source) else { return nil }
      let attempt = StepStream.allCases.compactMap { stream in
        var source = work.source
        source.stream = stream
        return self.work(source)
      }
      seen.formUnion(attempt.map(\.source))
      return attempt
    }
  }

  /// Pieces of an attempt's streams were sent, at least one. What is left of either stream is due again.
  mutating func sent(_ pieces: [OutputPiece], of attempt: [Work], sizes: [StepStream: Int]) {
    for work in attempt {
      let size = sizes[work.source.stream] ?? 0
      let end = pieces.last { $0.stream == work.source.stream }.map { $0.offset + $0.count } ?? work.sent
      if end < size, places[work.source] != nil { due.insert(work.source) }
      sent(work.source, upTo: end, of: size)
    }
  }

  /// A piece was sent up to an offset of a stream of a size. What is left is due again, but for a character that isn't
  /// complete.
  mutating func sent(_ source: Source, upTo offset: Int, of size: Int) {
    guard var place = places[source] else { return }
    let hasMoved = offset > place.sent
    place.sent = offset
    place.known = max(place.known, size)
    if hasMoved && offset < place.known { due.insert(source) }
    places[source] = place
    if place.hasEnded && !due.contains(source) { forget(source) }
  }

  /// Nothing more is sent of a source.
  mutating func forget(_ source: Source) {
    guard let place = places[source] else { return }
    places[source] = nil
    due.remove(source)
    guard place.hasEnded, over.insert(source).inserted else { return }
    overInOrder.append(source)
    if overInOrder.count > Self.memory { over.remove(overInOrder.removeFirst()) }
  }

  private static func sources(of node: NodeRecord) -> [Source] {
    StepStream.allCases.map { Source(run: node.run, node: node.node, attempt: node.attempt, stream: $0) }
  }
}
