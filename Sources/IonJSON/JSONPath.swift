/// Where a value stands in its document, innermost step first; nil stands for the document itself.
final class JSONPath: Sendable {
  let parent: JSONPath?
  let key: JSONCodingKey

  init(_ parent: JSONPath?, _ key: JSONCodingKey) {
    self.parent = parent
    self.key = key
  }

  convenience init(_ parent: JSONPath?, _ key: some CodingKey) {
    self.init(parent, JSONCodingKey(stringValue: key.stringValue))
  }
}

extension JSONPath? {
  /// From the outermost step to the innermost.
  var codingKeys: [JSONCodingKey] {
    var keys: [JSONCodingKey] = []
    var step = self
    while let current = step {
      keys.append(current.key)
      step = current.parent
    }
    return keys.reversed()
  }
}

/// One step into a JSON value: a member's key or an element's index.
struct JSONCodingKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(stringValue: String) {
    self.stringValue = stringValue
    intValue = nil
  }

  init(intValue: Int) {
    stringValue = String(intValue)
    self.intValue = intValue
  }
}

/// The JSON pointer (RFC 6901) of a path: empty for the document, else `/key/0/…` with `~` and `/` escaped.
func jsonPointer(_ path: [any CodingKey]) -> String {
  path.map { key in
    var step = "/"
    for scalar in key.stringValue.unicodeScalars {
      switch scalar {
      case "~": step += "~0"
      case "/": step += "~1"
      default: step.unicodeScalars.append(scalar)
      }
    }
    return step
  }.joined()
}
