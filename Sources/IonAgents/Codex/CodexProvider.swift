internal import IonProcess
public import IonWorkflow

/// A provider that is Codex without its terminal: `codex exec --json`.
public struct CodexProvider: AgentProvider {
  public let id: String
  private let command: String
  private let further: CommandLine

  /// The definition's `command` is `codex` where it has none; its arguments follow Ion's own.
  public init(_ definition: ProviderDefinition) {
    id = definition.id
    command = definition.command ?? "codex"
    further = CommandLine(definition.arguments ?? [])
  }

  /// It counts no money, and has no lists of tools but those that its command line has a place for.
  public var abilities: Set<AgentAbility> {
    further.abilities.union([.model, .effort, .systemPrompt, .mcp, .sandbox, .sessions])
  }
  public let countsTokens = true

  public func start(
    _ request: AgentRequest, onEvent: @escaping @Sendable (AgentEvent) -> Void
  ) -> any AgentTurn {
    let further = further
    let records = CodexRecords(request.environment)
    @Sendable func start(_ request: AgentRequest, _ session: CodexSession) -> DialogueStart {
      DialogueStart(
        arguments: CodexOrder.arguments(request, further.words(for: request)),
        dialogue: CodexDialogue(
          request.prompt, in: session, records: records, reset: CodexReset.reader(in: request.environment)))
    }
    let first = request.session.map { asked in
      CodexSession(
        origin: asked.use == .resume ? .resumed : .forked, asked: asked.id,
        before: records?.usage(of: asked.id))
    }
    return DialogueTurn(
      request, command, start(request, first ?? .new()),
      replacement: { reason in start(request.inNewSession, .new(.replaced(reason: reason))) }, onEvent)
  }

  /// Asks the program for its version, and whether it knows who asks.
  public func checkUp(_ request: AgentRequest) async -> AgentCheckup {
    let located = AgentCheckup.locating(command, for: request)
    guard located.failure == nil else { return located }
    return await CodexCheckup(request, command, further.words(for: request)).checkUp(located)
  }
}
