internal import IonJSON
internal import IonRPC

/// The page of methods, for people: every request and notification, group by group, then the shapes, the words and the
/// kinds of errors that they speak of.
struct MethodsPage {
  private var probe = SchemaProbe()
  private var text = """
    # Methods

    Exported from the code by `ion spec protocol-spec`; do not edit. A `?` marks what may be absent.


    """

  /// The whole page.
  static func text() -> String {
    var page = MethodsPage()
    page.addContents()
    for group in groups { page.add(group) }
    page.addShapes()
    page.addErrors()
    return page.text
  }

  /// One part of the page: the methods whose names begin alike.
  private struct Group {
    var name: String
    var requests: [any ServedRequest.Type]
    var notifications: [any SentNotification.Type]
  }

  /// In the catalog's order.
  private static let groups: [Group] = {
    var groups: [Group] = []
    func place(_ method: String) -> Int {
      let name = String(method.prefix { $0 != "/" && $0 != "." })
      if let known = groups.firstIndex(where: { $0.name == name }) { return known }
      groups.append(Group(name: name, requests: [], notifications: []))
      return groups.count - 1
    }
    for request in Catalog.requests { groups[place(request.method)].requests.append(request) }
    for notification in Catalog.notifications { groups[place(notification.method)].notifications.append(notification) }
    return groups
  }()

  private mutating func addContents() {
    text += "| | requests | notifications |\n|---|---|---|\n"
    for group in Self.groups {
      let requests = group.requests.map { Self.link(to: $0.method) }.joined(separator: " · ")
      let notifications = group.notifications.map { Self.link(to: $0.method) }.joined(separator: " · ")
      text += "| \(group.name) | \(requests) | \(notifications) |\n"
    }
  }

  private static func link(to method: String) -> String {
    let anchor = method.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "-" }
    return "[`\(method)`](#\(anchor))"
  }

  private mutating func add(_ group: Group) {
    for request in group.requests { add(request) }
    for notification in group.notifications { add(notification) }
  }

  private mutating func add<Request: ServedRequest>(_ request: Request.Type) {
    let spec = request.spec
    text += "\n## `\(request.method)`\n\nRequest, \(request.ordering). \(spec.summary)\n"
    addFields(probe.objectSchema(of: Request.Params.self), title: "params")
    let result = probe.schema(of: Request.Result.self)
    if result["properties"] == nil {
      text += "\nResult: \(SchemaText.type(result)).\n"
    } else {
      addFields(result, title: "result")
    }
    if !spec.errors.isEmpty {
      text += "\nErrors: \(spec.errors.map { "`\($0.rawValue)`" }.joined(separator: ", ")).\n"
    }
    for example in spec.examples {
      text += "\nExample, \(example.name):\n\n```\n→ \(Self.json(example.params))\n"
      text += "← \(Self.json(example.result))\n```\n"
    }
  }

  private mutating func add<Notification: SentNotification>(_ notification: Notification.Type) {
    let durability = notification.isDurable ? "durable" : "not kept"
    text += "\n## `\(notification.method)`\n\nNotification, \(durability). \(notification.summary)\n"
    addFields(probe.objectSchema(of: notification), title: "params")
    for example in notification.examples {
      text += "\n```\n~ \(Self.json(example))\n```\n"
    }
  }

  /// An example in one line, with its members sorted: tables have no order of their own.
  private static func json(_ shape: some WireShape) -> String {
    sorted(OpenRPCDocument.encoded(shape)).serializedText()
  }

  private static func sorted(_ value: JSONValue) -> JSONValue {
    switch value {
    case .object(let object):
      let members = object.members.map { JSONObject.Member(key: $0.key, value: sorted($0.value)) }
      return .object(
        JSONObject(uniqueMembers: members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }))
    case .array(let elements): return .array(elements.map(sorted))
    case .null, .bool, .integer, .number, .string: return value
    }
  }

  private mutating func addFields(_ schema: JSONObject, title: String) {
    let members = schema["properties"]?.objectValue?.members ?? []
    guard !members.isEmpty else { return text += "\nNo \(title).\n" }
    let required = Set((schema["required"]?.arrayValue ?? []).compactMap(\.stringValue))
    text += "\n| \(title) | type | |\n|---|---|---|\n"
    for member in members {
      let note = member.value["description"]?.stringValue ?? ""
      text += "| `\(member.key)`\(required.contains(member.key) ? "" : "?") | "
      text += "\(SchemaText.type(member.value.objectValue ?? [:])) | \(note) |\n"
    }
  }

  private mutating func addShapes() {
    text += "\n# Shapes and words\n\nClients accept members and words that they don't know.\n"
    for member in OpenRPCDocument.namedSchemas.members {
      let schema = member.value.objectValue ?? [:]
      text += "\n## \(member.key)\n"
      if schema["properties"] != nil {
        addFields(schema, title: "field")
      } else {
        text += "\n| word | |\n|---|---|\n"
        for word in schema["anyOf"]?.arrayValue ?? [] {
          guard let name = word["const"]?.stringValue else { continue }
          text += "| `\(name)` | \(word["description"]?.stringValue ?? "") |\n"
        }
      }
    }
  }

  private mutating func addErrors() {
    text += "\n# Kinds of errors\n\n`data.kind` of an error -32803.\n\n| kind | |\n|---|---|\n"
    for kind in ErrorKind.allCases { text += "| `\(kind.rawValue)` | \(kind.summary) |\n" }
  }
}

/// Says in a word or two what a schema allows.
enum SchemaText {
  static func type(_ schema: JSONObject) -> String {
    if let name = schema["$ref"]?.stringValue?.split(separator: "/").last {
      return "[\(name)](#\(name.lowercased()))"
    }
    if let types = schema["type"]?.arrayValue { return types.compactMap(\.stringValue).joined(separator: " or ") }
    switch schema["type"]?.stringValue {
    case "array": return "list of \(type(schema["items"]?.objectValue ?? [:]))"
    case "object":
      guard let values = schema["additionalProperties"]?.objectValue else { return "object" }
      return "object of \(type(values))"
    case "string": return text(schema)
    case "integer": return integer(schema)
    case let word?: return word
    case nil: return "any"
    }
  }

  private static func text(_ schema: JSONObject) -> String {
    switch schema["format"]?.stringValue {
    case "uri": schema["pattern"]?.stringValue == "^ion:" ? "`ion:` URI" : "`file:` URI"
    case "date-time": "time"
    case .some, nil: "string"
    }
  }

  private static func integer(_ schema: JSONObject) -> String {
    switch (schema["minimum"]?.integerValue, schema["maximum"]?.integerValue) {
    case (let low?, let high?): "integer, \(low) to \(high)"
    case (let low?, nil): "integer, \(low) or more"
    case (nil, let high?): "integer, \(high) at most"
    case (nil, nil): "integer"
    }
  }
}
