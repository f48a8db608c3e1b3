import Foundation
import IonEngine
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonEngine

@Suite struct CodebaseTests {
  @Test func idIsKeptForTheFolderAndFollowsAMove() throws {
    let folder = TemporaryFolder()
    folder.write("", to: "Héllo World/.keep")
    let place = folder.path.appending("Héllo World")
    let (first, created) = try Codebase.locate(place, id: nil, name: nil)
    #expect(created)
    #expect(CodebaseID.isValid(first.id.rawValue))
    try first.claim()
    #expect(try Codebase.locate(place, id: nil, name: nil).codebase == first)
    #expect(folder.read("Héllo World/.ion/.gitignore")?.contains("/codebases/") == true)

    try folder.move("Héllo World", to: "moved")
    let moved = try Codebase.locate(folder.path.appending("moved"), id: nil, name: nil).codebase
    #expect(moved.id == first.id)
    try moved.claim()
    try folder.copy("moved", to: "copied")
    let copied = try Codebase.locate(folder.path.appending("copied"), id: nil, name: nil).codebase
    #expect(copied.id != first.id)
  }

  @Test func rootIsTheGitTopLevelAndAWorktreeNamesItsParent() throws {
    let folder = TemporaryFolder()
    folder.write("ref: refs/heads/main\n", to: "repo/.git/HEAD")
    folder.write("", to: "repo/src/deep/.keep")
    let (inside, _) = try Codebase.locate(folder.path.appending("repo/src/deep"), id: nil, name: nil)
    #expect(inside.root == folder.path.appending("repo"))
    folder.write("", to: "repo/src/.git/empty")
    #expect(
      try Codebase.locate(folder.path.appending("repo/src/deep"), id: nil, name: nil).codebase.root == inside.root)
    folder.write("gitdir: \(folder.path)/repo/.git/worktrees/side\n", to: "side/.git")
    let (side, _) = try Codebase.locate(folder.path.appending("side"), id: nil, name: nil)
    #expect(side.root == folder.path.appending("side"))
    #expect(side.parent == folder.path.appending("repo"))
  }

  @Test(arguments: ["", ".", "..", "../x", "a/b", "-a", "a b", String(repeating: "a", count: 65)])
  func idThatIsNoFolderNameIsRefused(id: String) {
    let folder = TemporaryFolder()
    #expect(throws: EngineFailure.invalidCodebaseID(id)) {
      try Codebase.locate(folder.path, id: CodebaseID(id), name: nil)
    }
  }

  @Test func folderThatIsMerelyLocatedIsLeftAsItIs() throws {
    let folder = TemporaryFolder()
    _ = try Codebase.locate(folder.path, id: nil, name: nil)
    #expect(!folder.exists(".ion"))
  }

  @Test(arguments: [
    ("*.txt", "a.txt", true), ("*.txt", "a/b.txt", false), ("**/*.txt", "b.txt", true), ("**/*.txt", "a/c/b.txt", true),
    ("out/**", "out/a/b", true), ("out/**", "outer/a", false), ("a?c", "abc", true), ("a?c", "ac", false),
    ("[a-c]x", "bx", true), ("[!a-c]x", "bx", false), ("{a,b}/*.{md,txt}", "b/x.md", true),
    ("{a,b}/*.{md,txt}", "c/x.md", false), ("a[", "a[", true), ("*a*b*c", "xxaxxbxxc", true),
    ("*a*b*c", "xxaxxbxx", false),
    ("/tmp/x/*", "tmp/x/y", true),
  ])
  func globs(pattern: String, path: String, matches: Bool) {
    #expect(Glob(pattern).matches(path) == matches)
  }

  @Test func lockNamesItsHolderAndDiesWithIt() throws {
    let folder = TemporaryFolder()
    folder.write("", to: "path/.keep")
    let path = folder.path.appending("path")
    let locks = folder.path.appending("locks")
    let holder = PathLockHolder(pid: 7, run: "r1", workflow: "w", codebase: "c")
    let lock = try PathLock.take(path, for: holder, in: locks)
    do {
      _ = try PathLock.take(path, for: PathLockHolder(pid: 8, run: "r2", workflow: "w", codebase: nil), in: locks)
      Issue.record("the lock was taken twice")
    } catch EngineFailure.pathLocked(let other, let locked, _) {
      #expect(other == holder)
      #expect(locked == path)
    }
    lock.release()
    try PathLock.take(path, for: holder, in: locks).release()
  }

  @Test func pathIsFreeAtOnceAlthoughAChildThatStartsHasTheFileOpen() throws {
    let folder = TemporaryFolder()
    folder.write("", to: "path/.keep")
    let path = folder.path.appending("path")
    let locks = folder.path.appending("locks")
    let holder = PathLockHolder(pid: 7, run: "r1", workflow: "w", codebase: "c")
    let lock = try PathLock.take(path, for: holder, in: locks)
    let manager = FileManager.default
    let numbers = try manager.contentsOfDirectory(atPath: "/proc/self/fd").compactMap(Int32.init)
    let open = try #require(
      numbers.first { number in
        guard let file = try? manager.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)") else { return false }
        return file.hasPrefix(locks.text)
      })
    let copy = dup(open)
    defer { close(copy) }
    lock.release()
    lock.release()
    try PathLock.take(path, for: holder, in: locks).release()
  }
}
