public import IonJSON

/// An output as references read it: its text, and its structure where the text is a JSON document.
public struct OutputDocument: Hashable, Sendable {
  /// The raw text, which is what a whole output stands for in a text. Nil where the bytes have a NUL or aren't UTF-8, and
  /// so can't be read as a value.
  public let text: String?
  /// The structure where the text is a JSON document (RFC 8259), perhaps with white space or one code fence around it.
  /// Nil for free text, and for a JSON string: a text is its own value, quotes and all.
  public let json: JSONValue?
  /// Whether the text is an agent's free-form answer, which can't be compared with a literal.
  public let isFreeForm: Bool

  /// Reads an output's whole text.
  /// - Parameter text: The text without the trailing newlines that are dropped; nil where it is no text.
  public init(text: String?, isFreeForm: Bool = false) {
    let readable = text.flatMap { $0.utf8.contains(0) ? nil : $0 }
    self.text = readable
    self.isFreeForm = isFreeForm
    json = readable.flatMap(Self.document)
  }

  /// The value of a text that is to be a JSON document, perhaps with white space or one code fence around it; a JSON string
  /// is one, too.
  public static func value(of text: String) throws(JSONFailure) -> JSONValue {
    let bytes = text.utf8.trimmingBlanks
    return try JSONParser().parse(Array(content(ofFence: bytes) ?? bytes))
  }

  private static func document(_ text: String) -> JSONValue? {
    let bytes = text.utf8.trimmingBlanks
    guard let first = bytes.first else { return nil }
    if first == UInt8(ascii: "`") { return content(ofFence: bytes).flatMap(parse) }
    // Most outputs are prose: their first byte tells them apart without a parser.
    return "{[tfn-0123456789".utf8.contains(first) ? parse(bytes) : nil
  }

  private static func parse(_ bytes: Substring.UTF8View) -> JSONValue? {
    // What can't be parsed is free text, and that is no failure.
    guard
      case .success(let value) = Result(catching: { () throws(JSONFailure) in try JSONParser().parse(Array(bytes)) })
    else { return nil }
    if case .string = value { return nil }
    return value
  }

  /// What stands between ```` ```json ```` and its closing line, where the text is that and nothing else.
  private static func content(ofFence bytes: Substring.UTF8View) -> Substring.UTF8View? {
    let tick = UInt8(ascii: "`")
    let fence = bytes.prefix { $0 == tick }.count
    guard fence >= 3, let firstBreak = bytes.firstIndex(of: UInt8(ascii: "\n")),
      !bytes[..<firstBreak].dropFirst(fence).contains(tick)
    else { return nil }
    let body = bytes[bytes.index(after: firstBreak)...]
    guard body.reversed().prefix(while: { $0 == tick }).count == fence else { return nil }
    let content = body.dropLast(fence)
    // The closing fence stands on a line of its own.
    let before = content.reversed().drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.first
    guard content.isEmpty || before == UInt8(ascii: "\n") else { return nil }
    return content
  }
}

extension String.UTF8View {
  /// The text without the white space (RFC 8259, section 2) around it.
  fileprivate var trimmingBlanks: Substring.UTF8View {
    var rest = self[...]
    while let first = rest.first, Self.blanks.contains(first) { rest.removeFirst() }
    while let last = rest.last, Self.blanks.contains(last) { rest.removeLast() }
    return rest
  }

  private static let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
}
