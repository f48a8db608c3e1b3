public import IonWorkflow

/// A provider that is any program: the prompt on its stdin, the answer on its stdout.
public struct CommandProvider: AgentProvider {
  public let id: String
  public let abilities: Set<AgentAbility>
  private let command: String
  private let line: CommandLine
  private let result: ProviderDefinition.ResultForm

  /// `command` is the definition's.
  public init(_ definition: ProviderDefinition, command: String) {
    id = definition.id
    self.command = command
    line = CommandLine(definition.arguments ?? [])
    result = definition.result ?? .text
    abilities = result == .json ? line.abilities.union([.budget]) : line.abilities
  }

  public func start(
    _ request: AgentRequest, onEvent: @escaping @Sendable (AgentEvent) -> Void
  ) -> any AgentTurn {
    let turn = CommandTurn(request, command, result, onEvent)
    turn.start(line.words(for: request))
    return turn
  }

  /// Says whether there is such a program: what it would say to anything but a prompt isn't known.
  public func checkUp(_ request: AgentRequest) async -> AgentCheckup {
    var checkup = AgentCheckup.locating(command, for: request)
    checkup.wasTried = false
    return checkup
  }
}

/// The arguments of a provider, with placeholders in them.
struct CommandLine: Sendable {
  /// What may stand in an argument for something of a turn.
  private enum Placeholder: String, CaseIterable {
    case model, effort, session
    case systemPrompt = "system_prompt"
    case allowedTools = "allowed_tools"
    case deniedTools = "denied_tools"

    var ability: AgentAbility {
      switch self {
      case .model: .model
      case .effort: .effort
      case .session: .sessions
      case .systemPrompt: .systemPrompt
      case .allowedTools: .allowedTools
      case .deniedTools: .deniedTools
      }
    }

    /// What a turn has for it; nil for nothing.
    func value(in request: AgentRequest) -> String? {
      switch self {
      case .model: request.model
      case .effort: request.effort
      case .session: request.session?.id
      case .systemPrompt: request.systemPrompt
      case .allowedTools: request.allowedTools?.joined(separator: ",")
      case .deniedTools: request.deniedTools.isEmpty ? nil : request.deniedTools.joined(separator: ",")
      }
    }
  }

  private enum Piece: Hashable {
    case text(String)
    case placeholder(Placeholder)
  }

  /// Each argument's words in their pieces.
  private let arguments: [[[Piece]]]

  init(_ arguments: [ProviderDefinition.Argument]) {
    self.arguments = arguments.map { $0.words.map(Self.pieces) }
  }

  /// What a turn can be told by this line.
  var abilities: Set<AgentAbility> {
    Set(arguments.joined().joined().compactMap { if case .placeholder(let name) = $0 { name.ability } else { nil } })
  }

  /// The line of a turn. What is put in is never read again.
  func words(for request: AgentRequest) -> [String] {
    arguments.flatMap { words -> [String] in
      let filled = words.map { pieces in pieces.map { Self.text(of: $0, request) } }
      guard filled.joined().allSatisfy({ $0 != nil }) else { return [] }
      return filled.map { $0.compactMap(\.self).joined() }
    }
  }

  private static func text(of piece: Piece, _ request: AgentRequest) -> String? {
    switch piece {
    case .text(let text): text
    case .placeholder(let name): name.value(in: request)
    }
  }

  private static func pieces(of word: String) -> [Piece] {
    var pieces: [Piece] = []
    var literal = ""
    var rest = word[...]
    while let first = rest.first {
      let found = Placeholder.allCases.first { rest.hasPrefix("{\($0.rawValue)}") }
      if let found {
        if !literal.isEmpty { pieces.append(.text(literal)) }
        literal = ""
        pieces.append(.placeholder(found))
        rest = rest.dropFirst(found.rawValue.count + 2)
      } else {
        literal.append(first)
        rest = rest.dropFirst()
      }
    }
    if !literal.isEmpty || pieces.isEmpty { pieces.append(.text(literal)) }
    return pieces
  }
}
