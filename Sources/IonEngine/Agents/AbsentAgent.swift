internal import IonAgents
internal import IonJSON
internal import IonProcess
internal import IonWorkflow

/// A provider whose program can't be started where its turn would be.
struct AbsentAgent: Hashable, Sendable, CustomStringConvertible {
  let provider: String
  private let failure: ProcessFailure
  /// Where people learn how it is installed; nil for an agent that Ion doesn't know.
  private let page: String?

  init(_ provider: String, _ failure: ProcessFailure, page: String?) {
    self.provider = provider
    self.failure = failure
    self.page = page
  }

  /// What is wrong and what to do, without a full stop.
  var description: String {
    let remedy =
      page.map { "install it (\($0))" } ?? "install it, or say in `providers` of .ion/config.yaml which `command` it is"
    return "the provider `\(provider)` can't be started: \(failure.clause); \(remedy), and see `ion doctor \(provider)`"
  }
}

extension ProcessFailure {
  /// What is wrong with an agent's program, without the folders that were searched.
  var clause: String {
    guard case .missing(let program, _) = self else { return "\(self)" }
    return program.contains("/") ? "there is no program \(program)" : "the program `\(program)` is not on PATH"
  }
}

/// Where a run's nodes would look for the programs of their agents, as far as that is known before they start.
struct AgentPrograms: Sendable {
  private let environment: StepEnvironment
  private let entries: [EnvironmentEntry]
  private let scope: ValueScope
  private let folder: AbsolutePath

  /// `folder` is where the run works, or will.
  init(
    _ environment: StepEnvironment, _ definition: WorkflowDefinition, inputs: [String: JSONValue], folder: AbsolutePath
  ) {
    self.environment = environment
    entries = definition.environment
    scope = ValueScope(inputs: inputs)
    self.folder = folder
  }

  /// Why a node's program can't be started; nil where it can, and where a step before the node may change that: a path
  /// below the working path may be made by one, and a `PATH` of the node's own may read what one prints.
  func failure(of node: Node, _ provider: ProviderDefinition) -> ProcessFailure? {
    guard let program = provider.program, !isMadeByRun(program) else { return nil }
    var path = provider.environment.last { $0.name == "PATH" }?.value ?? environment["PATH"]
    for entry in entries + node.environment where entry.name == "PATH" {
      guard let text = known(entry.value) else { return nil }
      path = text
    }
    return Self.failure(of: program, path: path, from: folder)
  }

  /// Why a program can't be started that is looked for as a step does.
  static func failure(of program: String, path: String?, from folder: AbsolutePath) -> ProcessFailure? {
    do throws(ProcessFailure) {
      _ = try ProgramSearch.locate(program, path: path, from: folder)
      return nil
    } catch {
      return error
    }
  }

  private func isMadeByRun(_ program: String) -> Bool {
    program.contains("/") && folder.appending(program).text.hasPrefix(folder.text + "/")
  }

  /// A text that reads nothing but inputs, with their values.
  private func known(_ template: Template) -> String? {
    let readsInputs = template.references.allSatisfy { if case .input = $0.root { true } else { false } }
    guard readsInputs else { return nil }
    do throws(ReferenceFailure) {
      return try template.resolve(in: scope)
    } catch {
      return nil
    }
  }
}
