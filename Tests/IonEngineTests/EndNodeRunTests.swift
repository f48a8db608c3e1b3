import IonScheduler
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

/// Runs with nodes that have their turn at the end.
@Suite struct EndNodeRunTests {
  private static func files(_ body: String) -> [String: String] {
    [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: work
          bash: \(body)
      on_success:
        - {id: praise, bash: 'echo "praise $work.output" >> order'}
      on_failure:
        - {id: blame, bash: 'echo "blame $work.status" >> order'}
      on_exit:
        - {id: clean, bash: 'echo "clean $work.status" >> order'}
      """
    ]
  }

  @Test func aSuccessIsPraisedAndCleanedUpAfter() async throws {
    let fixture = try await EngineFixture(files: Self.files("echo fine"))
    let (run, nodes) = try await fixture.run("w")
    #expect(run.status == .succeeded, "\(run.error ?? "")")
    #expect(fixture.folder.read("workspace/order") == "praise fine\nclean succeeded\n")
    #expect(nodes["blame"]?.status == .skipped)
    #expect(nodes["blame"]?.summary == "not run: the run succeeded")
  }

  @Test func aFailureIsBlamedInEveryAttempt() async throws {
    let fixture = try await EngineFixture(files: Self.files("test -e ok"))
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .failed)
    #expect(run.error == "work failed: exit code 1")
    #expect(fixture.folder.read("workspace/order") == "blame failed\nclean failed\n")
    fixture.folder.write("", to: "workspace/ok")
    _ = try await fixture.workspace.resume(run.id, secrets: [:])
    let (mended, nodes) = try await fixture.end(of: run.id)
    #expect(mended.status == .succeeded)
    #expect(fixture.folder.read("workspace/order") == "blame failed\nclean failed\npraise \nclean succeeded\n")
    #expect(nodes["clean"]?.attempt == 2 && nodes["blame"]?.attempt == 1)
    #expect(nodes["blame"]?.status == .skipped)
  }

  @Test func aCancelledRunIsCleanedUpBeforeItsEndIsTold() async throws {
    let fixture = try await EngineFixture(files: Self.files("echo go; exec sleep 600"))
    let run = try await fixture.start("w")
    await fixture.platform.until("work", is: .running)
    _ = try await fixture.workspace.cancel(run.id, node: nil, reason: "enough", force: false)
    let (ended, nodes) = try await fixture.end(of: run.id)
    #expect(ended.status == .cancelled)
    #expect(ended.error == "enough")
    #expect(nodes["clean"]?.status == .succeeded)
    #expect(fixture.folder.read("workspace/order") == "clean cancelled\n")
  }

  @Test func aFailureAtTheEndFailsTheRun() async throws {
    var files = Self.files("echo fine")
    files[".ion/workflows/w.yaml"]?.append("\n  - {id: worse, bash: exit 9}\n")
    let fixture = try await EngineFixture(files: files)
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .failed)
    #expect(run.error == "worse failed: exit code 9")
  }
}
