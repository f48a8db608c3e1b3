internal import IonServer
internal import IonWorkflow

extension NodeShape {
  /// Whether the node is the test of a loop (`until_bash`) that said that the loop is not done: that is an answer, and no
  /// failure that people should look at.
  var saysNotYet: Bool {
    status == .failed && exitCode != nil && iteration != nil && baseId == LoopGroup.testID
  }
}

extension StatusMark {
  static func of(_ node: NodeShape, style: Style) -> String {
    node.saysNotYet ? notYet(style) : of(node.status, style: style)
  }

  /// The sign of a loop's test that said that the loop goes on.
  static func notYet(_ style: Style) -> String { style.dim("↻") }
}
