import IonProcess
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

@Suite struct StepHandleTests {
  private let folder = TemporaryFolder("ion-handle")

  /// A step that says `up`, and does something when it is asked to end.
  private func step(onStop action: String) async throws -> StepProcess {
    folder.write("", to: "work/.keep")
    let (said, sink) = AsyncStream<Void>.makeStream()
    let process = try await StepProcess.start(
      StepCommand(
        "bash", ["-c", "trap '\(action)' TERM; echo up; sleep 1000 & wait"],
        environment: [("PATH", "/usr/local/bin:/usr/bin:/bin")], workingDirectory: folder.path.appending("work"),
        marker: "ION_STEP_MARKER=\(folder.path.name)/a/1/0"),
      output: OutputFiles(folder.path.appending("log"))
    ) { _ in sink.yield() }
    for await _ in said.prefix(1) {}
    return process
  }

  @Test func stepThatWasStoppedOnItsWayGetsTheTimeToEnd() async throws {
    let process = try await step(onStop: "exit 7")
    let handle = StepHandle()
    handle.stop(grace: .seconds(300))
    handle.began(process)
    #expect(await process.result().exit == .exited(7))
  }

  @Test func shortestGraceOfThoseOnTheWayCounts() async throws {
    let process = try await step(onStop: "")
    let handle = StepHandle()
    handle.stop(grace: .seconds(300))
    handle.stop(grace: .zero)
    handle.stop(grace: .seconds(300))
    handle.began(process)
    #expect(await process.result().exit == .signalled(9))
  }

  @Test func runningStepIsStoppedAtOnce() async throws {
    let process = try await step(onStop: "exit 7")
    let handle = StepHandle()
    handle.began(process)
    handle.stop(grace: .seconds(300))
    #expect(await process.result().exit == .exited(7))
  }
}
