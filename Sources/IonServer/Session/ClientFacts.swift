internal import IonJSON
internal import IonWorkflow

/// What a client said about itself in `initialize`. Any optional part may be `null` or of a wrong shape; then it counts
/// as not said.
struct ClientFacts: Sendable {
  /// What the client calls itself; who decides is called so.
  var name = "a client"
  /// Whether the client knows Ion's notifications.
  var knowsIon = false
  /// The version of Ion's protocol that it asks for; 1 where it doesn't say.
  var protocolVersion: Int64 = 1
  /// Whether Ion's notifications come by themselves: what is started here, and workflow files that change.
  var wantsEvents = false
  /// Whether the client asks people about gates itself, by `approval/didChange`.
  var showsGates = false
  var showsWorkDoneProgress = false
  /// Whether the commands of `workspace/executeCommand` are registered after `initialized` instead of announced.
  var registersCommands = false
  /// What the names of commands begin with.
  var commandPrefix = ClientCommand.usualPrefix
  var positionEncoding = PositionEncoding.utf16
  /// The process to end with; nil for no watch.
  var processID: Int32?
  /// The folders that are registered by themselves.
  var roots: [AbsolutePath] = []

  init() {}

  init(_ params: JSONValue) {
    if let given = params["clientInfo"]?["name"]?.stringValue, !given.isEmpty { name = given }
    let capabilities = params["capabilities"]
    if let ion = capabilities?["experimental"]?["ion"], case .object = ion {
      protocolVersion = ion["protocolVersion"]?.integerValue ?? 1
      knowsIon = true
      wantsEvents = ion["events"]?.boolValue ?? true
      showsGates = wantsEvents && ion["approvals"]?.boolValue ?? true
    }
    showsWorkDoneProgress = capabilities?["window"]?["workDoneProgress"]?.boolValue ?? false
    registersCommands =
      capabilities?["workspace"]?["executeCommand"]?["dynamicRegistration"]?.boolValue ?? false
    if let prefix = params["initializationOptions"]?["commandPrefix"]?.stringValue, Self.isCommandPrefix(prefix) {
      commandPrefix = prefix
    }
    let offered = (capabilities?["general"]?["positionEncodings"]?.arrayValue ?? []).compactMap(\.stringValue)
    positionEncoding = .first(of: offered)
    processID = params["processId"]?.integerValue.flatMap { Int32(exactly: $0) }.flatMap { $0 > 0 ? $0 : nil }
    roots = Self.roots(params)
  }

  /// Letters, digits, `.`, `_` and `-`, at most 64.
  private static func isCommandPrefix(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || "0123456789._-".unicodeScalars.contains($0))
      }
  }

  /// `workspaceFolders`, then `rootUri`, then `rootPath`: the first that says something.
  private static func roots(_ params: JSONValue) -> [AbsolutePath] {
    let folders = (params["workspaceFolders"]?.arrayValue ?? []).compactMap { $0["uri"]?.stringValue }
    if !folders.isEmpty { return folders.compactMap(path) }
    if let uri = params["rootUri"]?.stringValue { return [path(of: uri)].compactMap { $0 } }
    return [params["rootPath"]?.stringValue.flatMap { AbsolutePath($0) }].compactMap { $0 }
  }

  /// The path of a file URI; nil for any other text.
  static func path(of uri: String) -> AbsolutePath? {
    do {
      return try FileURI.parse(uri).path
    } catch {
      return nil
    }
  }
}
