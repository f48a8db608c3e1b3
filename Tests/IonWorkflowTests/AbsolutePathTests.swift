import IonWorkflow
import Testing

@Suite struct AbsolutePathTests {
  /// A text, and the path that it is read as; nil for no path.
  static let readings: [(String, String?)] = [
    ("/", "/"),
    ("/a/b", "/a/b"),
    ("/a/b/", "/a/b"),
    ("//a///b", "/a/b"),
    ("/a/./b/.", "/a/b"),
    ("/a/../b", "/b"),
    ("/a/b/../..", "/"),
    ("/..", "/"),
    ("/../../a", "/a"),
    ("/a/...", "/a/..."),
    ("/a/..b", "/a/..b"),
    ("/ /é", "/ /é"),
    ("/a/\u{301}b/..", "/a"),
    ("/\u{301}/..\u{301}", "/\u{301}/..\u{301}"),
    ("//\u{301}", "/\u{301}"),
    ("", nil),
    ("a", nil),
    ("./a", nil),
    ("~/a", nil),
    ("/a\0b", nil),
  ]

  @Test(arguments: readings) func pathIsReadNormalised(text: String, expected: String?) {
    #expect(AbsolutePath(text).map { Array($0.text.utf8) } == expected.map { Array($0.utf8) })
  }

  /// A path, what is appended, and what comes of it.
  static let joins: [(String, String, String)] = [
    ("/a", "b", "/a/b"),
    ("/a", "b/c.txt", "/a/b/c.txt"),
    ("/a", "../b", "/b"),
    ("/a", "", "/a"),
    ("/a", ".", "/a"),
    ("/a", "/b", "/b"),
    ("/", "a", "/a"),
    ("/", "..", "/"),
  ]

  @Test(arguments: joins) func appendedTextIsSeenFromThePath(base: String, appended: String, expected: String) throws {
    #expect(try #require(AbsolutePath(base)).appending(appended).text == expected)
  }

  /// A path, another one, and what is left of the first below the second; nil where it isn't below it.
  static let relations: [(String, String, String?)] = [
    ("/a/b", "/a", "b"),
    ("/a/b/c", "/a", "b/c"),
    ("/a", "/a", ""),
    ("/a", "/", "a"),
    ("/", "/", ""),
    ("/ab", "/a", nil),
    ("/a", "/a/b", nil),
    ("/", "/a", nil),
    ("/é/x", "/e\u{301}", nil),
  ]

  @Test(arguments: relations) func pathIsSeenFromAFolder(path: String, base: String, relative: String?) throws {
    let (path, base) = (try #require(AbsolutePath(path)), try #require(AbsolutePath(base)))
    #expect(path.relative(to: base) == relative)
    #expect(path.isWithin(base) == (relative != nil))
  }

  /// A path, its name, its ending and its parent.
  static let parts: [(String, String, String, String)] = [
    ("/a/b.tar.gz", "b.tar.gz", "gz", "/a"),
    ("/a", "a", "", "/"),
    ("/a/.profile", ".profile", "", "/a"),
    ("/a/b.", "b.", "", "/a"),
    ("/", "", "", "/"),
    ("/a/\u{301}b", "\u{301}b", "", "/a"),
    ("/a/b.\u{301}c", "b.\u{301}c", "\u{301}c", "/a"),
  ]

  @Test(arguments: parts) func pathHasParts(text: String, name: String, ending: String, parent: String) throws {
    let path = try #require(AbsolutePath(text))
    #expect(path.name == name)
    #expect(path.fileExtension == ending)
    #expect(path.parent.text == parent)
  }

  @Test func pathsAreComparedByTheirBytes() throws {
    let composed = try #require(AbsolutePath("/é")), decomposed = try #require(AbsolutePath("/e\u{301}"))
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
    #expect(decomposed < composed)
  }
}
