internal import IonJSON

extension WorkflowLanguage {
  /// The agent keys that a workflow may set for all its nodes.
  static let agentDefaults: [KeySpec] = [
    KeySpec("provider", .line, "The agent provider, by its id in the configuration."),
    KeySpec("model", .line, "The provider's model."),
    KeySpec("effort", .choice(efforts), "How hard the model thinks.", cosmetic: true),
  ]

  private static let efforts = ["minimal", "low", "medium", "high", "xhigh", "max"].map { Choice($0, "") }

  /// The agent keys of a node.
  static let agentKeys: [KeySpec] = (agentDefaults + nodeAgentKeys).map { key in
    var key = key
    key.kinds = agentKinds
    return key
  }

  private static let nodeAgentKeys: [KeySpec] = [
    KeySpec(
      "context",
      .either([
        .choice([
          Choice("fresh", "A session of its own."),
          Choice("shared", "The session of the agent before it: the nearest one upstream that has one."),
        ]), .mapping(resumedContext),
      ]), "The session that the agent works in; where nothing is said, one of its own."),
    KeySpec(
      "persist_session", .boolean, "Whether the agent goes on in the session that this node had in the last run.",
      default: false),
    KeySpec("systemPrompt", .template, "What stands before the prompt."),
    KeySpec("allowed_tools", .list(.line), "The only tools that the agent may use."),
    KeySpec("denied_tools", .list(.line), "Tools that the agent may not use."),
    KeySpec(
      "mcp", .either([.line, .object]),
      "MCP servers by their names, or the name of a JSON file that has them, as seen from the workspace."),
    KeySpec("skills", .list(.line), "Skills that the agent is given."),
    KeySpec("agents", .object, "Agents that the agent may call, by name."),
    KeySpec("hooks", .object, "Programs that the provider calls."),
    KeySpec("maxBudgetUsd", .number(.above(0)), "What the node may cost, in dollars."),
    KeySpec("fallbackModel", .line, "The model where the first one can't be had."),
    KeySpec(
      "thinking", .either([.choice(["adaptive", "enabled", "disabled"].map { Choice($0, "") }), .object]),
      "Whether the model thinks before it answers.", cosmetic: true),
    KeySpec("settingSources", .list(.line), "Where the provider takes its settings from."),
    KeySpec("betas", .list(.line), "The provider's features to switch on."),
    KeySpec("sandbox", .either([.boolean, .object]), "What the agent is kept from."),
  ]

  static let resumedContext = MappingSpec(
    "context", place: "`context`", "A copy of another node's session.",
    [KeySpec("resume", .nodeID, "The node whose session is gone on from, which stays as it is.", required: true)])

  // MARK: Loops

  private static let loopEnds: [KeySpec] = [
    KeySpec("until", .line, "Ends the loop where the answer has this as a tag, or on a line of its own."),
    KeySpec("until_bash", .bash, "Ends the loop where this script succeeds."),
    KeySpec("max_iterations", .integer(1...10_000), "How many iterations fail the node.", required: true),
    KeySpec("fresh_context", .boolean, "Whether each iteration gets a new session.", default: false),
    KeySpec("interactive", .boolean, "Whether a person is asked between iterations.", default: false),
    KeySpec("gate_message", .template, "What the person is asked."),
  ]

  static let loop = MappingSpec(
    "loop", place: "`loop`", "One agent prompt, repeated; it has at least one way to end.",
    [
      KeySpec("prompt", .template, "What the agent is asked each time."),
      KeySpec("command", .fileName, "The name of a prompt file in `.ion/commands/`."),
    ] + loopEnds + [
      KeySpec("until_field", .name, "Ends the loop where this boolean field of the answer is true."),
      KeySpec("signal_completes", .boolean, "Whether `until` ends an interactive loop by itself.", default: false),
    ])

  static let loopGroup = MappingSpec(
    "loop_group", place: "`loop_group`", "Nodes that are repeated together; their ids can't be seen from outside.",
    [KeySpec("nodes", .nodes(minimum: 1), "The steps of one iteration.", required: true)] + loopEnds)

  // MARK: Gates

  static let approval = MappingSpec(
    "approval", place: "`approval`", "A question to a person.",
    [
      KeySpec("message", .template, "What the person is asked.", required: true),
      KeySpec("decisions", .list(.mapping(decision), minimum: 1), "The answers; one of them is `approve`."),
      KeySpec(
        "on_reject", .mapping(rejection), "What an agent does about a rejection before the person is asked again."),
      KeySpec("capture_response", .boolean, "Whether the output is the person's comment.", default: false),
      KeySpec("form", .entries(.name, .mapping(input)), "Typed questions."),
      KeySpec("timeout", .duration(allowsZero: false), "How long the gate waits for an answer."),
      KeySpec("default", .kebab, "The decision that is taken when the timeout is over."),
    ])

  static let decision = MappingSpec(
    "decision", place: "a decision", "One answer of a gate.",
    [
      KeySpec("id", .kebab, "What the output calls the answer.", required: true),
      KeySpec("label", .line, "What the person sees; the id where it is left out."),
    ])

  static let rejection = MappingSpec(
    "on_reject", place: "`on_reject`", "What follows a rejection.",
    [
      KeySpec(
        "prompt", .template, "What the agent is asked; `$REJECTION_REASON` is the person's comment.", required: true),
      KeySpec("max_attempts", .integer(1...100), "How often before the node fails.", default: 3),
    ])

  // MARK: Child runs

  static let fanOut = MappingSpec(
    "fan_out", place: "`fan_out`", "One child run for each of some items.",
    [
      KeySpec("items", .either([.list(.any), .line]), "A list, or a reference to one.", required: true),
      KeySpec(
        "as", .name, "The child's input that gets the item, which is the child's message, too, where no `input` is."),
      KeySpec("max_parallel", .integer(1...1000), "How many children run at once.", default: 5),
      KeySpec(
        "join",
        .choice([
          Choice("all_success", "The node fails where a child failed, once all are through."),
          Choice("all_done", "The node succeeds when all children are through."),
        ]), "What the children must have come to.", default: "all_success"),
    ])
}
