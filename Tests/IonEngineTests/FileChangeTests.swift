import Testing

@testable import IonEngine

@Suite struct FileChangeTests {
  private static let zero = String(repeating: "0", count: 40)
  private static let one = String(repeating: "1", count: 40)
  private static let two = String(repeating: "2", count: 40)

  private func list(_ fields: [String]) -> [FileChange] {
    FileChange.list(Array(fields.joined(separator: "\0").utf8) + [0])
  }

  @Test func everyKindOfChangeIsRead() {
    let changes = list([
      ":000000 100755 \(Self.zero) \(Self.one) A", "new", ":100644 000000 \(Self.one) \(Self.zero) D", "gone",
      ":100644 100755 \(Self.one) \(Self.two) M", "a b\n\tc", ":100644 120000 \(Self.one) \(Self.two) T", "link",
      ":100644 100644 \(Self.one) \(Self.two) R086", "old/name", "new/name",
      ":000000 160000 \(Self.zero) \(Self.two) A", "sub", "3\t0\tnew", "0\t1\tgone", "1\t1\ta b\n\tc", "1\t1\tlink",
      "2\t3\t", "old/name", "new/name", "1\t0\tsub",
    ])
    #expect(changes.map(\.status) == [.added, .deleted, .modified, .typeChanged, .renamed, .added])
    #expect(changes.map(\.path.description) == ["new", "gone", "a b\n\tc", "link", "new/name", "sub"])
    #expect(changes[0].old == nil && changes[0].new == TreeEntry(.program, Self.one))
    #expect(changes[1].old == TreeEntry(.file, Self.one) && changes[1].new == nil)
    #expect(changes[4].oldPath == RepositoryPath("old/name"))
    #expect(changes[4].additions == 2 && changes[4].deletions == 3)
    #expect(changes[5].new?.kind == .repository)
    #expect(changes[2].additions == 1 && changes[2].deletions == 1)
  }

  @Test func binaryFilesHaveNoLines() {
    let changes = list([":000000 100644 \(Self.zero) \(Self.one) A", "image", "-\t-\timage"])
    #expect(changes[0].additions == nil && changes[0].deletions == nil)
  }

  @Test func pathsAreBytes() {
    let path: [UInt8] = [0x66, 0xFF, 0x2F, 0x80]
    let printed = Array(":000000 100644 \(Self.zero) \(Self.one) A\0".utf8) + path + [0]
    #expect(FileChange.list(printed).first?.path.bytes == path)
  }

  @Test func aRenameTakesAwayAndAdds() {
    let change = list([":100644 100755 \(Self.one) \(Self.two) R090", "a", "b"])[0]
    #expect(
      change.edits == [
        PathEdit(path: RepositoryPath("a"), old: TreeEntry(.file, Self.one), new: nil),
        PathEdit(path: RepositoryPath("b"), old: nil, new: TreeEntry(.program, Self.two)),
      ])
  }

  @Test(arguments: ["", ":", ":x y", ":100644 100644 a b Q\0p", "1\t2", "9", ":100644 100644 a b M"])
  func whatIsNotUnderstoodIsPassedOver(_ printed: String) {
    #expect(FileChange.list(Array(printed.utf8)).isEmpty)
  }
}

@Suite struct RepositoryPathTests {
  @Test(arguments: ["a", "a/b", ".gitignore", "a/.github/x", "...", "a b/\u{FFFD}", ".GITX"])
  func plainPathsMayBeWritten(_ text: String) { #expect(RepositoryPath(text).fault == nil) }

  @Test(arguments: ["", "/a", "a//b", "../a", "a/../b", "a/.", ".git", "a/.git/hooks/x", ".GIT/config", "a\0b"])
  func othersMayNot(_ text: String) { #expect(RepositoryPath(text).fault != nil) }

  @Test func foldersAreThoseAbove() {
    #expect(RepositoryPath("a/b/c").folders.map(\.description) == ["a", "a/b"])
    #expect(RepositoryPath("a").folders.isEmpty)
  }

  @Test(arguments: [
    ("link", "file", true), ("a/link", "../file", true), ("a/b/link", "../../file", true), ("link", "a/../b", true),
    ("link", "./a", true), ("link", "../file", false), ("a/link", "../../file", false), ("link", "/etc/passwd", false),
    ("link", "", false), ("link", "a/../../b", false), ("link", ".git/hooks/pre-commit", false),
    ("a/link", "../.GIT/config", false),
  ]) func linksStayInside(_ path: String, _ target: String, _ isInside: Bool) {
    #expect(RepositoryPath(path).staysInside(linkingTo: Array(target.utf8)) == isInside)
  }
}
