import IonJSON
import IonWorkflow
import Testing

@Suite struct NodeReferencesTests {
  private func output(_ id: NodeID) -> Reference { Reference(.output(id)) }
  private func text(_ id: NodeID) -> Template { Template(segments: [.text("see "), .reference(output(id))]) }
  private func body(_ id: NodeID) -> BashBody { BashBody.parse("echo $\(id).output").body }

  private var loop: Loop {
    var loop = Loop(body: .prompt(text("a")), maxIterations: 2)
    loop.untilBash = body("b")
    loop.gateMessage = text("c")
    return loop
  }

  private var group: LoopGroup {
    var group = LoopGroup(nodes: [Node(id: "inner", kind: .prompt(text("a")))], maxIterations: 2)
    group.untilBash = body("b")
    group.gateMessage = text("c")
    return group
  }

  private var approval: Approval {
    var approval = Approval(message: text("a"))
    approval.onReject = Approval.Rejection(prompt: text("b"))
    return approval
  }

  private var child: ChildWorkflow {
    var child = ChildWorkflow(workflow: "other")
    child.input = text("a")
    child.fanOut = ChildWorkflow.FanOut(items: .reference(output("b")), as: "item")
    return child
  }

  @Test func everyKindTellsWhatItsTextsName() {
    let kinds: [(NodeKind, Set<NodeID>)] = [
      (.bash(body("a")), ["a"]), (.exec([text("a"), text("b")]), ["a", "b"]), (.prompt(text("a")), ["a"]),
      (.cancel(text("a")), ["a"]), (.finish(text("a")), ["a"]), (.loop(loop), ["a", "b", "c"]),
      (.loop(Loop(body: .command(PromptFile("review")), maxIterations: 1)), []), (.loopGroup(group), ["a", "b", "c"]),
      (.approval(approval), ["a", "b"]), (.workflow(child), ["a", "b"]), (.include(Include(workflow: "other")), []),
      (.script(Script(source: .inline("$a.output"), runtime: "sh")), []), (.command(PromptFile("review")), []),
      (.command(PromptFile("review", text: text("a"))), ["a"]),
    ]
    for (kind, expected) in kinds {
      #expect(Set(Node(id: "n", kind: kind).references.compactMap(\.node)) == expected, "\(kind.name)")
    }
  }

  @Test func literalItemsNameNothing() {
    var child = ChildWorkflow(workflow: "other")
    child.fanOut = ChildWorkflow.FanOut(items: .literal([.string("x")]), as: "item")
    #expect(Node(id: "n", kind: .workflow(child)).references.isEmpty)
  }

  @Test func theCommonKeysAreRead() {
    var node = Node(id: "n", kind: .exec([]))
    node.environment = [EnvironmentEntry(name: "E", value: text("env"))]
    node.bindings = [
      Binding(name: "x", value: .reference(output("whole"), ifSkipped: nil)),
      Binding(name: "y", value: .template(text("part"))),
      Binding(name: "z", value: .literal(.string("$no.output"))),
    ]
    node.when = .and([
      .not(.operand(.reference(output("flag")))),
      .or([.comparison(.reference(output("left")), .isIn, .list([.literal(.null), .reference(output("listed"))]))]),
    ])
    let named = node.references.compactMap(\.node)
    #expect(named == ["env", "whole", "part", "flag", "left", "listed"])
  }
}
