internal import IonJSON

/// What an agent says of itself when it is greeted: `initialize`'s answer.
struct ACPHello: Hashable {
  /// The version that it wants to speak.
  var version: Int64
  /// Its name, its version and what it calls itself before people; nil where it doesn't say.
  var agent: String?
  var agentVersion: String?
  /// Whether it goes on in earlier sessions without telling them again (`session/resume`), or with (`session/load`).
  var canResume: Bool
  var canLoad: Bool
  /// Whether it makes copies of sessions. Not in the protocol's stable part yet.
  var canFork: Bool
  /// Whether a session can be ended without its program.
  var canClose: Bool
  /// The servers of the Model Context Protocol that it takes beside programs.
  var takesHTTP: Bool
  var takesSSE: Bool
  var signIns: [AgentCheckup.SignIn]

  /// Nil where the answer has no version.
  init?(_ answer: JSONValue) {
    guard let version = answer["protocolVersion"]?.integerValue else { return nil }
    self.version = version
    let info = answer["agentInfo"]
    agent = info?["title"]?.stringValue ?? info?["name"]?.stringValue
    agentVersion = info?["version"]?.stringValue
    let abilities = answer["agentCapabilities"] ?? .null
    let sessions = abilities["sessionCapabilities"] ?? .null
    canLoad = abilities["loadSession"]?.boolValue ?? false
    canResume = Self.offers("resume", sessions)
    canFork = Self.offers("fork", sessions)
    canClose = Self.offers("close", sessions)
    takesHTTP = abilities["mcpCapabilities"]?["http"]?.boolValue ?? false
    takesSSE = abilities["mcpCapabilities"]?["sse"]?.boolValue ?? false
    signIns = (answer["authMethods"]?.arrayValue ?? []).compactMap { method in
      guard let id = method["id"]?.stringValue else { return nil }
      return AgentCheckup.SignIn(id: id, name: method["name"]?.stringValue ?? id)
    }
  }

  /// An ability is there where its object is.
  private static func offers(_ key: String, _ abilities: JSONValue) -> Bool {
    switch abilities[key] {
    case .object?, .bool(true)?: true
    default: false
    }
  }
}
