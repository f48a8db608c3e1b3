import IonScheduler
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

/// What goes into one commit of a run, and what waits for the next.
@Suite struct TurnTests {
  @Test func theEndOfAStepAndTheStartOfTheNextAreOneTurn() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/chain.yaml": """
      name: chain
      nodes:
        - id: a
          bash: ":"
        - id: b
          depends_on: [a]
          when: "$a.status == 'succeeded'"
          bash: ":"
        - id: c
          depends_on: [b]
          bash: ":"
      """
    ])
    let (run, _) = try await fixture.run("chain")
    #expect(run.status == .succeeded)
    let turns = fixture.platform.progress.map { $0.nodes.map { "\($0.node) \($0.status.rawValue)" } }
    #expect(turns == [["a running"], ["a succeeded", "b running"], ["b succeeded", "c running"], ["c succeeded"]])
  }

  @Test func aNodeSaysHowMuchItsLastAttemptPrinted() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: silent
          bash: ":"
        - id: both
          bash: echo out; echo err >&2
        - id: failed
          bash: printf %s never-mind; exit 3
        - id: unstarted
          exec: [no-such-program-anywhere]
        - id: skipped
          depends_on: [failed]
          bash: echo no
      """
    ])
    let (_, nodes) = try await fixture.run("w")
    #expect(nodes["silent"]?.logBytes == 0)
    #expect(nodes["both"]?.logBytes == 8)
    #expect(nodes["failed"]?.logBytes == 10)
    #expect(nodes["unstarted"]?.logBytes == 0)
    #expect(nodes["skipped"]?.logBytes == nil)
  }

  @Test func aFactThatLingersIsTakenWithTheNextThatPresses() async {
    let mailbox = RunMailbox([])
    #expect(mailbox.postLingering(.stepSpawned("a", Self.process)))
    #expect(!mailbox.postLingering(.stepSpawned("b", Self.process)))
    async let taken = mailbox.take()
    mailbox.post(.stepStopped("a"))
    #expect(
      await taken.map(\.event) == [.stepSpawned("a", Self.process), .stepSpawned("b", Self.process), .stepStopped("a")])
    #expect(mailbox.isEmpty)
  }

  @Test func aFactThatLingersIsTakenWhenItIsPressed() async {
    let mailbox = RunMailbox([])
    #expect(mailbox.postLingering(.stepSpawned("a", Self.process)))
    async let taken = mailbox.take()
    mailbox.press()
    #expect(await taken.map(\.event) == [.stepSpawned("a", Self.process)])
    #expect(mailbox.postLingering(.stepSpawned("b", Self.process)))
  }

  @Test func pressingNothingWakesNobody() async {
    let mailbox = RunMailbox([])
    mailbox.press()
    async let taken = mailbox.take()
    mailbox.post(.started)
    #expect(await taken.map(\.event) == [.started])
    #expect(mailbox.takeAll() == [])
  }

  private static let process = ProcessFacts(pid: 1, startTicks: 2, bootID: "boot")
}
