public import IonJSON
internal import IonRPC

/// The protocol as an OpenRPC document, made from the catalog: `rpc.discover` answers it, `ion spec` exports it.
public struct OpenRPCDocument {
  private var probe = SchemaProbe()

  /// The whole document; its members and theirs stand in a fixed order.
  public static func make(version: String) -> JSONValue {
    var document = OpenRPCDocument()
    let methods =
      Catalog.requests.map { JSONValue.object(document.describe($0)) }
      + Catalog.notifications.map { JSONValue.object(document.describe($0)) }
    return [
      "openrpc": "1.3.2",
      "info": [
        "title": "Ion", "version": .string(version),
        "description":
          "Requests that Ion answers and notifications that it sends, over JSON-RPC 2.0 with LSP's framing.",
        "license": ["name": "Apache-2.0"],
      ],
      "methods": .array(methods),
      "components": ["schemas": .object(document.schemas), "errors": .object(errors)],
    ]
  }

  /// The schemas of the named shapes and words that the catalog's messages have, by name.
  static var namedSchemas: JSONObject {
    var document = OpenRPCDocument()
    for request in Catalog.requests { _ = document.describe(request) }
    for notification in Catalog.notifications { _ = document.describe(notification) }
    return document.schemas
  }

  private var schemas: JSONObject {
    JSONObject(uniqueMembers: probe.definitions.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
  }

  private mutating func describe<Request: ServedRequest>(_ request: Request.Type) -> JSONObject {
    let spec = request.spec
    var method: JSONObject = [
      "name": .string(request.method), "summary": .string(spec.summary), "paramStructure": "by-name",
      "params": .array(params(of: Request.Params.self)),
      "result": ["name": "result", "schema": .object(probe.schema(of: Request.Result.self))],
      "x-ordering": .string("\(request.ordering)"),
    ]
    if !spec.errors.isEmpty {
      method["errors"] = .array(spec.errors.map { ["$ref": .string("#/components/errors/\($0.rawValue)")] })
    }
    method["examples"] = .array(spec.examples.map(example))
    return method
  }

  private mutating func describe<Notification: SentNotification>(_ notification: Notification.Type) -> JSONObject {
    [
      "name": .string(notification.method), "summary": .string(notification.summary), "paramStructure": "by-name",
      "params": .array(params(of: notification)), "x-direction": "serverToClient",
      "x-durable": .bool(notification.isDurable), "x-examples": .array(notification.examples.map(Self.encoded)),
    ]
  }

  /// OpenRPC lists parameters one by one; so each field of the shape is one.
  private mutating func params<Shape: WireShape>(of shape: Shape.Type) -> [JSONValue] {
    let schema = probe.objectSchema(of: shape)
    let required = Set((schema["required"]?.arrayValue ?? []).compactMap(\.stringValue))
    return (schema["properties"]?.objectValue?.members ?? []).map { member in
      var field = member.value.objectValue ?? [:]
      let note = field["description"]
      field["description"] = nil
      var entry: JSONObject = ["name": .string(member.key)]
      entry["description"] = note
      if required.contains(member.key) { entry["required"] = true }
      entry["schema"] = .object(field)
      return .object(entry)
    }
  }

  private func example<Request: ServedRequest>(_ example: Spec<Request>.Example) -> JSONValue {
    let params = Self.encoded(example.params).objectValue?.members ?? []
    return [
      "name": .string(example.name),
      "params": .array(params.map { ["name": .string($0.key), "value": $0.value] }),
      "result": ["name": "result", "value": Self.encoded(example.result)],
    ]
  }

  /// The JSON of an example. Examples are constants, so one that has none is a bug.
  static func encoded(_ shape: some WireShape) -> JSONValue {
    do throws(JSONEncodingFailure) {
      return try JSONValue(encoding: shape)
    } catch {
      assertionFailure("an example can't be written: \(error)")
      return .null
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
}
