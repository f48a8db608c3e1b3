/// Values that would do harm, or come out changed, if a shell read them.
let hostileValues: [String] = [
  "plain", "", " ", "  two  words ", "\ttab\t", "'", "\"", "'\"'\"", "`", "\\", "\\\\", "\\'", "ends\\", "$", "$$",
  "$(touch pwned)",
  "`touch pwned`", "'; touch pwned; '", "\"; touch pwned; \"", "'\"; touch pwned; #", ";touch pwned;", "&& touch pwned",
  "| touch pwned", "& touch pwned &", "> pwned", "<(touch pwned)", "$((x[$(touch pwned)]))", "a[$(touch pwned)]",
  "${x:=$(touch pwned)}",
  "line\nline", "\n\nleading", "trailing\n\n", "\n", "EOF", "a\nEOF\ntouch pwned\n", "a\n\tEOF\nb", "*", "?", "[a-z]*",
  "~", "~root", "!", "!!",
  "!echo", "-n", "-e", "--", "-", "#", "# not a comment", "(", ")", "((", "))", "]]", "[[ x", "}", "{a,b}", "{1..3}",
  "%s%n\\n", "&", "\\&",
  "$'\\x41'", "\\$HOME", "$HOME", "${HOME}", "$x.output", "é ü 漢字 👩‍👩‍👧 \u{2028}", "\u{1}\u{7F}", "\r\n",
  "'\u{301}\"\u{301}`\u{301}$\u{301}\\\u{301}", "\u{301}",
  "\u{FEFF}a\u{FFFD}\u{80}\u{9F}\u{FFFE}\u{10FFFF}", "x=1", "esac",
  "done; touch pwned", ";;",
  "\\\ntouch pwned", "*/", "/*", "<<EOF", "if", "() { :; }; touch pwned",
]

/// Every character of one byte but NUL, and every byte that text may hold beyond: all of what two bytes can be, and what
/// longer ones start with.
let everyCharacter: String = {
  var text = String.UnicodeScalarView((1...0x7FF).compactMap(UnicodeScalar.init))
  text += stride(from: 0x800, through: 0x10FFFF, by: 0x1000).compactMap(UnicodeScalar.init)
  return String(text)
}()

/// All of the above in one value, each on lines of its own.
let everythingAtOnce = (hostileValues + [everyCharacter]).joined(separator: "\n|\n")

/// A value of an exact length in bytes, as hostile as that allows.
func hostileText(bytes: Int) -> String {
  let unit = Array(everythingAtOnce.utf8)
  // What is cut off in the middle of a character becomes ASCII.
  var text = (0..<bytes).map { unit[$0 % unit.count] }
  while String(validating: text, as: UTF8.self) == nil, let last = text.lastIndex(where: { $0 >= 0x80 }) {
    text[last] = UInt8(ascii: "$")
  }
  return String(decoding: text, as: UTF8.self)
}
