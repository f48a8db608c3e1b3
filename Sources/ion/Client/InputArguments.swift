internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// Reads `name=value` words by the types that a workflow declares.
enum InputArguments {
  static func read(
    _ words: [String], _ declared: [InputShape], option: String = "--input"
  ) throws(CommandFailure) -> JSONObject {
    var inputs = JSONObject()
    for word in words {
      guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
        throw CommandFailure("`\(option) \(word)` is not of the form name=value.", code: .usage)
      }
      let name = String(word[..<equals])
      let text = String(word[word.index(after: equals)...])
      inputs[name] = value(text, declared.first { $0.name == name })
    }
    return inputs
  }

  /// A text that doesn't fit its type is handed on as it is: the server says what is wrong with it.
  static func value(_ text: String, _ declaration: InputShape?) -> JSONValue {
    switch declaration?.type {
    case .boolean: return text == "true" ? true : text == "false" ? false : .string(text)
    case .number:
      do throws(JSONFailure) {
        return try JSONParser().parse(text)
      } catch {
        return .string(text)
      }
    case .string, .path, .enum, .secret, nil: return .string(text)
    }
  }
}
