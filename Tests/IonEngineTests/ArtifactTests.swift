import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

@Suite struct ArtifactTests {
  @Test func aRunWithManyFilesIsLookedThroughOnceMoreBeforeItsEndIsTold() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: many
          bash: cd "$ARTIFACTS_DIR" && touch {1..1001}
        - id: late
          depends_on: [many]
          bash: cd "$ARTIFACTS_DIR" && echo changed > 7 && echo new > late.txt
        - id: last
          depends_on: [late]
          bash: ":"
      """
    ])
    let (run, _) = try await fixture.run("w")
    #expect(run.status == .succeeded)
    let artifacts = try await fixture.workspace.artifacts(of: run.id, prefix: nil)
    #expect(artifacts.count == 1002)
    let late = try #require(artifacts.first { $0.name == "late.txt" })
    #expect(late.node == nil && late.size == 4)
    #expect(artifacts.first { $0.name == "7" }?.size == 8)
    #expect(artifacts.first { $0.name == "8" }?.node == "many")

    let notices = try await fixture.workspace.notices(of: run.id, after: 0, limit: 2000).notices.map(\.notice)
    #expect(notices.count { if case .artifact = $0 { true } else { false } } == 1003)
    let end = try #require(notices.last)
    guard case .message = end else {
      Issue.record("the last that is told is \(end)")
      return
    }
  }

  @Test func aThousandFilesAreStillLookedForAfterEachStep() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: many
          bash: cd "$ARTIFACTS_DIR" && touch {1..1000}
        - id: late
          depends_on: [many]
          bash: touch "$ARTIFACTS_DIR/late"
      """
    ])
    let (run, _) = try await fixture.run("w")
    let late = try await fixture.workspace.artifacts(of: run.id, prefix: "late")
    #expect(late.map(\.node) == ["late"])
  }

  @Test func aNameThatBeginsWithACombiningMarkIsStillAbsolute() throws {
    let folder = TemporaryFolder()
    let mark = "\u{301}"
    folder.write("below the workspace", to: "work/\(mark)root/file.txt")
    let target = folder.path.appending("artifacts")
    let faults = ArtifactImport.copy(["/\(mark)root/*.txt"], from: folder.path.appending("work"), to: target)
    #expect(faults == [])
    #expect(FileAccess.names(in: target) == [])
    _ = ArtifactImport.copy(["\(mark)root/*.txt"], from: folder.path.appending("work"), to: target)
    #expect(folder.read("artifacts/\(mark)root/file.txt") == "below the workspace")
    let absolute = folder.path.appending("work/\(mark)root").text
    _ = ArtifactImport.copy(["\(absolute)/*.txt"], from: folder.path, to: target)
    #expect(folder.read("artifacts/file.txt") == "below the workspace")
  }

  @Test func namesThatOnlyLookTheSameAreTwoFiles() async throws {
    let fixture = try await EngineFixture(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - id: two
          bash: cd "$ARTIFACTS_DIR" && echo 1 > $'\\u00e9' && echo 22 > $'e\\u0301'
        - id: none
          depends_on: [two]
          bash: ":"
      """
    ])
    let (run, _) = try await fixture.run("w")
    let notices = try await fixture.workspace.notices(of: run.id, after: 0, limit: 100).notices.map(\.notice)
    let sizes = notices.compactMap { if case .artifact(let artifact) = $0 { artifact.size } else { nil } }
    #expect(sizes.sorted() == [2, 3])
  }
}
