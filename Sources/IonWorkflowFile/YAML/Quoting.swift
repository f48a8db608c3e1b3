/// A text as messages quote it: on one line, and cut where it is long.
func quoted(_ text: String) -> String {
  var kept = ""
  for scalar in text.unicodeScalars.prefix(60) {
    kept.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
  }
  return "`" + kept + (text.unicodeScalars.count > 60 ? "…" : "") + "`"
}

/// Texts as a list for people: `a`, `b` or `c`.
func alternatives(_ texts: [String]) -> String {
  guard let last = texts.last else { return "" }
  return texts.count == 1 ? last : texts.dropLast().joined(separator: ", ") + " or " + last
}
