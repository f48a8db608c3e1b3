internal import IonJSON

/// The page of methods, for people, made from the OpenRPC document.
enum MethodsPage {
  static func text(_ document: JSONValue) -> String {
    var page = "# Methods\n\nExported from the code by `ion spec protocol-spec`; do not edit.\n"
    for method in document["methods"]?.arrayValue ?? [] { page += section(method) }
    return page
  }

  private static func section(_ method: JSONValue) -> String {
    let isNotification = method["x-direction"] != nil
    var text = "\n## `\(method["name"]?.stringValue ?? "")`\n\n"
    if isNotification {
      text += method["x-durable"]?.boolValue == true ? "Notification, durable. " : "Notification. "
    } else if let ordering = method["x-ordering"]?.stringValue {
      text += "Request, \(ordering). "
    }
    text += (method["summary"]?.stringValue ?? "") + "\n"
    text += table("Parameters", (method["params"]?.arrayValue ?? []).map { Field(parameter: $0) })
    if let schema = method["result"]?["schema"] { text += result(schema) }
    let errors = (method["errors"]?.arrayValue ?? []).compactMap { $0["$ref"]?.stringValue?.split(separator: "/").last }
    if !errors.isEmpty { text += "\nErrors: " + errors.map { "`\($0)`" }.joined(separator: ", ") + "\n" }
    return text
  }

  private struct Field {
    var name: String
    var type: String
    var isRequired: Bool
    var note: String

    init(parameter: JSONValue) {
      name = parameter["name"]?.stringValue ?? ""
      type = MethodsPage.type(parameter["schema"])
      isRequired = parameter["required"]?.boolValue ?? false
      note = parameter["description"]?.stringValue ?? ""
    }

    init(name: String, schema: JSONValue, isRequired: Bool) {
      self.name = name
      type = MethodsPage.type(schema)
      self.isRequired = isRequired
      note = schema["description"]?.stringValue ?? ""
    }
  }

  private static func result(_ schema: JSONValue) -> String {
    guard let properties = schema["properties"]?.objectValue else { return "\nResult: \(type(schema))\n" }
    let required = Set((schema["required"]?.arrayValue ?? []).compactMap(\.stringValue))
    return table(
      "Result",
      properties.members.map { Field(name: $0.key, schema: $0.value, isRequired: required.contains($0.key)) })
  }

  private static func table(_ title: String, _ fields: [Field]) -> String {
    guard !fields.isEmpty else { return "" }
    var text = "\n| \(title) | type | |\n|---|---|---|\n"
    for field in fields {
      text += "| `\(field.name)`\(field.isRequired ? "" : "?") | \(field.type) | \(field.note) |\n"
    }
    return text
  }

  private static func type(_ schema: JSONValue?) -> String {
    if let name = schema?["$ref"]?.stringValue?.split(separator: "/").last { return "[\(name)](schema/\(name).json)" }
    switch schema?["type"]?.stringValue {
    case "array": return "list of " + type(schema?["items"])
    case let word?: return word
    case nil: return "any"
    }
  }
}
