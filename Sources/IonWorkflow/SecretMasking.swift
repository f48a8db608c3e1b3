/// Hides secrets in a stream, however it is cut into pieces.
///
/// What may still become a secret is held back, at most one byte less than the longest secret has.
public struct SecretMasking: Sendable {
  private let mask: SecretMask
  private var state = 0
  /// The bytes from `base` on that came; those before `given` were handed out or hidden.
  private var bytes: [UInt8] = []
  private var base = 0
  private var given = 0
  /// The stretches behind `given` that belong to secrets, in order, apart from each other.
  private var hidden: [Range<Int>] = []
  /// Whether the last byte before `given` was hidden.
  private var isInside = false

  public init(_ mask: SecretMask) { self.mask = mask }

  /// Takes the next bytes, and adds what can be shown by now to `output`.
  public mutating func take(_ piece: UnsafeRawBufferPointer, into output: inout [UInt8]) {
    let start = end
    bytes.append(contentsOf: piece)
    let mask = mask
    mask.states.withUnsafeBufferPointer { states in
      mask.starts.withUnsafeBufferPointer { starts in read(piece, at: start, states, starts) }
    }
    give(upTo: end - Int(mask.states[state].depth), into: &output)
  }

  /// Whether `release` would show something.
  public var isReleasable: Bool { given < end && Int(mask.states[state].depth) <= mask.harmlessLength }

  /// Shows what is held back where it is too little to give a secret away: nothing came for a while, and people look. The
  /// rest of what may become a secret is hidden all the same.
  public mutating func release(into output: inout [UInt8]) {
    if isReleasable { give(upTo: end, into: &output) }
  }

  /// Shows what is held back: nothing comes any more.
  public mutating func finish(into output: inout [UInt8]) {
    give(upTo: end, into: &output)
    state = 0
  }

  /// How many bytes came.
  private var end: Int { base + bytes.count }

  private mutating func read(
    _ piece: UnsafeRawBufferPointer, at start: Int, _ states: UnsafeBufferPointer<SecretMask.State>,
    _ starts: UnsafeBufferPointer<Int32>
  ) {
    var state = state
    for (index, byte) in piece.enumerated() {
      state = Self.next(state, byte, states, starts)
      let found = Int(states[state].found)
      if found > 0 { hide(start + index + 1 - found..<start + index + 1) }
    }
    self.state = state
  }

  /// The state that a byte leads to. A state falls back at most as often as bytes were read.
  private static func next(
    _ state: Int, _ byte: UInt8, _ states: UnsafeBufferPointer<SecretMask.State>, _ starts: UnsafeBufferPointer<Int32>
  ) -> Int {
    var state = state
    while state != 0 {
      var next = Int(states[state].child)
      while next != 0, states[next].byte != byte { next = Int(states[next].sibling) }
      if next != 0 { return next }
      state = Int(states[state].fallback)
    }
    return Int(starts[Int(byte)])
  }

  /// Notes that bytes belong to a secret. What of them was shown already stays so.
  private mutating func hide(_ range: Range<Int>) {
    guard range.upperBound > given else { return }
    var start = max(range.lowerBound, given)
    while let last = hidden.last, last.upperBound >= start {
      start = min(start, last.lowerBound)
      hidden.removeLast()
    }
    hidden.append(start..<range.upperBound)
  }

  /// Hands out what came before a place, and the secret that goes on there.
  private mutating func give(upTo place: Int, into output: inout [UInt8]) {
    var next = 0
    while true {
      if next < hidden.count, hidden[next].lowerBound <= given {
        if !isInside { output += SecretMask.replacement.utf8 }
        isInside = true
        given = hidden[next].upperBound
        next += 1
      } else if given < place {
        let limit = next < hidden.count ? min(place, hidden[next].lowerBound) : place
        output += bytes[(given - base)..<(limit - base)]
        given = limit
        isInside = false
      } else {
        break
      }
    }
    hidden.removeFirst(next)
    // Half of it at least is given then: each byte is moved a few times at most.
    if given - base >= bytes.count - bytes.count / 2 {
      bytes.removeFirst(given - base)
      base = given
    }
  }
}
