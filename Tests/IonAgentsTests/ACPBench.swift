import Foundation
import IonAgents
import IonJSON
import IonProcess
import IonWorkflow
import Testing

@testable import IonAgents

/// Turns of the scripted agent that speaks the Agent Client Protocol (`Agents/acp_agent.py`).
struct ACPBench {
  let bench = Bench()

  /// How long agents are waited for: machines that test are busy.
  static var patience: ACPTask.Patience {
    var patience = ACPTask.Patience()
    (patience.greeting, patience.setUp) = (.seconds(300), .seconds(300))
    return patience
  }

  /// A provider whose agent behaves as it is told.
  func provider(
    _ behaviour: [String], mode: String? = nil, patience: ACPTask.Patience = ACPBench.patience
  ) throws -> ACPProvider {
    let script = try #require(Bundle.module.url(forResource: "acp_agent", withExtension: "py", subdirectory: "Agents"))
    var definition = ProviderDefinition(id: "scripted")
    definition.command = "python3"
    definition.arguments = ([script.path] + behaviour).map { .init([$0]) }
    definition.mode = mode
    return try #require(ACPProvider(definition, patience: patience, clientVersion: "7.1-test"))
  }

  /// A request whose working path is a folder of its own, with its links resolved.
  func request(_ prompt: String = "do it") throws -> AgentRequest {
    var request = bench.request(prompt)
    let path = request.folder.appending("work")
    try FileManager.default.createDirectory(atPath: path.text, withIntermediateDirectories: true)
    request.workingPath = path
    request.folder = request.folder.appending("turn")
    request.environment = [
      ("PATH", "/usr/local/bin:/usr/bin:/bin:\(ProcessInfo.processInfo.environment["PATH"] ?? "")")
    ]
    return request
  }

  /// Takes a turn, and sees to it that nothing of it is left.
  func run(
    _ behaviour: [String], _ request: AgentRequest? = nil, mode: String? = nil,
    patience: ACPTask.Patience = ACPBench.patience,
    onEvent: @escaping @Sendable (AgentEvent, any AgentTurn) -> Void = { _, _ in }
  ) async throws -> Bench.Turn {
    let request = try request ?? self.request()
    let turn = await bench.run(try provider(behaviour, mode: mode, patience: patience), request, onEvent: onEvent)
    #expect(try Self.processes(with: request.marker).isEmpty, "\(behaviour): something is left")
    #expect(turn.events.filter { if case .ended = $0 { true } else { false } }.count == 1)
    return turn
  }

  /// The processes that have a marker, or one that begins with it, in their environment.
  private static func processes(with marker: String) throws -> [String] {
    let needle = Data(marker.utf8)
    return try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
      guard Int(name) != nil else { return false }
      return FileManager.default.contents(atPath: "/proc/\(name)/environ")?.range(of: needle) != nil
    }
  }
}

extension Bench.Turn {
  /// Everything that was noted.
  var notes: String { events.compactMap { if case .noted(let text) = $0 { text } else { nil } }.joined() }

  var session: AgentSession? {
    events.compactMap { if case .sessionKnown(let session) = $0 { session } else { nil } }.last
  }

  var failure: AgentFailure? { if case .failed(let failure) = outcome { failure } else { nil } }

  var edits: [FileEdit] { events.compactMap { if case .fileChanged(let edit) = $0 { edit } else { nil } } }

  var usage: AgentUsage? { events.compactMap { if case .used(let usage) = $0 { usage } else { nil } }.last }
}
