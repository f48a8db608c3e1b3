internal import IonProcess
public import IonWorkflow

/// A provider that is Claude Code, talked with as its own SDKs do: `claude -p`, in lines of JSON both ways.
public struct ClaudeProvider: AgentProvider {
  public let id: String
  private let command: String
  private let further: CommandLine

  /// The definition's `command` is `claude` where it has none; its arguments follow Ion's own.
  public init(_ definition: ProviderDefinition) {
    id = definition.id
    command = definition.command ?? "claude"
    further = CommandLine(definition.arguments ?? [])
  }

  public var abilities: Set<AgentAbility> { Set(AgentAbility.allCases) }

  public func start(
    _ request: AgentRequest, onEvent: @escaping @Sendable (AgentEvent) -> Void
  ) -> any AgentTurn {
    let request = Self.prepared(request)
    let further = further.words(for: request)
    @Sendable func start(_ order: ClaudeOrder) -> DialogueStart {
      DialogueStart(arguments: order.arguments + further, dialogue: ClaudeDialogue(order))
    }
    return DialogueTurn(
      request, command, start(ClaudeOrder(request, newSession: SessionName.random())),
      replacement: { reason in
        start(ClaudeOrder(request, insteadOfLost: reason, newSession: SessionName.random()))
      }, onEvent)
  }

  /// Greets the program, as a turn does, and takes leave.
  public func checkUp(_ request: AgentRequest) async -> AgentCheckup {
    let located = AgentCheckup.locating(command, for: request)
    guard located.failure == nil else { return located }
    let greeting = ClaudeGreeting(Self.prepared(request), command, further.words(for: request))
    return await greeting.checkUp(located)
  }

  /// A request with the environment that the program is given: it says when it has nothing more to do, and is a Claude Code
  /// of its own also where Ion itself was started by one.
  private static func prepared(_ request: AgentRequest) -> AgentRequest {
    var request = request
    request.environment =
      request.environment.filter { $0.0 != "CLAUDECODE" } + [("CLAUDE_CODE_SDK_READS_SESSION_STATE", "1")]
    return request
  }
}
