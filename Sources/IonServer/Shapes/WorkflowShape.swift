internal import IonDigest
public import IonJSON
public import IonWorkflow
public import IonWorkflowFile

/// One input of a workflow: `Input`.
public struct InputShape: WireShape, Hashable {
  public static let schemaName: String? = "Input"
  public static let notes = [
    "name": "Its name.",
    "type": "What its value must be.",
    "values": "What an `enum` may be; absent for other types.",
    "required": "Whether it must be given.",
    "default": "What it is where it isn't given; absent where nothing is said.",
    "description": "For people.",
    "pattern": "A regular expression that the whole text must match.",
  ]

  public var name: String
  public var type: InputDeclaration.Kind
  public var values: [String]?
  public var required: Bool
  public var `default`: JSONValue?
  public var description: String?
  public var pattern: String?

  public init(_ input: InputDeclaration) {
    name = input.name
    type = input.kind
    values = input.values.isEmpty ? nil : input.values
    required = input.isRequired
    self.default = input.defaultValue
    description = input.description
    pattern = input.pattern
  }
}

/// A workflow that can be named: `Workflow`.
public struct WorkflowShape: WireShape, Hashable {
  public static let schemaName: String? = "Workflow"
  public static let notes = [
    "name": "What it is called; the file's name where the file can't be read.",
    "uri": "Its file.",
    "scope": "Where the file's folder comes from.",
    "description": "What it is for.",
    "inputs": "In the file's order; empty where the file has errors.",
    "interactive": "Whether it wants a person beside it.",
    "tags": "What its file is tagged with.",
    "valid": "Whether it can be run.",
    "sha256": "Of the file's bytes, in hexadecimal.",
  ]

  public var name: String
  public var uri: FileURI
  public var scope: WorkflowCatalog.Scope
  public var description: String?
  public var inputs: [InputShape]
  public var interactive: Bool
  public var tags: [String]
  public var valid: Bool
  public var sha256: String

  public init(_ entry: WorkflowCatalog.Entry) {
    let definition = entry.reading.definition
    name = entry.name
    uri = FileURI(entry.path)
    scope = entry.scope
    description = definition?.description
    inputs = (definition?.inputs ?? []).map(InputShape.init)
    interactive = definition?.interactive ?? false
    tags = definition?.tags ?? []
    valid = definition != nil
    sha256 = SHA256.hex(of: entry.bytes)
  }

  /// The workflow of the pages' examples.
  static let sample: WorkflowShape = {
    let text = "name: build-and-test\nnodes: [{id: build, bash: make}]\n"
    var entry = WorkflowCatalog.Entry(
      path: Sample.workflowFile.path, scope: .workspace, bytes: Array(text.utf8), reading: WorkflowReader.read(text))
    return WorkflowShape(entry)
  }()
}

/// A node of a workflow's definition: `WorkflowNode`.
public struct WorkflowNodeShape: WireShape, Hashable {
  public static let schemaName: String? = "WorkflowNode"
  public static let notes = [
    "nodeId": "Its id.",
    "kind": "The key that names its kind: `bash`, `script`, …",
    "description": "What it is for.",
    "dependsOn": "What must settle before it is decided on.",
    "when": "Its condition, as it was read; absent where it has none.",
    "triggerRule": "When it runs, by what became of its dependencies.",
    "provider": "The agent provider that it names; absent where it names none.",
    "range": "Where it stands in the file.",
  ]

  public var nodeId: NodeID
  public var kind: String
  public var description: String?
  public var dependsOn: [NodeID]
  public var when: String?
  public var triggerRule: TriggerRule
  public var provider: String?
  public var range: RangeShape

  public init(_ node: Node, in text: TextLines, _ encoding: PositionEncoding) {
    nodeId = node.id
    kind = node.kind.name
    description = node.description
    dependsOn = node.dependsOn
    when = node.when?.description
    triggerRule = node.triggerRule
    provider = node.agent.provider
    range = RangeShape(node.range, in: text, encoding)
  }
}
