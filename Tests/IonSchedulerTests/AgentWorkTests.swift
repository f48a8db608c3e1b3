import IonScheduler
import IonWorkflow
import Testing

/// Agents that ask for leave, and the sessions that they work in.
@Suite struct AgentWorkTests {
  @Test func anAgentThatAsksKeepsItsPlaceAndGoesOnWithTheAnswer() {
    expectHistory(
      of: flow(node("a", .agent), node("b"), maxParallel: 1),
      """
      started          | slot a
      slot a           | a=running, start a#1
      asks a=g1        | a=awaitingApproval
      asks a=g2        |
      answer a=g2 approve |
      answer a=g1 approve | a=running, tell a approve
      answer a=g1 reject  |
      ok a             | a=succeeded, slot b
      """)
  }

  @Test func theRunWaitsWhereNothingElseGoesOn() {
    var story = Story(flow(node("a", .agent), node("b"), node("g", .gate())))
    story.tell("started", "opened g=g9", "slot a", "slot b", "asks a=g1")
    #expect(story.run.status == .running)
    story.tell("ok b")
    #expect(story.run.status == .awaitingApproval && story.run.hasWaitingAgents)
    #expect(story.run.askingNodes == ["a", "g"] && story.run.runningNodes == ["a"])
    story.tell("drops a=g1")
    #expect(story.run.status == .running && story.status("a") == .running)
    #expect(story.run.node("a")?.gate?.state == .cancelled)
    story.tell("ok a")
    #expect(story.run.status == .awaitingApproval && !story.run.hasWaitingAgents)
  }

  @Test(arguments: ["fail a", "ok a", "lost a", "cancel a", "cancel"])
  func nobodyIsAskedAnyMoreOnceTheAgentEnds(line: String) {
    var story = Story(flow(node("a", .agent, retry: retries(2))))
    story.tell("started", "slot a", "asks a=g1", line)
    #expect(story.run.node("a")?.gate?.state == .cancelled)
    #expect(story.status("a") != .awaitingApproval)
  }

  @Test func aResumeGoesOnInTheSessionThatWasCutOff() {
    var story = Story(flow(node("a", .agent)))
    story.tell("started", "slot a", "session a=s1", "interrupted", "stopped a", "resumed", "slot a")
    #expect(story.run.cutOff(of: "a") == CutOff(attempt: 1, session: NodeSession("s1", of: "p")))
    #expect(story.run.node("a")?.session == nil, "it isn't known yet that it does")
    story.tell("interrupted", "stopped a", "resumed", "slot a")
    #expect(story.run.cutOff(of: "a") == CutOff(attempt: 2, session: NodeSession("s1", of: "p")))
    story.tell("session a=s2", "ok a")
    #expect(story.run.node("a")?.session == NodeSession("s2", of: "p"))
  }

  @Test func whatFailedOrReadSomethingElseBeginsAnew() {
    var story = Story(flow(node("a", alwaysRun: true), node("b", .agent, after: ["a"])))
    story.tell("started", "ok +a=one", "slot b", "session b=s1", "interrupted", "stopped b")
    story.tell("resumed", "ok +a=two", "slot b")
    #expect(story.run.cutOff(of: "b") == nil, "it would be told something else")
    story.tell("session b=s2", "fail b", "resumed", "ok +a=two", "slot b")
    #expect(story.run.cutOff(of: "b") == nil, "it had come to its end")
  }

  @Test func theNearestAgentsUpstreamAreFoundByTheirSessions() {
    var story = Story(
      flow(
        node("a", .agent), node("b", .agent, after: ["a"]), node("c", after: ["b"]), node("d", .agent, after: ["c"]),
        node("e", .agent)))
    story.tell(
      "started", "slot a", "session a=s1", "ok a", "slot e", "session e=s9", "ok e", "slot b", "ok b", "slot c", "ok c")
    #expect(story.run.nearestSessions(upstreamOf: "d").map(\.id) == ["a"], "b never had one, and e isn't upstream")
    #expect(story.run.nearestSessions(upstreamOf: "a").isEmpty)
  }
}
