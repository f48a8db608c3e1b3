public import IonJSON
internal import IonRPC

/// The protocol as an OpenRPC document, made from the catalog: `rpc.discover` answers it, `ion spec` exports it.
public enum OpenRPCDocument {
  /// The whole document; its members and theirs stand in a fixed order.
  public static func make(version: String) -> JSONValue {
    var schemas = JSONObject()
    var methods: [JSONValue] = Catalog.requests.map { describe($0, &schemas) }
    methods += Catalog.notifications.map { describe($0, &schemas) }
    return [
      "openrpc": "1.3.2",
      "info": [
        "title": "Ion", "version": .string(version),
        "description":
          "Requests that Ion answers and notifications that it sends, over JSON-RPC 2.0 with LSP's framing.",
        "license": ["name": "Apache-2.0"],
      ],
      "methods": .array(methods),
      "components": [
        "schemas": .object(sorted(schemas)),
        "errors": .object(errors),
      ],
    ]
  }

  private static func describe(_ request: any ServedRequest.Type, _ schemas: inout JSONObject) -> JSONValue {
    describeRequest(request, &schemas)
  }

  private static func describeRequest<Request: ServedRequest>(
    _ request: Request.Type, _ schemas: inout JSONObject
  ) -> JSONValue {
    let spec = request.spec
    let result = SchemaProbe.schema(of: Request.Result.self, definitions: &schemas)
    var method: JSONObject = [
      "name": .string(request.method), "summary": .string(spec.summary), "paramStructure": "by-name",
      "params": .array(params(Request.Params.self, &schemas)),
      "result": ["name": "result", "schema": result],
      "x-ordering": .string("\(request.ordering)"),
    ]
    if !spec.errors.isEmpty {
      method["errors"] = .array(spec.errors.map { ["$ref": .string("#/components/errors/\($0.rawValue)")] })
    }
    method["examples"] = .array(spec.examples.map(example))
    return .object(method)
  }

  private static func describe(_ notification: any SentNotification.Type, _ schemas: inout JSONObject) -> JSONValue {
    describeNotification(notification, &schemas)
  }

  private static func describeNotification<Notification: SentNotification>(
    _ notification: Notification.Type, _ schemas: inout JSONObject
  ) -> JSONValue {
    [
      "name": .string(notification.method), "summary": .string(notification.summary), "paramStructure": "by-name",
      "params": .array(params(notification, &schemas)),
      "x-direction": "serverToClient", "x-durable": .bool(notification.isDurable),
      "x-examples": .array(notification.examples.map(encoded)),
    ]
  }

  /// OpenRPC lists parameters one by one; so each field of the shape is one.
  private static func params<Shape: WireShape>(_ shape: Shape.Type, _ schemas: inout JSONObject) -> [JSONValue] {
    let schema = SchemaProbe.objectSchema(of: shape, definitions: &schemas)
    let required = Set((schema["required"]?.arrayValue ?? []).compactMap(\.stringValue))
    return (schema["properties"]?.objectValue?.members ?? []).map { member in
      var field = member.value.objectValue ?? [:]
      let note = field["description"]
      field["description"] = nil
      var entry: JSONObject = ["name": .string(member.key)]
      if let note { entry["description"] = note }
      if required.contains(member.key) { entry["required"] = true }
      entry["schema"] = .object(field)
      return .object(entry)
    }
  }

  private static func example<Request: ServedRequest>(_ example: Spec<Request>.Example) -> JSONValue {
    let params = encoded(example.params).objectValue?.members ?? []
    return [
      "name": .string(example.name),
      "params": .array(params.map { ["name": .string($0.key), "value": $0.value] }),
      "result": ["name": "result", "value": encoded(example.result)],
    ]
  }

  static func encoded(_ shape: some WireShape) -> JSONValue {
    do {
      return try JSONValue(encoding: shape)
    } catch {
      return .string("this example can't be encoded: \(error)")
    }
  }

  private static var errors: JSONObject {
    var errors = JSONObject()
    for kind in ErrorKind.allCases {
      errors[kind.rawValue] = [
        "code": -32803, "message": .string(kind.summary), "data": ["kind": .string(kind.rawValue)],
      ]
    }
    return errors
  }

  private static func sorted(_ object: JSONObject) -> JSONObject {
    JSONObject(uniqueMembers: object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
  }
}
