internal import IonJSON
public import IonWorkflow

/// What reading a configuration file gave.
public struct ConfigurationReading: Hashable, Sendable {
  /// Nil exactly when one of the diagnostics is an error.
  public var configuration: Configuration?
  /// In the order of their places in the file.
  public var diagnostics: [Diagnostic]

  /// Keeps the configuration only where no diagnostic is an error.
  public init(configuration: Configuration?, diagnostics: [Diagnostic]) {
    self.configuration = diagnostics.contains { $0.severity == .error } ? nil : configuration
    self.diagnostics = diagnostics
  }
}

/// Where a configuration stands, which decides what of it means something.
public enum ConfigurationPlace: Hashable, Sendable {
  /// It is the user's own, or a workspace's; `beneath` is what its providers are laid over.
  case users(beneath: [ProviderDefinition])
  case workspaces(beneath: [ProviderDefinition])

  fileprivate var beneath: [ProviderDefinition] {
    switch self {
    case .users(let beneath), .workspaces(let beneath): beneath
    }
  }
}

/// Reads `config.yaml`: the workspace's in `.ion/`, or the user's own.
public enum ConfigReader {
  /// Reads the bytes of a file. An empty file is an empty configuration. What means nothing where the file stands is said
  /// only where `place` is known.
  public static func read(
    _ bytes: [UInt8], limits: ReadingLimits = .standard, at place: ConfigurationPlace? = nil
  ) -> ConfigurationReading {
    let document = YAMLText.read(bytes, limits: limits)
    let context = FileContext(source: document.source, limits: limits)
    var configuration: Configuration? = Configuration()
    if let root = document.root, root.mapping != nil || root.isNull {
      configuration = configured(root, context, place)
    } else if let root = document.root {
      context.report(
        .error, "wrongType", "a configuration is a mapping", at: root.range, hint: "it has keys such as `provider:`")
    }
    for finding in document.findings where finding.code != "emptyFile" { context.report(finding) }
    return ConfigurationReading(configuration: configuration, diagnostics: context.diagnostics)
  }

  private static func configured(
    _ root: YAMLNode, _ context: FileContext, _ place: ConfigurationPlace?
  ) -> Configuration {
    let fields = FieldsReader(context: context, spec: ConfigurationLanguage.configuration).read(root)
    fields.reportNotActedOn(to: context)
    if case .workspaces? = place { reportUsersKeys(fields, context) }
    var configuration = Configuration()
    configuration.provider = newer("provider", or: "assistant", in: fields, context)?.node.scalar?.text
    let providers = newer("providers", or: "assistants", in: fields, context)
    if case .entries(let entries)? = providers?.value {
      configuration.providers = entries.compactMap { provider($0, context, place) }
    }
    configuration.workflowPaths = fields.texts("workflow_paths")
    if let entries = fields.entries("env") { readEnvironment(entries, into: &configuration, context) }
    configuration.slots.shells = fields.fields("slots")?.integer("shells")
    configuration.slots.agents = fields.fields("slots")?.integer("agents")
    for limit in LimitName.allCases {
      configuration.limits[limit] = fields.fields("limits")?.integer(limit.rawValue)
    }
    return configuration
  }

  /// The field of a key, or of its older name, which is reported.
  private static func newer(
    _ name: String, or older: String, in fields: Fields, _ context: FileContext
  ) -> Fields.Field? {
    if let field = fields[older] {
      let isUsed = fields[name] == nil
      context.report(
        isUsed ? .information : .warning, "olderKey",
        isUsed ? "`\(older)` is called `\(name)` now" : "`\(name)` is given, and `\(older)` counts for nothing",
        at: field.key.range)
    }
    return fields[name] ?? fields[older]
  }

