internal import IonJSON

/// `session/request_permission`, while it waits for an answer.
struct ACPPermission: Hashable {
  /// The longest diff that is shown, in characters.
  private static let diffLimit = 256 * 1024

  /// What the agent calls its request.
  var request: JSONValue
  var options: [PermissionRequest.Option]

  init(_ request: JSONValue, _ parameters: JSONValue) throws(ACPError) {
    self.request = request
    guard let options = parameters["options"]?.arrayValue else { throw .badParameters("`options` must be a list") }
    self.options = options.compactMap { option in
      guard let id = option["optionId"]?.stringValue else { return nil }
      return PermissionRequest.Option(
        id: id, title: option["name"]?.stringValue ?? id,
        kind: option["kind"]?.stringValue.flatMap(PermissionRequest.Option.Kind.init(rawValue:)) ?? .other)
    }
  }

  /// What people see of it.
  func shown(as id: String, _ parameters: JSONValue, among tools: ACPToolCalls) -> PermissionRequest {
    let use = parameters["toolCall"].flatMap(tools.described)
    let diffs = (use?.diffs ?? []).map { UnifiedDiff.text($0.path, from: $0.old, to: $0.new) }
    return PermissionRequest(
      id: id, title: use?.call.title ?? "use a tool", tool: use?.call,
      diff: diffs.isEmpty ? nil : diffs.joined().shortened(to: Self.diffLimit), options: options)
  }

  /// The answer to the agent: an option of its own, or that the request came to nothing.
  func answer(_ option: String?) -> JSONValue {
    guard let option, options.contains(where: { $0.id == option }) else { return ["outcome": ["outcome": "cancelled"]] }
    return ["outcome": ["outcome": "selected", "optionId": .string(option)]]
  }
}
