internal import Glibc
internal import IonJSON
internal import IonWorkflow

/// Reads `node=text`, `node=@file` and `node=status` words as the stubs of a plan.
enum StubArguments {
  static func read(
    _ outputs: [String], _ statuses: [String], root: AbsolutePath
  ) throws(CommandFailure) -> JSONObject {
    var stubs = JSONObject()
    for word in outputs {
      let (node, text) = try split(word, "--stub", "node=text or node=@file", stubs)
      stubs[node] = ["output": .string(text.hasPrefix("@") ? try file(String(text.dropFirst()), root) : text)]
    }
    for word in statuses {
      let (node, status) = try split(word, "--assume", "node=failed, node=skipped or node=succeeded", stubs)
      guard ["failed", "skipped", "succeeded"].contains(status) else {
        throw CommandFailure("`--assume \(word)`: a node is failed, skipped or succeeded.", code: .usage)
      }
      stubs[node] = ["status": .string(status)]
    }
    return stubs
  }

  private static func split(
    _ word: String, _ option: String, _ form: String, _ known: JSONObject
  ) throws(CommandFailure) -> (String, String) {
    // The ids of a matrix' instances may have the sign in their values: `build[a=b]`.
    let name = word.prefix { $0 != "[" && $0 != "=" }
    let start = word[name.endIndex...].first == "[" ? word.firstIndex(of: "]") ?? word.endIndex : name.endIndex
    guard let equals = word[start...].firstIndex(of: "="), equals != word.startIndex else {
      throw CommandFailure("`\(option) \(word)` is not of the form \(form).", code: .usage)
    }
    let node = String(word[..<equals])
    guard known[node] == nil else {
      throw CommandFailure("`\(option) \(word)`: something is said of `\(node)` already.", code: .usage)
    }
    return (node, String(word[word.index(after: equals)...]))
  }

  private static func file(_ name: String, _ root: AbsolutePath) throws(CommandFailure) -> String {
    let path = root.appending(name)
    guard let bytes = TextFile.bytes(path) else {
      throw CommandFailure("\(path) can't be read: \(String(cString: strerror(errno))).", code: .usage)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure("\(path) is not UTF-8 text.", code: .usage)
    }
    return text
  }
}