  private static func provider(
    _ entry: CheckedEntry, _ context: FileContext, _ place: ConfigurationPlace?
  ) -> ProviderDefinition? {
    guard case .fields(let fields) = entry.value else { return nil }
    fields.reportNotActedOn(to: context)
    var provider = ProviderDefinition(id: entry.key.text)
    provider.kind = fields.text("kind").flatMap(ProviderDefinition.Kind.init(rawValue:))
    provider.command = fields.text("command")
    provider.arguments = fields.list("args")?.compactMap { item in
      switch item {
      case .text(let scalar): ProviderDefinition.Argument([scalar.text])
      case .list(let words):
        ProviderDefinition.Argument(words.compactMap { if case .text(let scalar) = $0 { scalar.text } else { nil } })
      default: nil
      }
    }
    provider.environment = (fields.entries("env") ?? []).compactMap { entry in
      if case .text(let scalar) = entry.value {
        ProviderDefinition.Variable(name: entry.key.text, value: scalar.text)
      } else {
        nil
      }
    }
    provider.model = fields.text("model")
    provider.mode = fields.text("mode")
    provider.result = fields.text("result").flatMap(ProviderDefinition.ResultForm.init(rawValue:))
    provider.other = fields.values { !$0.isActedOn || $0.name == "settingSources" }
    if let place { reportIdleKeys(of: provider, fields, entry.key, context, place) }
    return provider
  }

  /// Says which keys of a provider mean nothing to its kind, and where nothing says which program it is.
  private static func reportIdleKeys(
    of provider: ProviderDefinition, _ fields: Fields, _ key: YAMLKey, _ context: FileContext,
    _ place: ConfigurationPlace
  ) {
    var whole = provider
    // Of what is known by the same id nothing counts where it is talked with in another way.
    if let base = place.beneath.first(where: { $0.id == provider.id }),
      provider.kind == nil || provider.kind == base.effectiveKind
    {
      whole = provider.over(base)
    }
    guard let kind = whole.effectiveKind, whole.program != nil else {
      return context.report(
        .warning, "missingKey", "nothing says which program the provider \(quoted(provider.id)) is", at: key.range,
        hint: "give it a `command`")
    }
    for field in fields.all where !field.spec.kinds.isEmpty && !field.spec.kinds.contains(kind.rawValue) {
      context.report(
        .warning, "misplacedKey",
        "\(quoted(field.key.text)) means nothing to a provider of the kind `\(kind.rawValue)`", at: field.key.range,
        hint: "it is for the kind \(alternatives(field.spec.kinds.map { "`\($0)`" }))")
    }
  }

  /// Says which keys count in the user's own configuration alone.
  private static func reportUsersKeys(_ fields: Fields, _ context: FileContext) {
    let limits: [LimitName] = [.frameBytes, .requestsInFlight]
    let found = [fields["slots"]] + limits.map { fields.fields("limits")?[$0.rawValue] }
    for field in found.compactMap(\.self) {
      context.report(
        .warning, "misplacedKey", "\(quoted(field.key.text)) counts for the whole process, and means nothing here",
        at: field.key.range, hint: "write it into the `config.yaml` of your own configuration folder")
    }
  }

  private static func readEnvironment(
    _ entries: [CheckedEntry], into configuration: inout Configuration, _ context: FileContext
  ) {
    for entry in entries {
      if entry.key.text == "inherit" {
        configuration.inheritance = inheritance(entry.node, context)
        continue
      }
      let key = KeySpec(entry.key.text, .text, "")
      if entry.node.isNull {
        configuration.environment.append(EnvironmentValue(name: entry.key.text, value: ""))
      } else if case .text(let scalar)? = ShapeCheck(context, key).check(entry.node, .text) {
        configuration.environment.append(EnvironmentValue(name: entry.key.text, value: scalar.text))
      }
    }
  }

  private static func inheritance(_ node: YAMLNode, _ context: FileContext) -> EnvironmentInheritance? {
    switch ShapeCheck(context, ConfigurationLanguage.inherit).check(node, ConfigurationLanguage.inherit.shape) {
    case .text(let scalar): scalar.text == "all" ? .all : .minimal
    case .list(let items): .names(items.compactMap { if case .text(let scalar) = $0 { scalar.text } else { nil } })
    default: nil
    }
  }
}
