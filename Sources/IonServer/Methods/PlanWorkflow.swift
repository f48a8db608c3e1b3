public import IonEngine
public import IonJSON
public import IonRPC
public import IonWorkflow
internal import IonWorkflowFile

/// `workflow/plan`: what a run would do, without doing any of it.
public enum PlanWorkflow: ServedRequest {
  public static let method = "workflow/plan"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "codebaseId": "The codebase; may be left out where there is one, or where only one has the workflow or the file.",
      "workflow": "The workflow's name; this or `uri`.",
      "uri": "The workflow's file; this or `workflow`.",
      "message": "Free text that the workflow reads as `$ARGUMENTS`; absent is empty.",
      "inputs": "The workflow's inputs by name, typed, checked as for a run; absent is none.",
      "stubs":
        """
      What is taken for granted of nodes, by their ids in the plan (`review#1/test` in a loop's first iteration). Nodes \
      without a stub are taken to succeed with an output that isn't known. Absent is none.
      """,
    ]

    public var codebaseId: CodebaseID?
    public var workflow: String?
    public var uri: WorkflowURI?
    public var message: String?
    public var inputs: [String: JSONValue]?
    public var stubs: [String: Stub]?

    public init(workflow: String) { self.workflow = workflow }

    public func check() throws(JSONDecodingFailure) { try WorkflowNaming.check(workflow, uri) }
  }

  public struct Stub: WireShape, Hashable {
    public static let notes: [String: String] = [
      "output":
        "What the node prints: a text as it is, any other value as JSON. Absent is not known. Only of a node that succeeds.",
      "status": "How the node comes out; absent is `succeeded`.",
    ]

    public var output: JSONValue?
    public var status: PlanStub.Status?

    public init(output: JSONValue? = nil, status: PlanStub.Status? = nil) {
      self.output = output
      self.status = status
    }
  }

  public struct Result: WireShape, Hashable {
    public static let notes: [String: String] = [
      "workflow": "The workflow's name.",
      "problem": "Why a run would not start at all, for people; absent where nothing is seen that would keep it.",
      "status": "How the run would end; absent where that isn't certain.",
      "requires": "What must be there before a run starts. A plan doesn't look for it.",
      "nodes": "In the definition's order, those of a loop's first iteration behind the loop.",
    ]

    public var workflow: String
    public var problem: String?
    public var status: RunStatus?
    public var requires: [String]
    public var nodes: [PlannedNodeShape]

    init(definition: WorkflowDefinition, problem: String) {
      workflow = definition.name
      self.problem = problem
      requires = definition.requirements
      nodes = []
    }

    init(_ plan: WorkflowPlan) {
      workflow = plan.definition.name
      problem = plan.problem
      status = plan.status
      requires = plan.definition.requirements
      nodes = plan.nodes.map(PlannedNodeShape.init)
    }
  }

  public static let spec = Spec<Self>(
    summary: """
      Says what a run would do: which nodes would run, be skipped or fail before they start, and why, with their texts. \
      The verdicts are those of a run whose steps print what the stubs say, and succeed where there is no stub. What hangs \
      on an output that isn't known is `depends`, never guessed: a condition that reads it, and whatever follows from that \
      as far as the trigger rules leave it open. A node that may be cut off by another one that ends the run is `depends`, \
      too. Nothing is started, written or made, and the programs of agents alone are looked for: `requires`, locks and \
      timeouts play no part.
      """,
    errors: [
      .codebaseNotRegistered, .workflowNotFound, .workflowInvalid, .inputInvalid, .outsideWorkspace, .unusable,
    ],
    examples: [
      .init("with a stub", stubbed, sample(stubbed)), .init("where a node fails", failing, sample(failing)),
    ])

  private static let stubbed: Params = {
    var params = Params(workflow: "build-and-test")
    params.inputs = ["suite": "all"]
    params.stubs = ["build": Stub(output: "built")]
    return params
  }()

  private static let failing: Params = {
    var params = Params(workflow: "build-and-test")
    params.stubs = ["build": Stub(status: .failed)]
    return params
  }()

  /// What the sample's workflow comes to.
  private static func sample(_ params: Params) -> Result {
    let definition = Sample.workflow.reading.definition ?? WorkflowDefinition(name: "", nodes: [])
    do throws(EngineFailure) {
      return Result(
        try WorkflowPlan(
          of: definition, in: Sample.codebase, message: "", inputs: params.inputs ?? [:],
          stubs: PlanStubs(stubs(params.stubs ?? [:]), for: definition)))
    } catch {
      return Result(definition: definition, problem: error.message)
    }
  }

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(
      params.codebaseId, holding: [params.uri?.path].compactMap { $0 }, naming: params.workflow)
    let workflow = try await session.serving { () async throws(EngineFailure) in
      if let uri = params.uri { return try workspace.workflow(at: await WorkflowNaming.path(of: uri, session)) }
      return try workspace.workflow(named: params.workflow ?? "")
    }
    let stubs = try await session.serving(inputs: "/stubs") { () async throws(EngineFailure) in
      try PlanStubs(Self.stubs(params.stubs ?? [:]), for: workflow.definition)
    }
    return try await session.serving { () async throws(EngineFailure) in
      Result(
        try workspace.plan(workflow, message: params.message ?? "", inputs: params.inputs ?? [:], stubs: stubs))
    }
  }

  private static func stubs(_ given: [String: Stub]) -> [NodeID: PlanStub] {
    Dictionary(
      given.map { id, stub in
        (NodeID(rawValue: id), PlanStub(stub.status ?? .succeeded, output: stub.output?.outputText))
      }
    ) { first, _ in first }
  }
}

extension JSONValue {
  /// What a step prints whose output is this value.
  fileprivate var outputText: String { stringValue ?? serializedText() }
}
