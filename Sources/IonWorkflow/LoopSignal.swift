/// The word by which a loop's text says that it is done.
public enum LoopSignal {
  /// Whether a text gives a signal: in a tag of any name that holds nothing else (`<promise>DONE</promise>`), or on a line
  /// of its own. White space around it doesn't count; a signal within a sentence is talk about it.
  public static func isGiven(_ signal: String, in text: String) -> Bool {
    let wanted = Array(trimmed(signal.utf8[...]))
    guard !wanted.isEmpty else { return false }
    var isFirst = true
    for piece in text.utf8.split(separator: UInt8(ascii: ">"), omittingEmptySubsequences: false) {
      // What stands between two tags, where the first one isn't a closing one: `DONE</promise`.
      if !isFirst, let tag = piece.lastIndex(of: UInt8(ascii: "<")),
        piece[tag...].dropFirst().first == UInt8(ascii: "/"),
        trimmed(piece[..<tag]).elementsEqual(wanted),
        opens(piece[tag...].dropFirst(2), before: piece.startIndex, in: text)
      {
        return true
      }
      isFirst = false
    }
    return text.utf8.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
      .contains { trimmed($0).elementsEqual(wanted) }
  }

  /// Whether the tag that ends before a place has a name.
  private static func opens(_ name: Substring.UTF8View, before place: String.Index, in text: String) -> Bool {
    guard !name.isEmpty else { return false }
    let head = text.utf8[..<place].dropLast()
    guard let start = head.lastIndex(of: UInt8(ascii: "<")) else { return false }
    return head[start...].dropFirst().elementsEqual(name)
  }

  private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
    func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
    guard let start = text.firstIndex(where: { !isSpace($0) }), let end = text.lastIndex(where: { !isSpace($0) }) else {
      return text[text.startIndex..<text.startIndex]
    }
    return text[start...end]
  }
}
