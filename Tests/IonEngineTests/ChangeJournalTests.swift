import Foundation
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

/// Taking changes over, cut off after any number of files.
@Suite struct ChangeJournalTests {
  private static let paths = ["changed", "gone/file", "fresh/deep/file", "link"].map { RepositoryPath($0) }

  /// A checkout, and a journal of one change of each kind that is written and about to be followed.
  private struct Scene {
    let folder = TemporaryFolder("ion-journal")
    let journal: ChangeJournal
    let files: CheckoutFiles
    let entries: [ChangeJournal.Entry]

    init() throws {
      folder.write("mine\n", to: "checkout/changed")
      folder.write("mine too\n", to: "checkout/gone/file")
      symlink("changed", folder.path.appending("checkout/link").text)
      journal = ChangeJournal(folder: folder.path.appending("journal"))
      files = try CheckoutFiles(folder.path.appending("checkout"))
      try journal.begin()
      folder.write("theirs\n", to: "journal/applying/new/0")
      folder.write("new\n", to: "journal/applying/new/2")
      symlink("fresh", journal.staged(3).text)
      for number in [0, 1, 3] { try files.keep(paths[number], as: journal.kept(number)) }
      let staged = try CheckoutFiles(folder.path.appending("journal/applying/new"))
      entries = try paths.enumerated().map { number, path in
        var stamp: FileStamp?
        switch try staged.look(at: RepositoryPath("\(number)")) {
        case .file(let found), .link(let found): stamp = found
        case .nothing, .folder, .other, .blocked: break
        }
        return ChangeJournal.Entry(path: path, hadSomething: number != 2, placed: stamp)
      }
      try journal.write(entries, taking: [:], checkout: files.root)
    }

    /// Puts so many of the changes in their places.
    func follow(_ count: Int) throws {
      for (number, entry) in entries.prefix(count).enumerated() {
        if entry.placed == nil {
          try files.remove(entry.path)
        } else {
          try files.place(journal.staged(number), at: entry.path)
        }
      }
    }

    var isAsItWas: Bool {
      folder.read("checkout/changed") == "mine\n" && folder.read("checkout/gone/file") == "mine too\n"
        && !folder.exists("checkout/fresh")
        && (try? FileManager.default.destinationOfSymbolicLink(atPath: folder.path.appending("checkout/link").text))
          == "changed"
    }
  }

  @Test(arguments: 0...4) func whatWasCutOffIsPutBack(_ count: Int) throws {
    let scene = try Scene()
    try scene.follow(count)
    #expect(scene.isAsItWas == (count == 0))
    #expect(scene.journal.isOpen && scene.journal.checkout == scene.files.root)
    #expect(try scene.journal.undo().isEmpty)
    #expect(scene.isAsItWas && !scene.journal.isOpen)
    #expect(try scene.journal.undo().isEmpty)
  }

  @Test(arguments: 1...4) func whatSomebodyChangedSinceIsLeft(_ count: Int) throws {
    let scene = try Scene()
    try scene.follow(count)
    scene.folder.write("newest\n", to: "checkout/changed")
    #expect(try scene.journal.undo() == [Self.paths[0]])
    #expect(scene.folder.read("checkout/changed") == "newest\n")
    #expect(scene.folder.read("checkout/gone/file") == "mine too\n")
  }

  @Test func beforeTheJournalIsWrittenNothingIsTouched() throws {
    let scene = try Scene()
    try FileManager.default.removeItem(atPath: scene.folder.path.appending("journal/applying/manifest.json").text)
    #expect(try scene.journal.undo().isEmpty)
    #expect(scene.isAsItWas && !scene.journal.isOpen)
  }

  @Test func aJournalThatCannotBeReadKeepsWhatItHas() throws {
    let scene = try Scene()
    try scene.follow(2)
    scene.folder.write("{", to: "journal/applying/manifest.json")
    #expect(throws: EngineFailure.self) { try scene.journal.undo() }
    #expect(scene.folder.read("journal/applying/old/1") == "mine too\n")
  }

  @Test func recordsAddUpAndTheLastOfAPathCounts() throws {
    let folder = TemporaryFolder("ion-journal")
    let journal = ChangeJournal(folder: folder.path)
    let odd = RepositoryPath([0xFF, 0x61])
    for (number, taken) in [[RepositoryPath("a"): "100644 1", odd: "none"], [RepositoryPath("a"): "100644 2"]]
      .enumerated()
    {
      try journal.begin()
      try journal.write([], taking: taken, checkout: folder.path)
      try journal.commit()
      #expect(folder.exists("taken-\(number + 1).json") && !journal.isOpen)
    }
    #expect(try journal.taken() == [RepositoryPath("a"): "100644 2", odd: "none"])
  }

  /// As after a kill: the next Ion that opens the workspace puts the checkout back.
  @Test func nextIonPutsTheCheckoutBack() async throws {
    let git = try await GitWorkspace("echo theirs > a.txt; echo x > new.txt")
    let run = try await git.isolatedRun()
    let journal = ChangeJournal(folder: git.workspace.paths(of: run.id).changes(of: run.id))
    let files = try CheckoutFiles(git.fixture.root)
    try journal.begin()
    try files.keep(RepositoryPath("a.txt"), as: journal.kept(0))
    try FileAccess.write(Array("theirs\n".utf8), to: journal.staged(0))
    guard case .file(let stamp) = try CheckoutFiles(journal.staged(0).parent).look(at: RepositoryPath("0")) else {
      Issue.record("nothing was made ready")
      return
    }
    let entry = ChangeJournal.Entry(path: RepositoryPath("a.txt"), hadSomething: true, placed: stamp)
    try journal.write([entry], taking: [:], checkout: git.fixture.root)
    try files.place(journal.staged(0), at: RepositoryPath("a.txt"))
    #expect(git.read("a.txt") == "theirs\n")
    _ = try await git.workspace.reconcile()
    #expect(git.read("a.txt") == "one\ntwo\nthree\nfour\nfive\n")
    #expect(try await git.workspace.apply(run.id, files: nil).files.count == 2)
    #expect(git.read("a.txt") == "theirs\n" && git.read("new.txt") == "x\n")
  }
}
