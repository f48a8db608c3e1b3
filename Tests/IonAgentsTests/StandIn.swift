import Foundation
import IonAgents
import IonWorkflow
import Testing

/// A program in the place of Claude Code or of Codex, which does what a test says in Python (`Agents/stand_in.py`).
struct StandIn {
  private let bench = Bench()
  private let script: String
  private let provider: any AgentProvider

  /// In place of Claude Code. `body` follows the greeting, unless it greets itself.
  static func claude(_ body: String, greets: Bool = true) throws -> StandIn {
    try StandIn((greets ? "greet()\n" : "") + body) { ClaudeProvider($0) }
  }

  /// In place of Codex. `body` has its prompt.
  static func codex(_ body: String) throws -> StandIn {
    try StandIn("prompt = sys.stdin.read()\n" + body) { CodexProvider($0) }
  }

  private init(_ script: String, _ provider: (ProviderDefinition) -> any AgentProvider) throws {
    let program = Bundle.module.url(forResource: "stand_in", withExtension: "py", subdirectory: "Agents")
    var definition = ProviderDefinition(id: "p")
    definition.command = try #require(program).path
    self.script = script
    self.provider = provider(definition)
  }

  private func request(_ prompt: String) -> AgentRequest {
    var request = bench.request(prompt)
    request.environment.append(("STAND_IN", script))
    return request
  }

  /// Takes a turn. At each event, the test may say something to the turn.
  func turn(
    _ prompt: String = "Say hello", change: (inout AgentRequest) -> Void = { _ in },
    onEvent: @escaping @Sendable (AgentEvent, any AgentTurn) -> Void = { _, _ in }
  ) async -> Bench.Turn {
    var request = request(prompt)
    change(&request)
    return await bench.run(provider, request, onEvent: onEvent)
  }

  func checkUp() async -> AgentCheckup { await provider.checkUp(request("")) }
}
