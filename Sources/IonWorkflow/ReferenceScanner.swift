/// Recognises a reference where a `$` stands in UTF-8 text. Templates, conditions and bash bodies share it, so that a
/// reference is spelled the same everywhere.
///
/// Node ids have hyphens and are read as long as they go; fields, input and matrix names, and variables are
/// `[A-Za-z_][A-Za-z0-9_]*`. Letters beyond ASCII end a name.
public enum ReferenceScanner {
  /// A reference that starts at a `$`.
  public struct Match: Hashable, Sendable {
    public var reference: Reference
    /// The offset behind its last byte.
    public var end: Int
    /// What is wrong with a `[` that follows: an error where it can only be a broken path, a warning where it may as
    /// well be text. The reference then ends before that bracket.
    public var fault: TextFault?
  }

  /// The reference that starts at an offset, or nil where none does. What stands before the `$` (a backslash, say) is
  /// the caller's business.
  /// - Parameter includingVariables: Whether `$ARGUMENTS` and the like count, and not the dotted forms alone; bash
  ///   bodies leave them to the environment.
  public static func scan(_ bytes: [UInt8], at dollar: Int, includingVariables: Bool = false) -> Match? {
    guard bytes.indices.contains(dollar), bytes[dollar] == UInt8(ascii: "$") else { return nil }
    if let match = dotted(bytes, at: dollar) { return match }
    guard includingVariables, let name = name(bytes, at: dollar + 1),
      let variable = Variable(rawValue: text(bytes, name))
    else { return nil }
    return Match(reference: Reference(.variable(variable)), end: name.upperBound)
  }

  /// Whether a text may stand as a field behind a dot, without brackets and quotes.
  public static func isName(_ text: some StringProtocol) -> Bool {
    let bytes = Array(text.utf8)
    return name(bytes, at: 0)?.upperBound == bytes.count
  }

  private static func dotted(_ bytes: [UInt8], at dollar: Int) -> Match? {
    guard let id = name(bytes, at: dollar + 1, hyphens: true), let word = member(bytes, at: id.upperBound) else {
      return nil
    }
    switch text(bytes, id) {
    case "INPUTS":
      return Match(reference: Reference(.input(text(bytes, word))), end: word.upperBound)
    case "MATRIX":
      return Match(reference: Reference(.matrix(text(bytes, word))), end: word.upperBound)
    case "LOOP_PREV":
      if let body = member(bytes, at: id.upperBound, hyphens: true), let output = member(bytes, at: body.upperBound),
        text(bytes, output) == "output"
      {
        return withPath(.loopPrevious(NodeID(text(bytes, body))), bytes, at: output.upperBound)
      }
    default: break
    }
    switch text(bytes, word) {
    case "output": return withPath(.output(NodeID(text(bytes, id))), bytes, at: word.upperBound)
    case "status": return Match(reference: Reference(.status(NodeID(text(bytes, id)))), end: word.upperBound)
    default: return nil
    }
  }

  private static func withPath(_ root: Reference.Root, _ bytes: [UInt8], at start: Int) -> Match {
    var match = Match(reference: Reference(root), end: start)
    while match.fault == nil {
      if let field = member(bytes, at: match.end) {
        match.reference.path.append(.field(text(bytes, field)))
        match.end = field.upperBound
      } else if match.end < bytes.count, bytes[match.end] == UInt8(ascii: "[") {
        switch BracketStep.read(bytes, at: match.end) {
        case .success(let bracket):
          match.reference.path.append(bracket.step)
          match.end = bracket.end
        case .failure(let fault): match.fault = fault
        }
      } else {
        break
      }
    }
    return match
  }

  /// The name behind a dot at an offset.
  private static func member(_ bytes: [UInt8], at dot: Int, hyphens: Bool = false) -> Range<Int>? {
    guard dot < bytes.count, bytes[dot] == UInt8(ascii: ".") else { return nil }
    return name(bytes, at: dot + 1, hyphens: hyphens)
  }

  /// The longest name that starts at an offset.
  static func name(_ bytes: [UInt8], at start: Int, hyphens: Bool = false) -> Range<Int>? {
    guard start < bytes.count, bytes[start].isASCIILetter || bytes[start] == UInt8(ascii: "_") else { return nil }
    var end = start + 1
    while end < bytes.count, bytes[end].isNamePart || (hyphens && bytes[end] == UInt8(ascii: "-")) { end += 1 }
    return start..<end
  }

  private static func text(_ bytes: [UInt8], _ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }
}

extension UInt8 {
  /// Whether the byte may stand inside a name.
  var isNamePart: Bool { isASCIILetter || isASCIIDigit || self == UInt8(ascii: "_") }
}
