internal import IonJSON

extension WorkflowLanguage {
  /// The keys of a node; those of one kind's own say so.
  public static let node = MappingSpec(
    "node", place: "a node", "One step: an id, exactly one kind, and what governs when and how it runs.",
    [KeySpec("id", .nodeID, "What the node is called within the file.", required: true)] + kinds + kindKeys + common
      + agentKeys + foreign)

  /// The kinds that an agent answers; an `approval` has one where a rejection is revised.
  static let agentKinds = ["prompt", "command", "loop", "loop_group", "approval"]
  /// The keys that name a kind.
  static let kindNames = Set(kinds.map(\.name))

  /// Keys that name a node's kind.
  static let kinds: [KeySpec] = [
    KeySpec(
      "bash", .bash, "A bash script, run in the working path; its output is its stdout without trailing newlines."),
    KeySpec(
      "script", .text,
      "A program text for `runtime`, or the name of a file in `.ion/scripts/`. Values come in by `with`, as `INPUTS_NAME`."
    ),
    KeySpec(
      "exec", .list(.template, minimum: 1),
      "A program and its arguments, without a shell; a reference in an argument is one whole value."),
    KeySpec("prompt", .template, "What an agent is asked; its answer is the output."),
    KeySpec("command", .fileName, "The name of a prompt file in `.ion/commands/`, without its `.md`."),
    KeySpec("loop", .mapping(loop), "One agent prompt, repeated until it is done."),
    KeySpec("loop_group", .mapping(loopGroup), "A sealed group of nodes, repeated until it is done."),
    KeySpec("approval", .mapping(approval), "A gate: waits for a person's answer."),
    KeySpec(
      "workflow", .line,
      "The name of another workflow, run as a child with a record of its own: found when the node starts, worked on where "
        + "this run works, cancelled with it and gone on with when it is resumed. `with` has its inputs. The output is "
        + "that of what `returns` names there, else of the first node that nothing waits for."),
    KeySpec(
      "include", .line,
      "The name of another workflow, whose nodes are put in this one's place as `id__node`, with `with` for its inputs. "
        + "The node itself settles behind them: its status is the worst of theirs (`skipped` only where all were), its "
        + "output is that of what `returns` names there, else of the first node that nothing waits for."),
    KeySpec("cancel", .template, "Ends the run as cancelled; the text says why."),
    KeySpec("finish", .template, "Ends the run as succeeded; the text says why."),
  ]

  /// Keys that go with one kind.
  private static let kindKeys: [KeySpec] = [
    KeySpec(
      "runtime", .fileName,
      "What runs the script: `python`, `node`, `bun`, `uv`, `sh`, `pwsh`, `swift`, or any other program that is installed.",
      kinds: ["script"]),
    KeySpec("deps", .list(.line), "Packages that `uv` brings along.", kinds: ["script"]),
    KeySpec("input", .template, "The child's message.", kinds: ["workflow"]),
    KeySpec(
      "isolation",
      .choice([
        Choice("inherit", "The child works where its parent does."),
        Choice("worktree", "The child gets a git worktree of its own."),
      ]), "Where the child works.", default: "inherit", kinds: ["workflow"]),
    KeySpec("fan_out", .mapping(fanOut), "One child for each of some items.", kinds: ["workflow"]),
  ]

  /// The runtimes that Ion knows more about than their name.
  static let runtimes = ["python", "node", "bun", "uv", "sh", "pwsh", "swift"]

