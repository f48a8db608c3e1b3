import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonWorkflowFile

/// Right files are read, and say what this version doesn't do.
@Suite struct CorpusTests {
  @Test(arguments: Corpus.valid)
  func aRightFileIsRead(_ file: MarkedText) {
    let reading = WorkflowReader.read(file.text)
    #expect(reading.definition != nil, "\(reading.diagnostics)")
    #expect(
      MarkedText.found(reading.diagnostics).symmetricDifference(file.expectations).sorted { "\($0)" < "\($1)" } == [])
    #expect(reading.diagnostics.allSatisfy { $0.severity == .warning })
  }

  @Test func whatIsNotActedOnIsKept() throws {
    let file = try #require(Corpus.valid.first { $0.name == "keys that aren't acted on" })
    let workflow = try #require(WorkflowReader.read(file.text).definition)
    var agent = AgentSettings(provider: "claude", model: "big", effort: "high")
    agent.persistsSession = true
    #expect(workflow.agent == agent)
    #expect(workflow.interactive)
    #expect(workflow.secrets == ["TOKEN"])
    #expect(
      workflow.other.keys == ["resources", "webSearchMode", "runner"])
    #expect(workflow.budget == Budget(usd: 1.5, tokens: 1000))
    #expect(workflow.nodes.map(\.id) == ["judge", "each[linux]", "each[macos]", "each", "once", "good", "f", "end"])
    #expect(workflow.nodes[1].other.keys == ["effects", "problem_matcher"])
    #expect(workflow.nodes[1].cache == CachePolicy(inputs: ["*.c"], key: Template.parse("k").template))
    #expect(workflow.nodes[4].other.keys == ["effects", "container"])
  }

  @Test func agentsKeysAreKeptWithTheAgent() throws {
    let file = try #require(Corpus.valid.first { $0.name == "agents" })
    let nodes = try #require(WorkflowReader.read(file.text).definition).nodes
    #expect(nodes[0].kind == .prompt(Template.parse("Look at $ARGUMENTS.").template))
    #expect(nodes[0].agent.provider == "claude" && nodes[0].agent.model == "big" && nodes[0].agent.effort == "low")
    #expect(nodes[0].agent.allowedTools == ["Read"] && nodes[0].agent.deniedTools == ["Write"])
    #expect(nodes[0].agent.systemPrompt == Template.parse("Be brief.").template)
    #expect(nodes[0].agent.other["mcp"] == "servers.json" && nodes[0].agent.other.count == 9)
    #expect(nodes[0].agent.session == .fresh && nodes[0].agent.persistsSession == false)
    #expect(nodes[0].agent.budget == 0.5)
    #expect(nodes[0].other.isEmpty)
    #expect(nodes[1].kind == .command(PromptFile("review")) && nodes[1].agent.session == .resume("ask"))
  }

  @Test func loopsAreRead() throws {
    let file = try #require(Corpus.valid.first { $0.name == "loops" })
    let nodes = try #require(WorkflowReader.read(file.text).definition).nodes
    guard case .loop(let loop) = nodes[0].kind, case .loopGroup(let group) = nodes[2].kind else {
      Issue.record("\(nodes.map(\.kind.name))")
      return
    }
    #expect(loop.body == .prompt(Template.parse("Fix it. $LOOP_PREV_OUTPUT").template))
    #expect(loop.until == "DONE" && loop.maxIterations == 5 && loop.freshContext && loop.interactive)
    #expect(loop.signalCompletes && loop.untilBash?.occurrences.count == 1 && loop.gateMessage != nil)
    #expect(group.nodes.map(\.id) == ["edit", "test"] && group.maxIterations == 3)
    #expect(group.nodes[1].dependsOn == ["edit"] && nodes[2].waitsFor == [])
  }

  @Test func gatesAreRead() throws {
    let file = try #require(Corpus.valid.first { $0.name == "gates" })
    let nodes = try #require(WorkflowReader.read(file.text).definition).nodes
    var gate = Approval(message: Template.parse("Ship $ARGUMENTS?").template)
    gate.decisions = [
      Approval.Decision(id: "approve", label: "Ship it"), Approval.Decision(id: "ask-again", label: "ask-again"),
    ]
    gate.form = [InputDeclaration(name: "reason")]
    gate.form[0].isRequired = true
    gate.timeout = .seconds(7200)
    gate.defaultDecision = "ask-again"
    #expect(nodes[0].kind == .approval(gate))
    var other = Approval(message: Template.parse("Well?").template)
    other.captureResponse = true
    other.onReject = Approval.Rejection(prompt: Template.parse("Do better. $REJECTION_REASON").template, maxAttempts: 2)
    #expect(nodes[1].kind == .approval(other))
  }

  @Test func childrenAreRead() throws {
    let file = try #require(Corpus.valid.first { $0.name == "children" })
    let nodes = try #require(WorkflowReader.read(file.text).definition).nodes
    var each = ChildWorkflow(workflow: "other")
    each.isolation = .worktree
    each.fanOut = ChildWorkflow.FanOut(
      items: .reference(Reference(.output("list"))), as: "item", maxParallel: 2, join: .allSuccess)
    var fixed = ChildWorkflow(workflow: "other")
    fixed.input = Template.parse("Do $list.output").template
    fixed.fanOut = ChildWorkflow.FanOut(items: .literal([1, "b"]), as: "item")
    #expect(nodes.map(\.kind).dropFirst() == [.workflow(each), .workflow(fixed), .include(Include(workflow: "more"))])
    #expect(nodes[3].bindings == [Binding(name: "x", value: .literal(1))])
  }

  @Test func everyStyleSaysWhatItSays() throws {
    let file = try #require(Corpus.valid.first { $0.name == "styles" })
    let workflow = try #require(WorkflowReader.read(file.text).definition)
    #expect(workflow.name == "it's" && workflow.description == "folded text\nwith a gap")
    #expect(workflow.nodes[0].kind == .bash(BashBody.parse("  echo  indented\n\n").body))
    #expect(workflow.nodes[1].kind == .finish(Template(segments: [.text("onetwo é\t three")])))
    #expect(workflow.nodes[2].kind == .finish(Template(segments: [.text("plain over lines")])))
    #expect(workflow.nodes[2].environment.map(\.value.segments) == [[.text("1")], [.text("x")], [.text("x")]])
  }
}
