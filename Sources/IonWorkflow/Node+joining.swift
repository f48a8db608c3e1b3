extension Node {
  /// Whether the node does nothing itself: it stands for others and settles behind them.
  public var isJoin: Bool {
    switch kind {
    case .include, .matrix: true
    case .bash, .script, .exec, .prompt, .command, .loop, .loopGroup, .approval, .workflow, .cancel, .finish: false
    }
  }

  /// The nodes that this one stands for; nil for a node that does something itself.
  public var members: [NodeID]? {
    switch kind {
    case .include(let include): include.members
    case .matrix(let matrix): matrix.instances
    case .bash, .script, .exec, .prompt, .command, .loop, .loopGroup, .approval, .workflow, .cancel, .finish: nil
    }
  }

  /// Whether another node of the list stands for this one.
  public var isStoodFor: Bool { include != nil || instance != nil }
}
