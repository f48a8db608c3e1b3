internal import IonJSONSchema
internal import IonWorkflow

/// The nodes that a text may name: those of its own list, and those of the lists around it.
struct Scope {
  /// One list of nodes.
  struct Level {
    var indices: [NodeID: Int] = [:]
    /// Nodes whose whole output is an agent's answer in its own words.
    var freeForm: Set<NodeID> = []
    /// What the outputs of nodes must be, where that is said.
    var formats: [NodeID: JSONSchema] = [:]
    /// Nodes whose own nodes are called `include__node`.
    var includes: Set<NodeID> = []
    /// The nodes inside of the list's groups, and the group that each is in; from outside they can't be named.
    var hidden: [NodeID: NodeID] = [:]
    /// What `$MATRIX.name` may say in every text of the list.
    var matrix: Set<String> = []
    /// Whether the list is a group's body.
    var isBody = false
  }

  /// The outermost list first.
  var levels: [Level]

  /// What an id is, as seen from the innermost list.
  enum Finding {
    /// A node of the list: its place, and its id, which is the include's for a node that is included.
    case local(Int, NodeID)
    /// A node of a list further out; its id as `local` has it.
    case outer(NodeID)
    case hidden(in: NodeID)
    case unknown
  }

  func find(_ id: NodeID) -> Finding {
    for (depth, level) in levels.enumerated().reversed() {
      let id = level.indices[id] == nil ? level.include(of: id) ?? id : id
      if let index = level.indices[id] { return depth == levels.count - 1 ? .local(index, id) : .outer(id) }
    }
    for level in levels.reversed() {
      if let group = level.hidden[id] { return .hidden(in: group) }
    }
    return .unknown
  }

  /// Every id that may be named here.
  var names: [String] { levels.flatMap { $0.indices.keys.map(\.rawValue) } }

  /// How many there are.
  var count: Int { levels.reduce(0) { $0 + $1.indices.count } }

  /// What a node's output must be; nil where that isn't said.
  func format(of id: NodeID) -> JSONSchema? { levels.last { $0.indices[id] != nil }?.formats[id] }

  func isFreeForm(_ id: NodeID) -> Bool {
    levels.last { $0.indices[id] != nil }?.freeForm.contains(id) ?? false
  }
}

extension Scope.Level {
  /// The include that an id such as `include__node` belongs to.
  func include(of id: NodeID) -> NodeID? {
    guard !includes.isEmpty, id.rawValue.utf8.count <= 1000 else { return nil }
    return id.rawValue.ranges(of: "__").lazy.map { NodeID(id.rawValue[..<$0.lowerBound]) }
      .first { includes.contains($0) }
  }
}

/// What the whole file knows, for every list of nodes in it.
struct FileFacts {
  /// The names of the inputs that are declared.
  var inputs: Set<String> = []
  /// The nodes that run at the end, and the list that each is in.
  var ends: [NodeID: String] = [:]
  /// The lines, from 1, of inputs whose declaration was left out as wrong.
  var droppedInputs: [String: Int] = [:]
}
