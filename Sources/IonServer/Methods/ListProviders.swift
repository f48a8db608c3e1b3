internal import IonAgents
internal import IonEngine
public import IonRPC
public import IonWorkflow

/// `provider/list`: the agents that a codebase may have.
public enum ListProviders: ServedRequest {
  public static let method = "provider/list"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape, Hashable {
    public static let notes = [
      "codebaseId": "The codebase whose configuration counts; may be left out where there is one."
    ]

    public var codebaseId: CodebaseID?
  }

  public struct Result: WireShape, Hashable {
    public static let notes = [
      "providers": "Those that this process brought, then the configuration's in its order, then what is only shipped."
    ]

    public var providers: [ProviderShape]
  }

  public static let spec = Spec<Self>(
    summary: """
      Lists the agent providers that the configuration defines and that Ion ships, with what can be known without starting \
      anything: whether the program is there, and which is taken where nobody says one. `provider/doctor` tries them.
      """,
    errors: ErrorKind.reading,
    examples: [
      .init(
        "one that is here, and one that isn't", Params(codebaseId: nil),
        Result(providers: [ProviderShape(Sample.provider), ProviderShape(Sample.missingProvider)]))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(params.codebaseId)
    let listings = try await session.serving { () async throws(EngineFailure) in try workspace.providers() }
    return Result(providers: listings.map(ProviderShape.init))
  }
}
