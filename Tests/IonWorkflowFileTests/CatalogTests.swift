import Foundation
import IonWorkflow
import IonWorkflowFile
import Testing

/// A folder of its own for one test, removed with it.
final class ScratchFolder {
  let path: AbsolutePath

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "catalog-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = try #require(AbsolutePath(url.path()))
  }

  deinit { _ = Result { try FileManager.default.removeItem(atPath: path.text) } }

  /// Writes a file, its folders included.
  func write(_ text: String, to name: String) throws {
    let file = path.appending(name)
    try FileManager.default.createDirectory(atPath: file.parent.text, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(filePath: file.text))
  }

  func workflow(_ name: String, at file: String) throws {
    try write("name: \(name)\nnodes: [{id: a, bash: x}]\n", to: file)
  }
}

@Suite struct CatalogTests {
  let scratch: ScratchFolder
  let folders: [WorkflowCatalog.Folder]

  init() throws {
    scratch = try ScratchFolder()
    folders = WorkflowCatalog.folders(
      workspace: scratch.path.appending("space"), userFolder: scratch.path.appending("user"), paths: ["extra"])
  }

  @Test func foldersAreSearchedNearestFirst() throws {
    #expect(folders.map(\.scope) == [.workspace, .user, .configured])
    #expect(
      folders.map { $0.path.relative(to: scratch.path) } == ["space/.ion/workflows", "user/workflows", "space/extra"])
    try scratch.workflow("near", at: "space/.ion/workflows/deep/down/build.yaml")
    try scratch.workflow("hidden", at: "user/workflows/build.yml")
    try scratch.workflow("far", at: "user/workflows/test.yml")
    try scratch.workflow("farther", at: "space/extra/more.yaml")
    try scratch.write("nothing", to: "space/extra/readme.md")
    try scratch.workflow("dotted", at: "space/extra/.hidden/x.yaml")
    let catalog = WorkflowCatalog.discover(in: folders)
    #expect(catalog.entries.map(\.name) == ["near", "far", "farther"])
    #expect(catalog.entries.map(\.scope) == [.workspace, .user, .configured])
    #expect(catalog.faults == [])
  }

  @Test func oneBadFileNeverHidesTheOthers() throws {
    try scratch.write("name: [", to: "space/.ion/workflows/bad.yaml")
    try scratch.write("name: wrong\nnodes: []", to: "space/.ion/workflows/wrong.yaml")
    try scratch.workflow("good", at: "space/.ion/workflows/good.yaml")
    let catalog = WorkflowCatalog.discover(in: folders)
    #expect(catalog.entries.map(\.name) == ["bad", "good", "wrong"])
    #expect(catalog.entries.map(\.reading.isRejected) == [true, false, true])
    #expect(catalog.entries[1].bytes == Array("name: good\nnodes: [{id: a, bash: x}]\n".utf8))
  }

  @Test func twoFilesOfOneFolderWithOneNameBothCount() throws {
    try scratch.workflow("one", at: "space/.ion/workflows/a/build.yaml")
    try scratch.workflow("two", at: "space/.ion/workflows/b/build.yaml")
    let catalog = WorkflowCatalog.discover(in: folders)
    #expect(catalog.entries.map(\.name) == ["one", "two"])
    #expect(throws: CatalogFailure.self) { try catalog.entry(named: "build") }
  }

  @Test func foldersThatAreNoneAreFaultsWhereTheyWereAskedFor() throws {
    let catalog = WorkflowCatalog.discover(in: folders)
    #expect(catalog.entries.isEmpty)
    #expect(catalog.faults.map(\.path) == [scratch.path.appending("space/extra")])
    try scratch.write("", to: "space/extra")
    #expect(WorkflowCatalog.discover(in: folders).faults.map(\.path) == [scratch.path.appending("space/extra")])
  }

  @Test func linksAreFollowedButNeverInCircles() throws {
    try scratch.workflow("real", at: "space/.ion/workflows/a/real.yaml")
    try scratch.workflow("other", at: "elsewhere/other.yaml")
    let links = [("a/back", ".."), ("there", "../../../elsewhere"), ("gone.yaml", "nowhere")]
    for (name, target) in links {
      try FileManager.default.createSymbolicLink(
        atPath: scratch.path.appending("space/.ion/workflows/\(name)").text, withDestinationPath: target)
    }
    #expect(WorkflowCatalog.discover(in: folders).entries.map(\.name) == ["real", "other"])
  }

  @Test func pipesAndLargeFilesDoNotHoldItUp() throws {
    try scratch.workflow("good", at: "space/.ion/workflows/good.yaml")
    try scratch.write(String(repeating: "#", count: 300), to: "space/.ion/workflows/large.yaml")
    mkfifo(scratch.path.appending("space/.ion/workflows/pipe.yaml").text, 0o600)
    var limits = ReadingLimits()
    limits.bytes = 200
    let catalog = WorkflowCatalog.discover(in: folders, limits: limits)
    #expect(catalog.entries.map(\.name) == ["good", "large"])
    #expect(catalog.entries[1].reading.diagnostics.map(\.code) == ["tooLarge"])
  }

  @Test func aNameIsResolvedStepByStep() throws {
    for (name, file) in [
      ("build", "a.yaml"), ("Deploy", "b.yaml"), ("nightly-check", "c.yaml"), ("Build it", "other-file.yaml"),
    ] {
      try scratch.workflow(name, at: "space/.ion/workflows/\(file)")
    }
    let catalog = WorkflowCatalog.discover(in: folders)
    let asked = ["build", "BUILD", "deploy", "check", "c", "file", "Build it"]
    let meant = ["build", "build", "Deploy", "nightly-check", "nightly-check", "Build it", "Build it"]
    #expect(try asked.map { try catalog.entry(named: $0).name } == meant)
  }

  @Test func whatIsAmbiguousOrUnknownIsSaidByName() throws {
    try scratch.workflow("ci-test", at: "space/.ion/workflows/a.yaml")
    try scratch.workflow("unit-test", at: "space/.ion/workflows/b.yaml")
    let catalog = WorkflowCatalog.discover(in: folders)
    #expect(throws: CatalogFailure.notFound("unit-tset", near: ["unit-test"])) { try catalog.entry(named: "unit-tset") }
    #expect(throws: CatalogFailure.notFound("", near: [])) { try catalog.entry(named: "") }
    let candidates = catalog.entries.map { WorkflowCatalog.Candidate(name: $0.name, path: $0.path) }
    let failure = #expect(throws: CatalogFailure.ambiguous("test", candidates: candidates)) {
      try catalog.entry(named: "test")
    }
    #expect(failure?.description.contains("`ci-test`") == true && failure?.description.contains("b.yaml") == true)
  }

  @Test func whatComesWithIonIsMeantWhereNothingElseIs() throws {
    try scratch.workflow("review-changes", at: "space/.ion/workflows/mine.yaml")
    try scratch.workflow("of the user", at: "user/workflows/explain-codebase.yml")
    try scratch.workflow("an-issue", at: "space/.ion/workflows/b.yaml")
    let catalog = WorkflowCatalog.discover(in: folders, builtins: true)
    #expect(
      catalog.entries.filter { $0.scope == .builtin }.map(\.name) == [
        "plan-implement-review", "fix-issue", "review-changes",
      ])
    func scope(_ name: String) throws -> WorkflowCatalog.Scope { try catalog.entry(named: name).scope }
    #expect(try scope("review-changes") == .workspace, "its name is another's too")
    #expect(try scope("explain-codebase") == .user, "its file is hidden")
    #expect(try scope("issue") == .workspace && scope("fix-issue") == .builtin, "just so goes before a part")
    #expect(try scope("FIX-ISSUE") == .builtin && scope("implement-review") == .builtin)
    #expect(WorkflowCatalog.discover(in: folders).entries.allSatisfy { $0.scope != .builtin })
  }

  @Test func theUsersFolderIsFoundByTheEnvironment() {
    #expect(WorkflowCatalog.userFolder(in: ["XDG_CONFIG_HOME": "/x", "HOME": "/h"])?.text == "/x/ion")
    #expect(WorkflowCatalog.userFolder(in: ["XDG_CONFIG_HOME": "relative", "HOME": "/h"])?.text == "/h/.config/ion")
    #expect(WorkflowCatalog.userFolder(in: [:]) == nil)
  }
}
