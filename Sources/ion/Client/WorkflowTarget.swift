internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// What people named on the command line: a workflow by its name, or by its file.
struct WorkflowTarget {
  /// `workflow` or `uri`, as the methods take them.
  let params: JSONObject

  /// A text with a slash, or with a YAML file's ending, is a file's path.
  init(_ text: String, root: AbsolutePath) throws(CommandFailure) {
    guard text.contains("/") || text.hasSuffix(".yaml") || text.hasSuffix(".yml") else {
      params = ["workflow": .string(text)]
      return
    }
    params = ["uri": .string(FileURI(root.appending(text)).description)]
  }
}

extension JSONObject {
  /// These members and those of another object, which win.
  func merging(_ other: JSONObject) -> JSONObject {
    var merged = self
    for member in other.members { merged[member.key] = member.value }
    return merged
  }
}
