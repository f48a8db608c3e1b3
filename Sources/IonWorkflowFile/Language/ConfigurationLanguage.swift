internal import IonJSON

/// The keys of `config.yaml` as tables, like those of the workflow language.
public enum ConfigurationLanguage {
  /// The file's own keys.
  public static let configuration = MappingSpec(
    "configuration", place: "a configuration", "What holds for all workflows of a workspace, or of a user.",
    [
      KeySpec("provider", .line, "The agent provider that workflows without one use."),
      KeySpec("assistant", .line, "The older name of `provider`."),
      KeySpec(
        "providers", .entries(.any, .object), "The agent providers by their ids: `model`, and their own settings."),
      KeySpec("assistants", .entries(.any, .object), "The older name of `providers`."),
      KeySpec("workflow_paths", .list(.line), "More folders with workflow files."),
      KeySpec(
        "env", .entries(.name, .any),
        "Variables added to every step's environment; `inherit` says what is there before."),
      KeySpec("slots", .mapping(slots), "How many steps may run at once in the whole process."),
      KeySpec("limits", .mapping(limits), "How much Ion takes on."),
      KeySpec("keep", .object, "How many runs are kept.", actedOn: false),
    ])

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
