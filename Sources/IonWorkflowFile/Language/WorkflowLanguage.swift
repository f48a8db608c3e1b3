internal import IonJSON

/// The workflow language as tables: every mapping of a workflow file with its keys. The reader, the JSON Schema and
/// what editors offer are all made from them.
public enum WorkflowLanguage {
  /// Every mapping, the workflow itself first.
  public static let mappings: [MappingSpec] = [
    workflow, node, input, retry, loop, loopGroup, approval, decision, rejection, fanOut, cache, resumedContext,
    worktree,
    evidence, budget, conditionalValue,
  ]

  /// The places where a key is valid, as messages say them; empty for a key that no mapping has.
  static let places: [String: [String]] = {
    var places: [String: [String]] = [:]
    for mapping in mappings {
      for key in mapping.keys {
        let kinds = alternatives(key.kinds.map { "`\($0)`" })
        places[key.name, default: []].append(kinds.isEmpty ? mapping.place : "a \(kinds) node")
      }
    }
    return places
  }()

  // MARK: The file

  /// The file's own keys.
  public static let workflow = MappingSpec(
    "workflow", place: "a workflow", "A workflow: steps in the order that their dependencies give.",
    [
      KeySpec("name", .line, "What the workflow is called; without it, the file's name is."),
      KeySpec("description", .text, "What the workflow is for, and when to use it.", cosmetic: true),
      KeySpec("nodes", .nodes(minimum: 1), "The workflow's steps.", required: true),
      KeySpec("inputs", .entries(.name, .mapping(input)), inputsSummary, cosmetic: true),
      KeySpec("env", .entries(.name, .entryTemplate), "Variables added to every step's environment."),
      KeySpec("timeout", .duration(allowsZero: false), "How long the whole run may take."),
      KeySpec(
        "max_parallel", .integer(1...10_000),
        "How many nodes of one run may run at once, within what the machine gives to all runs."),
      KeySpec(
        "mutates_checkout", .boolean, "Whether runs hold the lock of their working path; `false` lets them overlap.",
        default: true),
      KeySpec(
        "worktree", .mapping(worktree),
        "Gives each run a git worktree and a branch of its own, made from the last commit; its changes are looked at, and "
          + "taken or dropped.", default: ["enabled": false]),
      KeySpec("tags", .list(.line), "Words to find the workflow by.", cosmetic: true),
    ] + results + ends + notActedOn + agentDefaults + foreign)

  private static let inputsSummary =
    "What a run is started with, checked before anything starts; `$INPUTS.name` reads it, and `INPUTS_NAME` holds it."

  /// What a run needs, and what it comes to.
  private static let results: [KeySpec] = [
    KeySpec(
      "secrets", .list(.name),
      "Variables of Ion's own environment (or of the config's `env`) that every step gets, and whose values show as `***`."
    ),
    KeySpec("returns", .nodeID, "The node whose output is the run's."),
    KeySpec(
      "outcome_field", .name,
      "A required boolean in the `output_format` of the node that `returns` names: the author's verdict on the run."),
    KeySpec(
      "evidence_policy", .mapping(evidence), "What a run must leave behind to count as a success.",
      default: ["required": false]),
    KeySpec(
      "requires", .list(.line),
      "What must be there before anything starts: `github` (`gh`, logged in), or programs by name."),
  ]

  private static let notActedOn: [KeySpec] =
    [
      KeySpec(
        "interactive", .boolean,
        "Whether the run wants a person to be there while it runs; clients are told, and it changes nothing else.",
        default: false),
      KeySpec(
        "persist_sessions", .boolean, "Whether agents go on in the sessions of the workflow's last run.", default: false
      ),
      KeySpec(
        "budget", .mapping(budget),
        "What the agents of a run may cost, as far as their providers say: a run that has used more fails."),
    ] + placement

  /// What is done at the end.
  private static let ends: [KeySpec] = [
    KeySpec(
      "on_success", .nodes(minimum: 0),
      "Nodes that run at the end of a run that succeeded. They read every node; where one of them fails, so does the run."
    ),
    KeySpec(
      "on_failure", .nodes(minimum: 0), "Nodes that run at the end of a run that failed, a timeout of it included."),
    KeySpec(
      "on_exit", .nodes(minimum: 0),
      "Nodes that run at the end of every run, last of all: also of one that was cancelled, and of one that was interrupted "
        + "once it is resumed."),
  ]

  /// Where steps run, of a workflow and of a node.
  static let placement: [KeySpec] = [
    KeySpec(
      "runner", .choice([Choice("local", "This machine.")]), "Where the steps run.", actedOn: false, default: "local"),
    KeySpec("resources", .object, "What the steps need of the machine they run on.", actedOn: false),
  ]

  /// Keys of other engines' files, read so that such a file can be used.
  static let foreign: [KeySpec] = ["webSearchMode", "container", "pi", "modelReasoningEffort"].map { name in
    KeySpec(name, .any, "A key of other engines; Ion doesn't act on it.", cosmetic: true, actedOn: false)
  }

  // MARK: Mappings of the file

  /// One entry of `inputs`, and one question of a gate's `form`.
  public static let input = MappingSpec(
    "input", place: "an input", "One value that a run is started with.",
    [
      KeySpec(
        "type",
        .choice([
          Choice("string", "Text."), Choice("number", "A number."), Choice("boolean", "`true` or `false`."),
          Choice("path", "The path of a file or folder."), Choice("enum", "One of `values`."),
          Choice("secret", "Text that is never stored; a resume asks for it again."),
        ]), "What the input is.", default: "string"),
      KeySpec("values", .list(.text, minimum: 1), "What an `enum` may be."),
      KeySpec("required", .boolean, "Whether a run can't start without it.", default: false),
      KeySpec("default", .any, "The value where none is given."),
      KeySpec("description", .text, "What the input is for; the form shows it."),
      KeySpec("pattern", .pattern, "A regular expression that the whole text must match."),
    ])

  static let worktree = MappingSpec(
    "worktree", place: "`worktree`", "A git worktree for each run.",
    [KeySpec("enabled", .boolean, "Whether runs get one.", default: false)])

  static let evidence = MappingSpec(
    "evidence_policy", place: "`evidence_policy`", "What a success needs.",
    [KeySpec("required", .boolean, "Whether a success needs `$ARTIFACTS_DIR/evidence.json`.", required: true)])

  static let budget = MappingSpec(
    "budget", place: "`budget`", "What a run's agents may cost.",
    [
      KeySpec("usd", .number(.above(0)), "Dollars."),
      KeySpec("tokens", .integer(1...1_000_000_000_000), "Tokens, of all agents together."),
    ])
}
