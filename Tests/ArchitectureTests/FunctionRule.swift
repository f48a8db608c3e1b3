/// Functions fit on a screen.
struct FunctionRule {
  let limit: Int

  func findings(in file: SourceFile) -> [Finding] {
    let lines = file.codeLines.map { Array($0.utf8) }
    return lines.indices.compactMap { start in
      guard let name = Self.name(ofFunctionIn: file.codeLines[start]), let end = Self.end(of: start, in: lines),
        end - start + 1 > limit
      else { return nil }
      let advice = "\(name) has \(end - start + 1) lines, \(limit) at most: give a part of it a name"
      return Finding(file, line: start + 1, advice)
    }
  }

  /// The name of the function, initialiser or subscript that a line begins; nil for any other line.
  private static func name(ofFunctionIn line: Substring) -> String? {
    let words = line.split(separator: " ")
    for (index, word) in words.enumerated() {
      if word == "func" { return words.dropFirst(index + 1).first.map { String($0.prefix { $0 != "(" && $0 != "<" }) } }
      if ["init", "init?", "deinit", "subscript"].contains(word.prefix { $0 != "(" && $0 != "<" }) {
        return String(word)
      }
      guard word.allSatisfy({ $0.isLowercase || $0 == "@" || $0 == "(" || $0 == ")" || $0.isUppercase }) else {
        return nil
      }
    }
    return nil
  }

  /// The line that closes the body of a function; nil for a requirement, which has none.
  private static func end(of start: Int, in lines: [[UInt8]]) -> Int? {
    var parentheses = 0
    var braces = 0
    for index in start..<lines.count {
      for byte in lines[index] {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
        case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
        case UInt8(ascii: "{"): braces += 1
        case UInt8(ascii: "}"):
          braces -= 1
          if braces <= 0 { return braces == 0 && parentheses == 0 ? index : nil }
        default: break
        }
      }
      if braces == 0, parentheses == 0, !continuesSignature(lines, after: index) { return nil }
    }
    return nil
  }

  private static func continuesSignature(_ lines: [[UInt8]], after index: Int) -> Bool {
    guard index + 1 < lines.count else { return false }
    let next = lines[index + 1].drop { $0 == UInt8(ascii: " ") }
    return ["->", "where", "throws", "async", "{"].contains { next.starts(with: $0.utf8) }
  }
}
