/// Makes and reads JSON pointers (RFC 6901).
enum JSONPointer {
  /// One step as a pointer spells it, its slash included.
  static func step(_ key: String) -> String {
    guard key.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return "/" + key }
    var text = "/"
    for scalar in key.unicodeScalars {
      switch scalar {
      case "~": text += "~0"
      case "/": text += "~1"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// The steps of a pointer; nil for a text that is none.
  static func steps(_ pointer: String) -> [String]? {
    if pointer.isEmpty { return [] }
    guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
    var steps: [String] = []
    for part in pointer.unicodeScalars.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      var text = String.UnicodeScalarView()
      var isEscape = false
      for scalar in part {
        if isEscape {
          guard scalar == "0" || scalar == "1" else { return nil }
          text.append(scalar == "0" ? "~" : "/")
          isEscape = false
        } else if scalar == "~" {
          isEscape = true
        } else {
          text.append(scalar)
        }
      }
      guard !isEscape else { return nil }
      steps.append(String(text))
    }
    return steps
  }

  /// A text with its `%XX` read (RFC 3986); nil where one of them is none, or the result isn't UTF-8.
  static func percentDecoded(_ text: String) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
        return nil
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
