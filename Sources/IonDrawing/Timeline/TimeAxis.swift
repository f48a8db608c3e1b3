/// Time from left to right, with the long stretches cut short in which nothing ran (between two attempts of a run, say).
struct TimeAxis {
  struct Tick: Hashable, Sendable {
    var x: Double
    /// The time since the beginning.
    var label: String
  }

  /// A stretch that was cut short.
  struct Break: Hashable, Sendable {
    var x: Double
    var width: Double
    /// How long it is.
    var length: Int64
  }

  /// A stretch of time on a stretch of the axis.
  private struct Stretch {
    var start: Int64
    var end: Int64
    var x: Double
    var width: Double
    var isCut: Bool
  }

  private var stretches: [Stretch] = []
  private(set) var ticks: [Tick] = []
  private(set) var breaks: [Break] = []
  let width: Double

  /// - Parameters:
  ///   - spans: What must be seen whole, by start.
  ///   - width: Of the whole axis.
  init(_ spans: [(start: Int64, end: Int64)], width: Double) {
    self.width = width
    let busy = Self.merged(spans)
    guard let first = busy.first, let last = busy.last else { return }
    let work = max(1, busy.reduce(0) { $0 + $1.end - $1.start })
    var pieces: [(start: Int64, end: Int64, isCut: Bool)] = [(first.start, first.end, false)]
    for (before, after) in zip(busy, busy.dropFirst()) {
      // What is short beside the work is left as it is.
      let isCut = after.start - before.end > max(work / 3, 2_000)
      if isCut {
        pieces.append((before.end, after.start, true))
        pieces.append((after.start, after.end, false))
      } else {
        pieces[pieces.count - 1].end = after.end
      }
    }
    if pieces.count == 1, last.end == first.start { pieces[0].end += 1 }
    place(pieces)
    breaks = stretches.filter(\.isCut).map { Break(x: $0.x, width: $0.width, length: $0.end - $0.start) }
    makeTicks(since: first.start)
  }

  /// Where a moment is; what lies outside is at the nearer end.
  func x(of time: Int64) -> Double {
    guard let first = stretches.first, let last = stretches.last else { return 0 }
    if time <= first.start { return first.x }
    if time >= last.end { return last.x + last.width }
    var low = 0, high = stretches.count - 1
    while low < high {
      let middle = (low + high) / 2
      if stretches[middle].end < time { low = middle + 1 } else { high = middle }
    }
    let stretch = stretches[low]
    return stretch.x + stretch.width * Double(time - stretch.start) / Double(max(1, stretch.end - stretch.start))
  }

  /// Spans that touch or overlap as one.
  private static func merged(_ spans: [(start: Int64, end: Int64)]) -> [(start: Int64, end: Int64)] {
    var merged: [(start: Int64, end: Int64)] = []
    for span in spans {
      if let last = merged.last, span.start <= last.end {
        merged[merged.count - 1].end = max(last.end, span.end)
      } else {
        merged.append(span)
      }
    }
    return merged
  }

  private mutating func place(_ pieces: [(start: Int64, end: Int64, isCut: Bool)]) {
    let cuts = pieces.count { $0.isCut }
    // However many breaks there are, most of the axis is left to the work.
    let cutWidth = cuts == 0 ? 0 : min(64, width / 3 / Double(cuts))
    let work = Double(max(1, pieces.reduce(0) { $0 + ($1.isCut ? 0 : $1.end - $1.start) }))
    let room = width - cutWidth * Double(cuts)
    var x = 0.0
    for piece in pieces {
      let width = piece.isCut ? cutWidth : room * Double(piece.end - piece.start) / work
      stretches.append(Stretch(start: piece.start, end: piece.end, x: x, width: width, isCut: piece.isCut))
      x += width
    }
  }

  /// What may lie between two ticks, in milliseconds.
  private static let steps: [Int64] =
    [1, 2, 5, 10, 20, 50, 100, 200, 500] + [1, 2, 5, 10, 15, 30].map { $0 * 1_000 }
    + [1, 2, 5, 10, 15, 30].map { $0 * 60_000 } + [1, 2, 3, 6, 12].map { $0 * 3_600_000 }
    + [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000].map { $0 * 86_400_000 }

  private mutating func makeTicks(since begin: Int64) {
    let work = stretches.reduce(0) { $0 + ($1.isCut ? 0 : $1.end - $1.start) }
    let step = Self.steps.first { work / $0 <= 10 } ?? max(1, work / 10)
    for stretch in stretches where !stretch.isCut {
      var time = (stretch.start - begin + step - 1) / step * step
      // A stretch between two breaks that no round time falls into says when it begins.
      if begin + time > stretch.end { time = stretch.start - begin }
      while begin + time <= stretch.end {
        let x = x(of: begin + time)
        if ticks.last.map({ x - $0.x >= 44 }) ?? true {
          ticks.append(Tick(x: x, label: TimeText.tick(time, step: step)))
        }
        time += step
      }
    }
  }
}
