internal import IonJSON
internal import IonScheduler
internal import IonWorkflow

/// The servers of the Model Context Protocol that a node gives to its agent: `mcp`, read and checked.
///
/// It is the servers by their names, or the name of a file that has them, in both with or without `mcpServers` around. What
/// stands in a server's own settings is left to the provider, variables like `${TOKEN}` too.
enum AgentServers {
  /// The most bytes that a file may have.
  private static let limit = 1024 * 1024
  private static let wrapper = "mcpServers"

  /// - Parameter root: What the file's name is relative to.
  static func read(_ mcp: JSONValue?, root: AbsolutePath) throws(StepFailure) -> JSONObject {
    switch mcp {
    case .object(let object)?: return try checked(object, in: "`mcp`")
    case .string(let name)?: return try checked(try object(in: name, root), in: "the `mcp` file \(name)")
    case .bool?, .integer?, .number?, .array?, .null?, nil: return [:]
    }
  }

  private static func object(in name: String, _ root: AbsolutePath) throws(StepFailure) -> JSONObject {
    let bytes: [UInt8]?
    do throws(EngineFailure) {
      bytes = try FileAccess.read(root.appending(name), limit: limit + 1)
    } catch {
      throw StepFailure(.missing, "`mcp`: \(error.message)")
    }
    guard let bytes else { throw StepFailure(.missing, "There is no `mcp` file \(root.appending(name)).") }
    guard bytes.count <= limit else {
      throw StepFailure(.value, "The `mcp` file \(name) has more than \(limit) bytes.")
    }
    let value: JSONValue
    do throws(JSONFailure) {
      value = try JSONParser().parse(bytes)
    } catch {
      throw StepFailure(.value, "The `mcp` file \(name) is no JSON: \(error).")
    }
    guard case .object(let object) = value else {
      throw StepFailure(.value, "The `mcp` file \(name) must be a JSON object of servers by their names.")
    }
    return object
  }

  private static func checked(_ object: JSONObject, in place: String) throws(StepFailure) -> JSONObject {
    var servers = object
    if let inner = object[wrapper] {
      guard case .object(let members) = inner else {
        throw StepFailure(.value, "In \(place) `\(wrapper)` must be an object of servers by their names.")
      }
      servers = members
    }
    for server in servers.members {
      let isServer = server.value["command"]?.stringValue != nil || server.value["url"]?.stringValue != nil
      guard isServer else {
        throw StepFailure(.value, "In \(place) the server `\(server.key)` has neither a `command` nor a `url`.")
      }
    }
    return servers
  }
}
