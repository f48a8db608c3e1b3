import Testing

@testable import IonDrawing

@Suite struct TextTests {
  @Test(arguments: [
    ("<a href=\"x\">'&'</a>", "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;"), ("a\tb\nc\rd", "a\tb\nc&#13;d"),
    ("\u{0}\u{8}\u{1B}\u{7F}\u{85}\u{FFFE}\u{FFFF}x", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}x"),
    ("é👩‍👧", "é👩‍👧"), ("&amp;", "&amp;amp;"),
  ])
  func valuesAreEscapedAndLiteralsAreNot(value: String, text: String) {
    #expect(("<b>\(value)</b>" as Markup).text == "<b>\(text)</b>")
  }

  @Test func coordinatesAreShort() {
    let numbers = [0, -0.04, 12, 12.25, -0.5, 1_234.96].map { ("\($0 as Double)" as Markup).text }
    #expect(numbers == ["0", "0", "12", "12.3", "-0.5", "1235"])
  }

  @Test(arguments: [
    ("\u{1B}[31mred\u{1B}[0m", "red"), ("\u{1B}]0;title\u{7}x", "x"), ("10%\r50%\rdone\nnext", "done\nnext"),
    ("a\r\nb", "a\nb"), ("bell\u{7} back\u{8}", "bell back"), ("cut \u{1B}[", "cut "), ("\u{1B}", ""),
    ("a\tb", "a\tb"), ("plain", "plain"), ("\u{1B}]0;open\nx", "\nx"),
  ])
  func printedTextLosesWhatOnlyTerminalsUnderstand(text: String, shown: String) {
    #expect(PlainText.printed(text) == shown)
  }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("漢字漢字", 5, "漢字…"),
    ("e\u{301}e\u{301}e\u{301}", 3, "e\u{301}e\u{301}e\u{301}"),
    ("abc", 0, "…"),
  ])
  func longTextsAreCutAtAColumn(text: String, limit: Int, cut: String) {
    #expect(PlainText.cut(text, to: limit) == cut)
  }

  @Test func veryLongTextsSayHowMuchIsMissing() {
    #expect(PlainText.shortened(String(repeating: "x", count: 100), to: 10) == "xxxxxxxxxx… (90 more characters)")
    #expect(PlainText.line(" a\n\n b\tc ") == "a b c")
  }

  @Test(arguments: [
    (Int64(-5), "0ms"), (340, "340ms"), (1_250, "1.2s"), (12_000, "12s"), (184_000, "3m04s"), (3_720_000, "1h02m"),
    (183_600_000, "2d03h"),
  ])
  func spansAreShort(milliseconds: Int64, text: String) { #expect(TimeText.span(milliseconds) == text) }

  @Test(arguments: [
    (Int64(1), "1 byte"), (312, "312 bytes"), (4_250, "4.2 KB"), (1_500_000, "1.5 MB"), (2_000_000_000, "2.0 GB"),
  ])
  func sizesAreShort(bytes: Int64, text: String) { #expect(TimeText.size(bytes) == text) }
}
