internal import IonJSON

/// The keys of `config.yaml` as tables, like those of the workflow language.
public enum ConfigurationLanguage {
  /// The file's own keys.
  public static let configuration = MappingSpec(
    "configuration", place: "a configuration", "What holds for all workflows of a workspace, or of a user.",
    [
      KeySpec("provider", .line, "The agent provider that workflows without one use."),
      KeySpec("assistant", .line, "The older name of `provider`."),
      KeySpec("providers", .entries(.any, .mapping(provider)), "The agent providers by their ids."),
      KeySpec("assistants", .entries(.any, .mapping(provider)), "The older name of `providers`."),
      KeySpec("workflow_paths", .list(.line), "More folders with workflow files."),
      KeySpec(
        "env", .entries(.name, .any),
        "Variables added to every step's environment; `inherit` says what is there before."),
      KeySpec("slots", .mapping(slots), "How many steps may run at once in the whole process."),
      KeySpec("limits", .mapping(limits), "How much Ion takes on."),
      KeySpec("keep", .object, "How many runs are kept.", actedOn: false),
    ])

  /// One entry of `providers`.
  public static let provider = MappingSpec(
    "provider", place: "a provider",
    "A program that is an agent, and how it is started; what is left out of an agent that Ion knows is as shipped.",
    [
      KeySpec(
        "kind",
        .choice([
          Choice("command", "Any program: the prompt on its stdin, the answer on its stdout."),
          Choice("acp", "An agent that speaks the Agent Client Protocol."),
          Choice("claude", "Claude Code, without an adapter."), Choice("codex", "Codex, without an adapter."),
        ]), "How Ion talks with the agent; `command` where there is one and nothing is said."),
      KeySpec("command", .line, "The program: a name that is looked up on `PATH`, or a path."),
      KeySpec(
        "args", .list(.either([.text, .list(.text, minimum: 1)])),
        "What follows the program, and what Ion itself tells `claude` and `codex`. `{model}`, `{effort}`, "
          + "`{system_prompt}`, `{session}`, `{allowed_tools}` and `{denied_tools}` stand for what a turn has of it; where it "
          + "has none, the argument is left out, or the whole list that it is in."),
      KeySpec("env", .entries(.name, .text), "Variables added to the program's environment."),
      KeySpec("model", .line, "The model where neither the run nor the workflow says one."),
      KeySpec("mode", .line, "The mode that the sessions of an `acp` agent are put into, by its id.", kinds: ["acp"]),
      KeySpec(
        "result",
        .choice([
          Choice("text", "The answer."),
          Choice("json", "One JSON document: `{text, session, usage: {input_tokens, output_tokens, usd}, error}`."),
        ]), "What a `command` prints.", default: "text", kinds: ["command"]),
      KeySpec(
        "settingSources", .list(.line), "What `settingSources` is where a node doesn't say.", kinds: ["claude"]),
    ]
      + ["additionalDirectories", "modelReasoningEffort", "webSearchMode"].map {
        KeySpec($0, .any, "A setting of other engines' files.", cosmetic: true, actedOn: false)
      })

  /// `inherit` of `env`.
  public static let inherit = KeySpec(
    "inherit",
    .either([
      .choice([
        Choice("all", "Everything but `ION_*`."), Choice("minimal", "What programs need to work at all."),
      ]), .list(.name),
    ]), "What a step gets of Ion's own environment: `all`, `minimal`, or a list of names.", default: "all")

  /// `slots`.
  public static let slots = MappingSpec(
    "slots", place: "`slots`", "How many steps may run at once in the whole process.",
    [
      KeySpec(
        "shells", .integer(1...1000), "Shells, scripts and programs; as many as there are cores unless it is said."),
      KeySpec("agents", .integer(1...1000), "Agents; 3 unless it is said."),
    ])

  /// `limits`.
  public static let limits = MappingSpec(
    "limits", place: "`limits`", "How much Ion takes on.",
    LimitName.allCases.map { KeySpec($0.rawValue, .integer(1...1_000_000_000_000), $0.summary) })
}
