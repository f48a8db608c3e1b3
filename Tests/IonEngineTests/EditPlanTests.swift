import Testing

@testable import IonEngine

/// What is done at one path, by what the run began with, what it left, and what the checkout has.
@Suite struct EditPlanTests {
  /// Entries by short words: `a` a file, `a+` a program, `a@` a link, `a!` a repository, each with the content `a`.
  private static func entry(_ word: String) -> TreeEntry? {
    guard let content = word.first, word != "-" else { return nil }
    let kinds: [String: TreeEntry.Kind] = ["": .file, "+": .program, "@": .link, "!": .repository]
    return TreeEntry(kinds[String(word.dropFirst())] ?? .file, String(content))
  }

  private static func present(_ word: String) -> PresentEntry {
    switch word {
    case "-": .nothing
    case "/": .folder
    case "?": .foreign("a pipe is there")
    default: .entry(entry(word)!)
    }
  }

  private static func word(_ result: Result<EditAction, ChangeFault>) -> String {
    switch result {
    case .failure: "conflict"
    case .success(.nothing): "nothing"
    case .success(.remove): "remove"
    case .success(.write(let kind)): kind == .program ? "write+" : kind == .link ? "write@" : "write"
    case .success(.setKind(let kind)): kind == .program ? "set+" : "set"
    case .success(.merge(_, let kind)): kind == .program ? "merge+" : "merge"
    }
  }

  @Test(arguments: [
    // base, the run's, the checkout's, what is done
    ("-", "n", "-", "write"), ("-", "n+", "-", "write+"), ("-", "n@", "-", "write@"), ("-", "n", "n", "nothing"),
    ("-", "n+", "n", "set+"), ("-", "n", "x", "conflict"), ("-", "n", "/", "conflict"), ("-", "n", "?", "conflict"),
    ("-", "n@", "n", "conflict"),
    ("a", "-", "a", "remove"), ("a", "-", "a+", "remove"), ("a", "-", "-", "nothing"), ("a", "-", "x", "conflict"),
    ("a", "-", "/", "nothing"),
    ("a", "b", "a", "write"), ("a", "b", "b", "nothing"), ("a", "b", "x", "merge"), ("a", "b", "-", "conflict"),
    ("a", "b", "/", "conflict"), ("a", "b", "a+", "write+"), ("a", "b+", "x", "merge+"), ("a", "b", "x+", "merge+"),
    ("a", "a+", "a", "set+"), ("a", "a+", "x", "set+"), ("a", "a+", "a+", "nothing"), ("a+", "a", "a+", "set"),
    ("a", "b@", "a", "write@"), ("a", "b@", "x", "conflict"), ("a@", "b@", "a@", "write@"),
    ("a@", "b@", "x@", "conflict"),
    ("a", "b!", "a", "conflict"), ("-", "b!", "-", "conflict"), ("a!", "-", "-", "conflict"),
  ]) func threeSidesDecide(_ base: String, _ run: String, _ checkout: String, _ action: String) {
    let edit = PathEdit(path: RepositoryPath("f"), old: Self.entry(base), new: Self.entry(run))
    #expect(Self.word(edit.action(on: Self.present(checkout))) == action)
  }

  @Test func aFileMayTakeThePlaceOfAFolderThatGoesAway() {
    let edit = PathEdit(path: RepositoryPath("f"), old: nil, new: Self.entry("n"))
    #expect(Self.word(edit.action(on: .folder, isCleared: true)) == "write")
  }

  @Test func gitsOwnFilesAreNeverTouched() {
    let edit = PathEdit(path: RepositoryPath(".git/hooks/post-checkout"), old: nil, new: Self.entry("n+"))
    #expect(Self.word(edit.action(on: .nothing)) == "conflict")
  }
}
