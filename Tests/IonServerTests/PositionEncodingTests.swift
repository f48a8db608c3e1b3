import IonWorkflow
import Testing

@testable import IonServer

@Suite struct PositionEncodingTests {
  @Test(arguments: [
    ([], PositionEncoding.utf16), (["utf-8", "utf-16"], .utf8), (["utf-32"], .utf32), (["ebcdic"], .utf16),
    (["ebcdic", "utf-32", "utf-8"], .utf32),
  ])
  func theFirstKnownOfferIsTaken(offered: [String], taken: PositionEncoding) {
    #expect(PositionEncoding.first(of: offered) == taken)
  }

  /// `é` is one scalar of two bytes, `𝄞` one of four bytes and two UTF-16 units; `e` with an accent is two scalars.
  private let lines = TextLines("plain\naé𝄞e\u{301}z\r\nlast")

  @Test(arguments: [
    (PositionEncoding.utf8, [0, 1, 3, 7, 8, 10, 11]), (.utf16, [0, 1, 2, 4, 5, 6, 7]), (.utf32, [0, 1, 2, 3, 4, 5, 6]),
  ])
  func columnsCountUnitsOfTheEncoding(encoding: PositionEncoding, characters: [Int]) {
    for (column, character) in characters.enumerated() {
      let position = SourcePosition(line: 1, column: column)
      #expect(lines.character(of: position, in: encoding) == character)
      #expect(lines.position(line: 1, character: character, in: encoding) == position)
    }
  }

  @Test func columnInsideAScalarMeansItsStart() {
    #expect(lines.position(line: 1, character: 3, in: .utf16) == SourcePosition(line: 1, column: 2))
    #expect(lines.position(line: 1, character: 2, in: .utf8) == SourcePosition(line: 1, column: 1))
  }

  @Test func columnBehindTheLinesEndMeansItsEnd() {
    #expect(lines.position(line: 0, character: 99, in: .utf16) == SourcePosition(line: 0, column: 5))
    #expect(lines.position(line: 9, character: 3, in: .utf16) == SourcePosition(line: 9, column: 0))
    #expect(lines.character(of: SourcePosition(line: 0, column: 7), in: .utf8) == 7)
  }

  @Test(arguments: ["a\nb", "a\r\nb", "a\rb", "\u{FEFF}a\nb"])
  func linesEndAsEditorsCountThem(text: String) {
    let lines = TextLines(text)
    #expect(lines.position(line: 0, character: 99, in: .utf16).column == 1)
    #expect(lines.position(line: 1, character: 99, in: .utf16).column == 1)
    #expect(lines.position(line: 2, character: 99, in: .utf16).column == 0)
  }

  @Test func brokenUTF8CountsAsItIsShown() {
    let lines = TextLines([0x61, 0xFF, 0x62])
    #expect(lines.character(of: SourcePosition(line: 0, column: 3), in: .utf16) == 3)
  }
}
