public import IonJSON
public import IonRPC

/// `rpc.discover`: the protocol as an OpenRPC document.
public enum DiscoverProtocol: ServedRequest {
  public static let method = "rpc.discover"
  public static let ordering = Ordering.concurrent

  public typealias Params = Nothing

  public struct Result: WireShape {
    public static let notes = [
      "openrpc": "The version of OpenRPC.",
      "info": "Title, version and license.",
      "methods": "Requests, and notifications with `x-direction`.",
      "components": "Schemas and errors.",
    ]

    public var openrpc: String
    public var info: JSONValue
    public var methods: JSONValue
    public var components: JSONValue
  }

  public static let spec = Spec<Self>(
    summary: "The protocol as an OpenRPC document (https://spec.open-rpc.org).",
    examples: [
      .init("the document", Nothing(), Result(openrpc: "1.3.2", info: [:], methods: [], components: [:]))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let document = OpenRPCDocument.make(version: session.version)
    return Result(
      openrpc: document["openrpc"]?.stringValue ?? "", info: document["info"] ?? .null,
      methods: document["methods"] ?? .null, components: document["components"] ?? .null)
  }
}
