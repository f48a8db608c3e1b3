internal import IonJSON

/// The variables in what a node says of its servers: `${NAME}`, or `${NAME:-…}` with what stands for one that isn't there.
struct ServerVariables {
  private let values: [String: String]

  /// The variables of an environment, of entries with one name the last.
  init(_ environment: [(String, String)]) { values = Dictionary(environment) { $1 } }

  /// A value with the variables in its texts filled in; what is filled in is never read again. A variable that isn't there
  /// stays as it is written.
  func fill(_ value: JSONValue) -> JSONValue {
    switch value {
    case .null, .bool, .integer, .number: value
    case .string(let text): .string(fill(text))
    case .array(let values): .array(values.map(fill))
    case .object(let object): .object(fill(object))
    }
  }

  func fill(_ object: JSONObject) -> JSONObject {
    JSONObject(uniqueMembers: object.members.map { .init(key: $0.key, value: fill($0.value)) })
  }

  /// The names of the variables in a value that aren't there and have nothing that stands for them, each once.
  func unset(in value: JSONValue) -> [String] {
    var names: [String] = []
    collect(value, into: &names)
    return names
  }

  private func collect(_ value: JSONValue, into names: inout [String]) {
    switch value {
    case .null, .bool, .integer, .number: break
    case .string(let text):
      var rest = text[...]
      while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
        let name = String(rest[start.upperBound..<end])
        if !name.contains(":-"), values[name] == nil, !names.contains(name) { names.append(name) }
        rest = rest[rest.index(after: end)...]
      }
    case .array(let values): for value in values { collect(value, into: &names) }
    case .object(let object): for member in object.members { collect(member.value, into: &names) }
    }
  }

  private func fill(_ text: String) -> String {
    var filled = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
      filled += rest[..<start.lowerBound]
      let inside = rest[start.upperBound..<end]
      let fallback = inside.firstRange(of: ":-").map { (inside[..<$0.lowerBound], inside[$0.upperBound...]) }
      filled +=
        values[String(fallback?.0 ?? inside)] ?? fallback.map { String($0.1) } ?? String(rest[start.lowerBound...end])
      rest = rest[rest.index(after: end)...]
    }
    return filled + rest
  }
}

extension AgentRequest {
  /// The variables in what the turn's servers are that its environment lacks.
  public var unsetVariables: [String] { ServerVariables(environment).unset(in: .object(mcpServers)) }
}
