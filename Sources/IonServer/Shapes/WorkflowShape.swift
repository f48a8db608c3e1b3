public import IonJSON
internal import IonDigest
public import IonWorkflow
public import IonWorkflowFile

/// A workflow file as the protocol shows it: `Workflow`.
public struct WorkflowShape: WireShape, Hashable {
  public static let schemaName: String? = "Workflow"
  public static let notes: [String: String] = [
    "name": "What the file says, or else its own name without the ending.",
    "uri": "The file; `ion:/workflows/NAME.yaml` for one that comes with Ion.",
    "scope": "Where it was found.",
    "description": "What the file says; absent where it says nothing, or is not valid.",
    "inputs": "What a run of it can be given, in the file's order; empty where it is not valid.",
    "interactive": "Whether it wants a person to be there.",
    "tags": "What the file says.",
    "valid": "Whether it can be run; `workflow/get` says what is wrong where it can't.",
    "sha256": "Of the file's bytes, in hexadecimal.",
  ]

  public var name: String
  public var uri: WorkflowURI
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
    uri = WorkflowURI(entry.path)
    scope = entry.scope
    description = definition?.description
    inputs = (definition?.inputs ?? []).map(InputShape.init)
    interactive = definition?.interactive ?? false
    tags = definition?.tags ?? []
    valid = definition != nil
    sha256 = SHA256.hex(of: entry.bytes)
  }
}

/// An input of a workflow as the protocol shows it: `Input`.
public struct InputShape: WireShape, Hashable {
  public static let schemaName: String? = "Input"
  public static let notes: [String: String] = [
    "name": "The member of `inputs` that gives it.",
    "type": "What it may be.",
    "values": "What an `enum` may be; absent for other types.",
    "required": "Whether a run needs it.",
    "default": "What it is where it isn't given; absent where the file says nothing.",
    "description": "For people; absent where the file says nothing.",
    "pattern": "A regular expression that the whole text must match; absent where any will do.",
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
    values = input.kind == .enum ? input.values : nil
    required = input.isRequired
    `default` = input.defaultValue
    description = input.description
    pattern = input.pattern
  }
}

/// A node of a workflow file as the protocol shows it: `WorkflowNode`.
public struct WorkflowNodeShape: WireShape, Hashable {
  public static let schemaName: String? = "WorkflowNode"
  public static let notes: [String: String] = [
    "nodeId": "The node.",
    "kind":
      "The key that says what it does: `bash`, `script`, … An `include` stands behind the nodes that it brought in, and a `matrix` behind its instances.",
    "runnable": "Whether this version of Ion runs that kind.",
    "description": "For people; absent where the file says nothing.",
    "dependsOn": "The nodes that must settle before the trigger rule is asked, in the file's order.",
    "waitsFor": "Nodes that it reads something of without depending on them; they are waited for too.",
    "triggerRule": "When it runs, once all that it depends on has settled.",
    "when": "Its condition, as a workflow file may write it; absent where it has none.",
    "provider": "The agent provider that it names; absent where it names none.",
    "phase": "When it has its turn: `main`, or at the end of the run, by the list in which it stands.",
    "matrix": "The values of this instance, by name; absent for a node that is no instance of another.",
    "instanceOf": "The node that stands for all the instances of its `matrix`; absent for a node that is no instance.",
    "include": "The `include` node that brought it in; absent for a node of the file itself.",
    "range": "Where it stands in the file; for a node that was brought in, where its include stands.",
    "idRange": "Where the text of its id stands.",
  ]

  public var nodeId: NodeID
  public var kind: String
  public var runnable: Bool
  public var description: String?
  public var dependsOn: [NodeID]
  public var waitsFor: [NodeID]
  public var triggerRule: TriggerRule
  public var when: String?
  public var provider: String?
  public var phase: NodePhase
  public var matrix: [String: JSONValue]?
  public var instanceOf: NodeID?
  public var include: NodeID?
  public var range: RangeShape
  public var idRange: RangeShape

  public init(_ node: Node, in text: TextLines, _ encoding: PositionEncoding) {
    nodeId = node.id
    kind = node.kind.name
    runnable = node.kind.isRunnable
    description = node.description
    dependsOn = node.dependsOn
    waitsFor = node.waitsFor
    triggerRule = node.triggerRule
    when = node.when?.description
    provider = node.agent.provider
    phase = node.phase
    matrix = node.instance?.scope
    instanceOf = node.instance?.of
    include = node.include
    range = RangeShape(node.range, in: text, encoding)
    idRange = RangeShape(node.idRange, in: text, encoding)
  }
}
