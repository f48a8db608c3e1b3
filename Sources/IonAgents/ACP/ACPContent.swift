internal import IonJSON

/// A block of content, as far as people can read it.
enum ACPContent: Hashable {
  case text(String)
  /// Something that is no text, in a word.
  case other(String)

  init(_ block: JSONValue) {
    let kind = block["type"]?.stringValue ?? ""
    switch kind {
    case "text": self = .text(block["text"]?.stringValue ?? "")
    case "resource_link": self = Self.link(block)
    case "resource":
      let resource = block["resource"] ?? .null
      if let text = resource["text"]?.stringValue {
        self = .text(text)
      } else {
        self = .other("a resource: \(resource["uri"]?.stringValue ?? "without a name")")
      }
    case "image", "audio":
      self = .other("\(kind), \(block["mimeType"]?.stringValue ?? "of no known type")")
    default: self = .other("content of an unknown kind: \(block.serializedText().shortened(to: 1024))")
    }
  }

  private static func link(_ block: JSONValue) -> ACPContent {
    let uri = block["uri"]?.stringValue ?? ""
    return .text("[\(block["title"]?.stringValue ?? block["name"]?.stringValue ?? uri)](\(uri))")
  }
}

/// The answer of a turn as it comes in: messages, one after the other, of which the last one that says anything counts.
struct ACPAnswerText: Hashable {
  private var earlier = ""
  private var current = ""
  private var message: String?
  private var isInterrupted = false

  /// The whole of the last message, without newlines at its end.
  var answer: String {
    var text = Self.isBlank(current) ? earlier : current
    while let last = text.utf8.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
      text.unicodeScalars.removeLast()
    }
    return text
  }

  /// Takes the next piece of a message, which has a name or none; what of it is to be shown, messages set apart.
  mutating func take(_ piece: String, of message: String?) -> String {
    defer { if message != nil { self.message = message } }
    let isOther = message != nil && self.message != nil && message != self.message
    let begins = isOther || (isInterrupted && (message == nil || self.message == nil))
    isInterrupted = false
    guard begins, !current.isEmpty else {
      current += piece
      return piece
    }
    let isApart = current.utf8.last == UInt8(ascii: "\n")
    if !Self.isBlank(current) { earlier = current }
    current = piece
    return (isApart ? "" : "\n\n") + piece
  }

  /// Takes note that the agent did something else: what it says next, it says anew.
  mutating func interrupt() { isInterrupted = true }

  private static func isBlank(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}
