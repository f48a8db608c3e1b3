public import IonWorkflow

/// What reading a workflow file gave: a definition, what there is to say about the file, or both.
public struct WorkflowReading: Hashable, Sendable {
  /// The workflow; nil exactly when one of the diagnostics is an error.
  public var definition: WorkflowDefinition?
  /// In the order of their places in the file.
  public var diagnostics: [Diagnostic]
  /// What the file says its name is, rejected or not; nil where it doesn't say.
  public var name: String?
  /// The files that the workflow is made of beside its own: those that it includes, each before what it includes in its
  /// turn.
  public var included: [IncludedFile] = []
  /// The names that it includes, directly or not, by which there is no one workflow.
  public var missingIncludes: [String] = []

  /// Keeps the definition only where no diagnostic rejects it.
  public init(definition: WorkflowDefinition?, diagnostics: [Diagnostic], name: String? = nil) {
    self.name = name ?? definition?.name
    self.definition = diagnostics.contains { $0.severity == .error } ? nil : definition
    self.diagnostics = diagnostics
  }

  /// Whether a diagnostic rejects the file.
  public var isRejected: Bool { diagnostics.contains { $0.severity == .error } }
}

/// How much of a file a reader takes on. What is beyond a limit is refused with a diagnostic that names it.
public struct ReadingLimits: Hashable, Sendable {
  /// The size of a file.
  public var bytes = 4 * 1024 * 1024
  /// Workflow nodes, those in the bodies of `loop_group` too.
  public var nodes = 20_000
  /// What the schemas of `output_format` come to together: schemas, and steps of their patterns.
  public var schemaSize = 2_000_000
  /// YAML values: every scalar, list and mapping as written.
  public var values = 600_000
  /// How deep lists and mappings may stand inside each other.
  public var depth = 128
  /// How many times the written values, and bytes, the file may hold once its aliases are written out. Below
  /// `unmeasuredExpansion` values and `unmeasuredSize` bytes it doesn't count.
  public var aliasExpansion = 10
  /// How many values a file may always come to, whatever share of them are aliases'.
  public var unmeasuredExpansion = 10_000
  /// How many bytes of text a file may always come to.
  public var unmeasuredSize = 1_000_000

  /// The limits that hold unless something else is said.
  public static let standard = ReadingLimits()

  public init() {}
}
