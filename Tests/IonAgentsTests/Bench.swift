import Foundation
import IonAgents
import IonProcess
import IonWorkflow
import Testing

/// A folder for turns, removed when the value goes, and what came of each.
final class Bench: Sendable {
  struct Turn: Sendable {
    var events: [AgentEvent]

    var outcome: AgentOutcome {
      if case .ended(let outcome)? = events.last { return outcome }
      return .failed(AgentFailure(.protocolFault, "the last event was no end"))
    }

    var text: String { events.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined() }
  }

  private let folder: AbsolutePath

  init() {
    let path = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
    folder = AbsolutePath(path)!.appending("ion-agents-\(UUID().uuidString.prefix(8))")
    try? FileManager.default.createDirectory(atPath: folder.text, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder.text) }

  /// Takes a turn of a bash script.
  func run(
    _ script: String, prompt: String = "", change: (inout AgentRequest) -> Void = { _ in },
    onEvent: @escaping @Sendable (AgentEvent, any AgentTurn) -> Void = { _, _ in }
  ) async -> Turn {
    var definition = ProviderDefinition(id: "p")
    definition.arguments = [.init(["-c", script])]
    return await run(definition, "bash", prompt: prompt, change: change, onEvent: onEvent)
  }

  /// Takes a turn of a program that prints this, and whose results are JSON.
  func run(json output: String, thenExit code: String = "0") async -> Turn {
    var definition = ProviderDefinition(id: "p")
    definition.arguments = [.init(["-c", #"printf '%s' "$1"; exit "$2""#, "agent", output, code])]
    definition.result = .json
    return await run(definition, "bash")
  }

  func run(
    _ definition: ProviderDefinition, _ command: String, prompt: String = "",
    change: (inout AgentRequest) -> Void = { _ in },
    onEvent: @escaping @Sendable (AgentEvent, any AgentTurn) -> Void = { _, _ in }
  ) async -> Turn {
    var request = self.request(prompt)
    change(&request)
    return await run(CommandProvider(definition, command: command), request, onEvent: onEvent)
  }

  /// A request with a folder of its own.
  func request(_ prompt: String = "") -> AgentRequest {
    let own = folder.appending(UUID().uuidString)
    return AgentRequest(
      prompt: prompt, workingPath: folder, environment: [("PATH", "/usr/local/bin:/usr/bin:/bin")],
      marker: "ION_STEP_MARKER=\(own.name)/a/1/0", folder: own, root: folder, grace: .seconds(5), run: "r", node: "a")
  }

  /// Takes a turn of any provider to its end.
  func run(
    _ provider: any AgentProvider, _ request: AgentRequest,
    onEvent: @escaping @Sendable (AgentEvent, any AgentTurn) -> Void = { _, _ in }
  ) async -> Turn {
    let (events, sink) = AsyncStream<AgentEvent>.makeStream()
    let turn = provider.start(request) { event in
      sink.yield(event)
      if case .ended = event { sink.finish() }
    }
    var seen: [AgentEvent] = []
    for await event in events {
      seen.append(event)
      onEvent(event, turn)
    }
    return Turn(events: seen)
  }
}
