internal import IonJSON
internal import IonLock
internal import IonProcess
public import IonWorkflow

/// A provider that speaks the Agent Client Protocol, version 1, over its program's stdio.
public struct ACPProvider: AgentProvider {
  public let id: String
  /// What the protocol has a place for, and what the command line has one for.
  public var abilities: Set<AgentAbility> { line.abilities.union([.model, .effort, .systemPrompt, .mcp, .sessions]) }
  public let heldByIon: Set<AgentAbility> = [.allowedTools, .deniedTools, .budget]
  private let command: String
  private let line: CommandLine
  private let mode: String?
  private let patience: ACPTask.Patience
  private let clientVersion: String

  /// Nil where the definition names no program: every agent has another one.
  ///
  /// `clientVersion` is the version of the program that agents are told they talk with.
  public init?(_ definition: ProviderDefinition, clientVersion: String = AgentProviders.unknownVersion) {
    self.init(definition, patience: ACPTask.Patience(), clientVersion: clientVersion)
  }

  init?(
    _ definition: ProviderDefinition, patience: ACPTask.Patience, clientVersion: String = AgentProviders.unknownVersion
  ) {
    guard let command = definition.command else { return nil }
    id = definition.id
    self.command = command
    line = CommandLine(definition.arguments ?? [])
    mode = definition.mode
    self.patience = patience
    self.clientVersion = clientVersion
  }

  public func start(
    _ request: AgentRequest, onEvent: @escaping @Sendable (AgentEvent) -> Void
  ) -> any AgentTurn {
    let turn = ACPTurn(request, onEvent: onEvent)
    turn.start(command, line.words(for: request), task(for: request))
    return turn
  }

  /// Greets the agent and opens a session, which is as far as it goes without a prompt, and where most agents say whether
  /// they want to know who asks. The session is ended again where the agent can.
  public func checkUp(_ request: AgentRequest) async -> AgentCheckup {
    let began = MonotonicInstant.now()
    var task = newTask(request)
    task.goal = .checkUp
    task.patience = patience
    task.patience.setUp = min(patience.setUp, .seconds(20))
    let findings = await withCheckedContinuation { ended in
      ACPTurn(request) { _ in
      } onEnd: {
        ended.resume(returning: $0)
      }.start(command, line.words(for: request), task)
    }
    var checkup = AgentCheckup.locating(command, for: request)
    checkup.duration = began.duration(to: .now())
    checkup.stderr = findings.stderr
    checkup.version = findings.hello?.agentVersion
    checkup.protocolVersion = findings.hello.map { "ACP \($0.version)" }
    checkup.signIns = findings.hello?.signIns ?? []
    switch findings.outcome {
    case .answered: checkup.authentication = checkup.signIns.isEmpty ? .unknown : .done
    case .failed(let failure):
      checkup.failure = checkup.failure ?? failure
      if failure.kind == .authentication { checkup.authentication = .needed }
    case .cancelled: checkup.failure = AgentFailure(.crashed, "the agent was stopped while it was tried")
    }
    return checkup
  }

  private func newTask(_ request: AgentRequest) -> ACPTask {
    var task = ACPTask(workingPath: request.workingPath.text)
    task.clientVersion = clientVersion
    task.program = "`\(command.unicodeScalars.split(separator: "/").last.map { String($0) } ?? command)`"
    return task
  }

  private func task(for request: AgentRequest) -> ACPTask {
    var task = newTask(request)
    task.prompt = request.prompt
    task.session = request.session
    task.servers = ServerVariables(request.environment).fill(request.mcpServers)
    task.mode = mode
    // What the command line says needn't be said again.
    let said = line.abilities
    task.systemPrompt = said.contains(.systemPrompt) ? nil : request.systemPrompt
    task.model = said.contains(.model) ? nil : request.model
    task.effort = said.contains(.effort) ? nil : request.effort
    task.patience = patience
    task.refusal = request.refusal
    let path = request.environment.last { $0.0 == "PATH" }?.1
    let folder = request.workingPath
    task.locate = { program in
      do throws(ProcessFailure) {
        return try ProgramSearch.locate(program, path: path, from: folder)
      } catch {
        return nil
      }
    }
    return task
  }
}
