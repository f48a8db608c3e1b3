extension BashLexer {
  /// `[[ … ]]`, from behind its brackets.
  mutating func readConditional() {
    var before: BashWord?
    var computes = false
    var next = BashWordPlace.conditional
    while !isAtEnd {
      switch current {
      case UInt8(ascii: " "), UInt8(ascii: "\t"): skip()
      case UInt8(ascii: "\n"):
        skip()
        readHereDocuments()
      case UInt8(ascii: "\\") where byte(at + 1) == UInt8(ascii: "\n"): skip(2)
      case UInt8(ascii: "#") where next == .conditional: skipComment()
      case UInt8(ascii: ";"): return
      case let byte where "()<>&|".utf8.contains(byte) && next != .regularExpression && !isProcessSubstitution:
        (before, next) = (nil, .conditional)
        skip()
      default:
        let word = readWord(next)
        next = .conditional
        if computes { require(.integer, word.references) }
        computes = false
        switch word.keyword {
        case "]]": return
        case "=~": next = .regularExpression
        case "==", "=", "!=": next = .pattern
        case "-v": computes = true
        case "-eq", "-ne", "-lt", "-le", "-gt", "-ge":
          require(.integer, before?.references ?? [])
          computes = true
        default: break
        }
        before = word
      }
    }
  }

  private var isProcessSubstitution: Bool {
    (current == UInt8(ascii: "<") || current == UInt8(ascii: ">")) && byte(after(at)) == UInt8(ascii: "(")
  }
}
