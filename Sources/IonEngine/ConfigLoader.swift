internal import IonAgents
internal import IonWorkflow
internal import IonWorkflowFile

/// Reads the configuration of a workspace: `.ion/config.yaml` over the user's own.
enum ConfigLoader {
  /// What was read.
  struct Loaded: Sendable {
    var config = Configuration()
    /// What is wrong where a run must not start with it.
    var fault: String?
    /// What of it counts for nothing, a sentence for each file.
    var warnings: [String] = []
  }

  static func load(root: AbsolutePath, _ dependencies: WorkflowDependencies) -> Loaded {
    load(root: root, userFolder: dependencies.userFolder, dependencies.agents)
  }

  static func load(root: AbsolutePath, userFolder: AbsolutePath, _ agents: AgentProviders) -> Loaded {
    var loaded = Loaded()
    for file in [ConfigFile.users(in: userFolder), .workspaces(in: root)] {
      do throws(EngineFailure) {
        guard let bytes = try FileAccess.read(file.path) else { continue }
        let reading = file.read(bytes, over: loaded.config, agents)
        guard let read = reading.configuration else {
          loaded.fault = fault(file.path, reading.diagnostics)
          return loaded
        }
        loaded.config = read.over(loaded.config)
        if let warning = warning(file.path, reading.diagnostics) { loaded.warnings.append(warning) }
      } catch {
        loaded.fault = error.message
        return loaded
      }
    }
    return loaded
  }

  private static func fault(_ file: AbsolutePath, _ diagnostics: [Diagnostic]) -> String {
    let errors = diagnostics.filter { $0.severity == .error }
    guard let first = errors.first else { return "\(file) can't be read." }
    return "The configuration \(file) is broken: \(first.message) (\(place(first)))\(rest(errors))."
  }

  private static func warning(_ file: AbsolutePath, _ diagnostics: [Diagnostic]) -> String? {
    let warnings = diagnostics.filter { $0.severity == .warning }
    guard let first = warnings.first else { return nil }
    let hint = first.hint.map { "; \($0)" } ?? ""
    return "the configuration \(file), \(place(first)): \(first.message)\(hint)\(rest(warnings))"
  }

  private static func place(_ diagnostic: Diagnostic) -> String {
    "line \(diagnostic.range.start.line + 1), column \(diagnostic.range.start.column + 1)"
  }

  private static func rest(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.count > 1 ? ", and \(diagnostics.count - 1) more, which `ion check` lists" : ""
  }
}
