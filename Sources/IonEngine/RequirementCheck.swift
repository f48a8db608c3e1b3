internal import IonJSON
internal import IonProcess
internal import IonScheduler
internal import IonStore
internal import IonWorkflow
internal import IonWorkflowFile
internal import Logging

/// Sees whether all is there that a workflow's `requires` names, before anything of a run starts.
struct RequirementCheck {
  /// The requirement that is more than a program's name: GitHub's command line, logged in.
  private static let github = "github"
  private static let patience = Duration.seconds(8)

  let definition: WorkflowDefinition
  let run: RunID
  let workingPath: AbsolutePath
  let paths: ProjectPaths
  /// What every step of the run starts from.
  let environment: StepEnvironment
  let secrets: RunSecrets
  private let logger: Logger

  init(
    _ definition: WorkflowDefinition, run: RunRecord, inputs: [String: JSONValue], home: RunHome, config: Configuration
  ) {
    self.definition = definition
    self.run = run.id
    // A worktree may not have been made yet.
    workingPath = run.request.isolation?.origin ?? run.request.workingPath
    paths = ProjectPaths(root: home.root, codebase: home.codebase, run: run.id)
    var environment = StepEnvironment(home.dependencies.environment, config, secrets: definition.secrets)
    secrets = RunSecrets(definition, inputs: inputs, in: environment)
    logger = home.dependencies.logger
    do throws(StepFailure) {
      try environment.add(definition.environment, in: ValueScope(inputs: inputs))
    } catch {
      home.dependencies.logger.debug("run \(run.id): \(error.message)")
    }
    self.environment = environment
  }

  /// Everything that is not there, for people; nil where nothing lacks.
  func fault() async -> String? {
    if let fault = secrets.fault { return fault }
    if let warning = secrets.warning { logger.warning("run \(run): \(warning)") }
    guard let fault = await requirementFault() else { return nil }
    return secrets.mask?.masked(fault) ?? fault
  }

  private func requirementFault() async -> String? {
    var lacks: [String] = []
    for name in definition.requirements {
      if name == Self.github {
        if let lack = await lackOfGitHub() { lacks.append(lack) }
      } else if !hasProgram(name) {
        lacks.append("the program `\(name)` is not on the steps' PATH")
      }
    }
    guard !lacks.isEmpty else { return nil }
    return "What the workflow `requires` is not there: \(lacks.joined(separator: "; ")). Nothing was started."
  }

  private func hasProgram(_ name: String) -> Bool {
    ProgramSearch.isThere(name, path: environment["PATH"], from: workingPath)
  }

  private func lackOfGitHub() async -> String? {
    guard hasProgram("gh") else { return "`\(Self.github)` needs the program `gh`, which is not on the steps' PATH" }
    // No node is called so: its name could not be written.
    let folder = paths.logs.appending("+requires")
    defer { FileAccess.remove(folder) }
    var command = StepCommand(
      "gh", ["auth", "status"], environment: environment.entries, workingDirectory: workingPath,
      marker: StepMarker.of(run, "+requires", attempt: 0, salt: UInt32.random(in: 0 ... .max)))
    command.secrets = secrets.mask
    do throws(ProcessFailure) {
      let process = try await StepProcess.start(
        command, output: OutputFiles(folder), limits: StepLimits(timeout: Self.patience))
      switch await process.result().ending {
      case .exited(0): return nil
      case .timedOut: return "`\(Self.github)`: `gh auth status` took longer than 8 s"
      case .exited, .signalled, .stopped, .idledOut, .unrecorded, .lost:
        return "`\(Self.github)`: `gh auth status` says: \(said(in: folder)); log in with `gh auth login`"
      }
    } catch {
      return "`\(Self.github)`: `gh` can't be started: \(error)"
    }
  }

  /// The first line that `gh` printed.
  private func said(in folder: AbsolutePath) -> String {
    for stream in [StepStream.stderr, .stdout] {
      let text = FileAccess.text(OutputFiles(folder).file(stream)) ?? ""
      if let line = text.split(whereSeparator: \.isNewline).first { return String(line.prefix(200)) }
    }
    return "nothing"
  }
}
