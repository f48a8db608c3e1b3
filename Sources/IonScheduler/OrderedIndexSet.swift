/// A set of indices below a bound whose least one is found at once: one bit per index, and above every 64 words
/// one word that says which of them aren't empty. Each operation costs as many steps as there are levels: three for
/// anything up to 262,144 indices.
struct OrderedIndexSet: Hashable, Sendable {
  /// The bits of the members first, then level by level what says where bits are; the last level is one word.
  private var levels: [[UInt64]]
  private(set) var count = 0

  /// An empty set for the indices `0 ..< bound`.
  init(bound: Int) {
    var words = max(1, (bound + 63) / 64)
    levels = [[UInt64](repeating: 0, count: words)]
    while words > 1 {
      words = (words + 63) / 64
      levels.append([UInt64](repeating: 0, count: words))
    }
  }

  /// Makes room for indices below a larger bound. Growing by pieces costs no more than as many words as are added, and a
  /// few for each level.
  mutating func grow(to bound: Int) {
    var words = max(1, (bound + 63) / 64)
    for level in 0... {
      if level == levels.count {
        // What was the last level has its only bits in its first word.
        levels.append([levels[level - 1][0] == 0 ? 0 : 1])
      }
      let missing = words - levels[level].count
      if missing > 0 { levels[level].append(contentsOf: repeatElement(0, count: missing)) }
      guard words > 1 else { return }
      words = (words + 63) / 64
    }
  }

  var isEmpty: Bool { count == 0 }

  /// The least member; nil where there is none.
  var first: Int? {
    guard count > 0 else { return nil }
    var index = 0
    for level in levels.reversed() { index = index << 6 | level[index].trailingZeroBitCount }
    return index
  }

  /// Every member, ascending, in time that grows with them and not with the bound.
  var members: [Int] {
    guard count > 0 else { return [] }
    var indices = [0]
    for level in levels.reversed() {
      var below: [Int] = []
      below.reserveCapacity(indices.count)
      for index in indices {
        var word = level[index]
        while word != 0 {
          below.append(index << 6 | word.trailingZeroBitCount)
          word &= word - 1
        }
      }
      indices = below
    }
    return indices
  }

  func contains(_ index: Int) -> Bool { levels[0][index >> 6] & (1 << UInt64(index & 63)) != 0 }

  /// Puts an index in; one that is in already changes nothing.
  mutating func insert(_ index: Int) {
    guard !contains(index) else { return }
    count += 1
    var position = index
    for level in levels.indices {
      levels[level][position >> 6] |= 1 << UInt64(position & 63)
      position >>= 6
    }
  }

  /// Takes an index out; one that isn't in changes nothing.
  mutating func remove(_ index: Int) {
    guard contains(index) else { return }
    count -= 1
    var position = index
    for level in levels.indices {
      levels[level][position >> 6] &= ~(1 << UInt64(position & 63))
      guard levels[level][position >> 6] == 0 else { return }
      position >>= 6
    }
  }
}
