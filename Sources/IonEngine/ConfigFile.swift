internal import IonAgents
public import IonWorkflow
internal import IonWorkflowFile

/// A file that may hold a configuration.
struct ConfigFile: Hashable, Sendable {
  let path: AbsolutePath
  private let isUsers: Bool

  static func users(in folder: AbsolutePath) -> ConfigFile { ConfigFile(path: folder.appending(name), isUsers: true) }

  static func workspaces(in root: AbsolutePath) -> ConfigFile {
    ConfigFile(path: root.appending(".ion").appending(name), isUsers: false)
  }

  private static let name = "config.yaml"

  /// The configuration that a path is of; nil where it is none: the user's own, or `.ion/config.yaml` of any folder.
  static func at(_ path: AbsolutePath, userFolder: AbsolutePath) -> ConfigFile? {
    let users = users(in: userFolder)
    if path == users.path { return users }
    return path.name == name && path.parent.name == ".ion" ? ConfigFile(path: path, isUsers: false) : nil
  }

  /// Reads a text as the file's; `beneath` is the configuration that it is laid over.
  func read(_ bytes: [UInt8], over beneath: Configuration, _ agents: AgentProviders) -> ConfigurationReading {
    let known = agents.definitions(under: beneath.providers)
    return ConfigReader.read(bytes, at: isUsers ? .users(beneath: known) : .workspaces(beneath: known))
  }

  /// The configuration that the file is laid over.
  func beneath(_ dependencies: WorkflowDependencies) -> Configuration {
    guard !isUsers, let bytes = FileAccess.bytes(Self.users(in: dependencies.userFolder).path, limit: 1024 * 1024)
    else {
      return Configuration()
    }
    return ConfigReader.read(bytes).configuration ?? Configuration()
  }
}

extension Engine {
  /// The configurations that there are: the user's own, then those of the registered workspaces.
  public var configurations: [AbsolutePath] {
    let files = [ConfigFile.users(in: dependencies.userFolder)] + registered.map { .workspaces(in: $0.codebase.root) }
    return files.map(\.path).filter(FileAccess.exists)
  }

  /// What is said of a configuration file, and the text that it is said of: `text`, or what the file holds. Nil for a path
  /// that is no configuration's.
  ///
  /// - Throws: `.outsideWorkspace` for a file that is neither the user's own nor a registered workspace's; `.unusable`
  ///   where it isn't there, or can't be read.
  public func configuration(
    at path: AbsolutePath, text: [UInt8]?
  ) throws(EngineFailure) -> (diagnostics: [Diagnostic], bytes: [UInt8])? {
    guard let file = ConfigFile.at(path, userFolder: dependencies.userFolder) else { return nil }
    let bytes: [UInt8]
    if let text {
      bytes = text
    } else {
      let roots = registered.map { ConfigFile.workspaces(in: $0.codebase.root) }
      guard file == .users(in: dependencies.userFolder) || roots.contains(file) else {
        throw .outsideWorkspace(path.text)
      }
      guard let found = try FileAccess.read(path) else { throw .unusable("There is no configuration \(path).") }
      bytes = found
    }
    return (file.read(bytes, over: file.beneath(dependencies), dependencies.agents).diagnostics, bytes)
  }
}
