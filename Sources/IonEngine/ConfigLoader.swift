internal import IonWorkflow
internal import IonWorkflowFile

/// Reads the configuration of a workspace: `.ion/config.yaml` over the user's own.
enum ConfigLoader {
  /// What was read; `fault` says what is wrong where a run must not start with it.
  struct Loaded: Sendable {
    var config: Configuration
    var fault: String?
  }

  static func load(root: AbsolutePath, userFolder: AbsolutePath) -> Loaded {
    var config = Configuration()
    for file in [userFolder.appending("config.yaml"), root.appending(".ion/config.yaml")] {
      do throws(EngineFailure) {
        guard let bytes = try FileAccess.read(file) else { continue }
        let reading = ConfigReader.read(bytes)
        guard let read = reading.configuration else {
          return Loaded(config: config, fault: fault(file, reading.diagnostics))
        }
        config = read.over(config)
      } catch {
        return Loaded(config: config, fault: error.message)
      }
    }
    return Loaded(config: config, fault: nil)
  }

  private static func fault(_ file: AbsolutePath, _ diagnostics: [Diagnostic]) -> String {
    guard let first = diagnostics.first(where: { $0.severity == .error }) else { return "\(file) can't be read." }
    let start = first.range.start
    return "The configuration \(file) is broken: \(first.message) (line \(start.line + 1), column \(start.column + 1))."
  }
}