  private static let common: [KeySpec] =
    [
      KeySpec("description", .text, "What the node is for.", cosmetic: true),
      KeySpec("depends_on", .oneOrMany(.nodeID), "The nodes that must settle before this one may start."),
      KeySpec("when", .condition, "The node runs only where this is true; else it is skipped."),
      KeySpec(
        "trigger_rule",
        .choice([
          Choice("all_success", "All dependencies succeeded."),
          Choice("one_success", "At least one dependency succeeded."),
          Choice(
            "none_failed_min_one_success", "No dependency failed, and at least one succeeded; skipped ones don't count."
          ),
          Choice("all_done", "All dependencies are through, however they ended."),
        ]), "What the settled dependencies must have come to.", default: "all_success"),
      KeySpec("retry", .mapping(retry), "Whether and how a failed attempt is repeated."),
      KeySpec(
        "timeout", .duration(allowsZero: false),
        "How long one attempt may take. Shell kinds have 120 s unless it is said."),
      KeySpec(
        "idle_timeout", .duration(allowsZero: false),
        "How long one attempt may be silent. Agents have 30 min unless it is said."),
      KeySpec(
        "continue_on_error", .boolean,
        "Whether a failure counts as a success for what depends on the node, and doesn't fail the run.", default: false),
      KeySpec("env", .entries(.name, .entryTemplate), "Variables added to the step's environment."),
      KeySpec(
        "with", .entries(.name, .any),
        "Values for the step: literals, `$node.output`, texts, or `{from: $node.output, if_skipped: value}`. They come in as `INPUTS_NAME`."
      ),
      KeySpec("always_run", .boolean, "Whether a resume runs the node again although it succeeded.", default: false),
      KeySpec("output_type", .line, "What the output is, for those who show it.", cosmetic: true),
      KeySpec("artifacts", .list(.line), "Globs of the files that the node makes."),
      KeySpec(
        "output_format", .object,
        "A JSON Schema (2020-12) that the output must fit: it is read as JSON, and where it doesn't fit the attempt fails.",
        kinds: ["bash", "script", "exec", "prompt", "command", "loop", "loop_group", "workflow"]),
      KeySpec(
        "cache", .mapping(cache), "Takes an earlier success over while what went in is unchanged.",
        kinds: ["bash", "script", "exec"]),
      KeySpec(
        "matrix", .entries(.name, .list(.text, minimum: 1)),
        "Runs the node once for each combination of values, as `id[a,1]`; `$MATRIX.name` reads one, `MATRIX_NAME` holds it. "
          + "The node itself settles behind them: its status is the worst of theirs, its output is the list of theirs, with "
          + "`null` for one that was skipped and `{failed, error, status}` for one that failed."
      ),
      KeySpec(
        "effects",
        .choice([
          Choice("pure", "Changes nothing."), Choice("idempotent", "May run again after a crash."),
          Choice("once", "Must not run twice: a crash in the middle asks a person."),
        ]), "What a crash in the middle of the step means.", actedOn: false, default: "idempotent"),
      KeySpec("problem_matcher", .any, "How problems are read from the output.", actedOn: false),
    ] + placement

  static let retry = MappingSpec(
    "retry", place: "`retry`", "Whether and how a failed attempt is repeated.",
    [
      KeySpec("max_attempts", .integer(1...1000), "How often the node is executed in all.", required: true),
      KeySpec("delay_ms", .duration(allowsZero: true), "The wait before the second execution.", default: 3000),
      KeySpec("backoff", .number(.within(1, 1000)), "What each further wait is multiplied by.", default: 2),
      KeySpec("max_delay_ms", .duration(allowsZero: true), "The longest wait."),
      KeySpec("jitter", .number(.within(0, 1)), "How much of a wait is left to chance.", default: 0),
      KeySpec(
        "on_error",
        .choice([
          Choice("all", "Every failure."), Choice("transient", "What may well succeed without anything being changed."),
        ]),
        "Which failures are worth another attempt: `all` for shell kinds and `transient` for agents unless it is said."),
      KeySpec(
        "on_exit_codes", .list(.integer(1...255), minimum: 1), "The only exit codes that are worth another attempt."),
    ])

  static let cache = MappingSpec(
    "cache", place: "`cache`", "When an earlier success may be taken over.",
    [
      KeySpec(
        "inputs", .list(.line, minimum: 1),
        "Globs of the files that go in, relative to the working path; a folder stands for all that is in it."),
      KeySpec("key", .template, "A text that counts as it comes out: what else tells one success from another."),
    ])

  /// A value of `with` that names a reference and what stands in for it.
  static let conditionalValue = MappingSpec(
    "conditional_value", place: "a value of `with`", "A reference, and what stands in where its node was skipped.",
    [
      KeySpec("from", .line, "A whole reference, such as `$plan.output`.", required: true),
      KeySpec("if_skipped", .any, "The value where the reference's node was skipped."),
    ])
}

extension KeySpec {
  /// Whether a key of every kind has a meaning on an `include` too, of which nothing but its place is left.
  var isOfIncludes: Bool {
    WorkflowLanguage.kindNames.contains(name) || isCosmetic
      || ["id", "depends_on", "when", "trigger_rule", "env", "with"].contains(name)
  }
}
