/// A pattern as instructions for a machine that follows all ways through it at once.
struct PatternProgram: Hashable, Sendable {
  enum Instruction: Hashable, Sendable {
    /// Takes one code point of the set with this number.
    case take(Int)
    /// Goes both ways.
    case split(Int, Int)
    case jump(Int)
    case place(PatternPlace)
    /// Goes on where the look-around with this number holds, or doesn't.
    case look(Int, isNegated: Bool)
    case accept
  }

  private(set) var instructions: [Instruction] = []
  private(set) var sets: [ScalarSet] = []
  /// Whether the instructions go through a text from its end.
  let isBackward: Bool

  /// More instructions than that make a pattern too large.
  static let largest = 20_000
  /// More look-arounds than that as well: each is a pass over the text.
  static let mostLooks = 100

  /// `looks` takes the programs of the look-arounds, the inner ones first.
  init(_ node: PatternNode, isBackward: Bool, looks: inout [PatternProgram]) throws(PatternFailure) {
    self.isBackward = isBackward
    try emit(node, &looks)
    try emit(.accept)
  }

  private mutating func emit(_ instruction: Instruction) throws(PatternFailure) {
    guard instructions.count < Self.largest else {
      throw PatternFailure(offset: 0, reason: "comes to more than \(Self.largest) steps, which is too large")
    }
    instructions.append(instruction)
  }

  private mutating func emit(_ node: PatternNode, _ looks: inout [PatternProgram]) throws(PatternFailure) {
    switch node {
    case .set(let set):
      if sets.last != set { sets.append(set) }
      try emit(.take(sets.count - 1))
    case .sequence(let parts):
      for part in isBackward ? parts.reversed() : parts { try emit(part, &looks) }
    case .alternatives(let branches): try emit(branches[...], &looks)
    case .repetition(let body, let minimum, let maximum):
      let start = instructions.count
      for _ in 0..<minimum {
        try emit(body, &looks)
        // What comes to nothing comes to nothing however often it is repeated.
        if instructions.count == start { break }
      }
      try emitRest(of: body, maximum.map { $0 - minimum }, &looks)
    case .place(let place): try emit(.place(place))
    case .look(let body, let isBehind, let isNegated):
      // What follows a place is found from the text's end, so that one pass knows it for every place.
      let program = try PatternProgram(body, isBackward: !isBehind, looks: &looks)
      guard looks.count < Self.mostLooks else {
        throw PatternFailure(offset: 0, reason: "looks around more than \(Self.mostLooks) times, which is too much")
      }
      looks.append(program)
      try emit(.look(looks.count - 1, isNegated: isNegated))
    }
  }

  private mutating func emit(
    _ branches: ArraySlice<PatternNode>, _ looks: inout [PatternProgram]
  ) throws(PatternFailure) {
    var ends: [Int] = []
    for branch in branches.dropLast() {
      let fork = instructions.count
      try emit(.split(fork + 1, 0))
      try emit(branch, &looks)
      ends.append(instructions.count)
      try emit(.jump(0))
      instructions[fork] = .split(fork + 1, instructions.count)
    }
    if let last = branches.last { try emit(last, &looks) }
    for end in ends { instructions[end] = .jump(instructions.count) }
  }

  /// What a repetition may take beyond what it must.
  private mutating func emitRest(
    of body: PatternNode, _ count: Int?, _ looks: inout [PatternProgram]
  ) throws(PatternFailure) {
    guard let count else {
      let fork = instructions.count
      try emit(.split(fork + 1, 0))
      try emit(body, &looks)
      try emit(.jump(fork))
      instructions[fork] = .split(fork + 1, instructions.count)
      return
    }
    var forks: [Int] = []
    for _ in 0..<count {
      forks.append(instructions.count)
      try emit(.split(instructions.count + 1, 0))
      try emit(body, &looks)
    }
    for fork in forks { instructions[fork] = .split(fork + 1, instructions.count) }
  }
}

/// Runs a program over one text: work grows with the text's length times the program's, whatever they are.
struct PatternMachine {
  private let text: [UInt32]
  /// For each look-around, the places where it holds.
  private var held: [[Bool]] = []

  init(_ text: String, looks: [PatternProgram]) {
    self.text = text.unicodeScalars.map(\.value)
    for look in looks { held.append(places(look, stopsAtFirst: false)) }
  }

  /// Whether the program matches somewhere in the text.
  func matches(_ program: PatternProgram) -> Bool { places(program, stopsAtFirst: true).contains(true) }

  /// The places at which a match ends (for a backward program: begins).
  private func places(_ program: PatternProgram, stopsAtFirst: Bool) -> [Bool] {
    var accepted = [Bool](repeating: false, count: text.count + 1)
    var seen = [Int](repeating: -1, count: program.instructions.count)
    var ways: [Int] = []
    var stack: [Int] = []
    for step in 0...text.count {
      let place = program.isBackward ? text.count - step : step
      stack.append(0)
      for way in ways.reversed() { stack.append(way) }
      ways.removeAll(keepingCapacity: true)
      follow(&stack, at: place, step, program, &seen, &ways, &accepted)
      if stopsAtFirst && accepted[place] { return accepted }
      guard step < text.count else { break }
      let scalar = program.isBackward ? text[place - 1] : text[place]
      ways = ways.compactMap { way in
        guard case .take(let set) = program.instructions[way], program.sets[set].contains(scalar) else { return nil }
        return way + 1
      }
    }
    return accepted
  }

  /// Follows every way that takes nothing, up to what takes something.
  private func follow(
    _ stack: inout [Int], at place: Int, _ step: Int, _ program: PatternProgram, _ seen: inout [Int],
    _ ways: inout [Int], _ accepted: inout [Bool]
  ) {
    while let way = stack.popLast() {
      guard seen[way] != step else { continue }
      seen[way] = step
      switch program.instructions[way] {
      case .take: ways.append(way)
      case .split(let first, let second):
        stack.append(second)
        stack.append(first)
      case .jump(let target): stack.append(target)
      case .place(let wanted): if isPlace(wanted, place) { stack.append(way + 1) }
      case .look(let index, let isNegated): if held[index][place] != isNegated { stack.append(way + 1) }
      case .accept: accepted[place] = true
      }
    }
  }

  private func isPlace(_ wanted: PatternPlace, _ place: Int) -> Bool {
    switch wanted {
    case .start: place == 0
    case .end: place == text.count
    case .wordBoundary: isWord(place - 1) != isWord(place)
    case .insideWord: isWord(place - 1) == isWord(place)
    }
  }

  private func isWord(_ index: Int) -> Bool { text.indices.contains(index) && ScalarSet.word.contains(text[index]) }
}
