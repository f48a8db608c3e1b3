internal import IonWorkflow

/// Where a node stands among loops and instances, as its id tells: `review#2/test[a,1]`.
struct NodePath: Hashable, Sendable {
  /// The frames that it stands in, outermost first.
  private(set) var frames: [Frame] = []
  /// What the node is called within the innermost frame.
  let name: String
  /// What its id has before the ids of its own iteration: `review#2/`; empty outside loops.
  let prefix: String

  enum Frame: Hashable, Sendable {
    /// All iterations of the loop of this id.
    case loop(id: String)
    /// One of them; its prefix is the beginning of its nodes' ids, up to the slash.
    case iteration(prefix: String, number: String)
    /// All instances of the node of this id.
    case instances(id: String)
    /// All that the include of this id brought.
    case included(id: String)
    /// All that has its turn at the same stage of the run.
    case phase(NodePhase)
  }

  /// Reads an id. One that is like no instance's is its own name.
  init(_ id: String) {
    var parts: [Substring] = []
    var start = id.startIndex
    var depth = 0
    // What stands in brackets are values, whatever is in them.
    for index in id.indices {
      switch id[index] {
      case "[": depth += 1
      case "]": depth = max(0, depth - 1)
      case "/" where depth == 0 && Self.number(in: id[start..<index]) != nil:
        parts.append(id[start..<index])
        start = id.index(after: index)
      default: break
      }
    }
    for part in parts {
      guard let number = Self.number(in: part) else { continue }
      let owner = id[..<id.index(before: number.startIndex)]
      frames += [.loop(id: String(owner)), .iteration(prefix: String(id[..<part.endIndex]), number: String(number))]
    }
    let rest = id[start...]
    prefix = String(id[..<start])
    if rest.hasSuffix("]"), let bracket = rest.firstIndex(of: "["), bracket > rest.startIndex {
      frames.append(.instances(id: String(id[..<bracket])))
      name = String(rest[bracket...])
    } else {
      name = String(rest)
    }
  }

  /// The number of the iteration that a part names (`review#2`); nil for any other part.
  private static func number(in part: Substring) -> Substring? {
    guard let mark = part.lastIndex(of: "#"), mark > part.startIndex else { return nil }
    let number = part[part.index(after: mark)...]
    return !number.isEmpty && number.utf8.allSatisfy { (48...57).contains($0) } ? number : nil
  }
}
