internal import IonAgents
internal import IonEngine
public import IonRPC
public import IonWorkflow

/// `provider/doctor`: tries the agents of a codebase.
public enum DoctorProviders: ServedRequest {
  public static let method = "provider/doctor"
  public static let ordering = Ordering.concurrent
  public static let onlyWaits = true

  public struct Params: WireShape, Hashable {
    public static let notes = [
      "codebaseId": "The codebase whose configuration counts; may be left out where there is one.",
      "providerId": "Only this provider; absent is all of them.",
    ]

    public var codebaseId: CodebaseID?
    public var providerId: String?
  }

  public struct Result: WireShape, Hashable {
    public static let notes = ["checks": "What came of each, in the order of `provider/list`."]

    public var checks: [ProviderCheckShape]
  }

  public static let spec = Spec<Self>(
    summary: """
      Starts every provider whose program is here, side by side, as far as it goes without a prompt, and says what it \
      answered: version, protocol, whether somebody is signed in, how long it took, or what went wrong and what to do. \
      Nothing of it is left then, nor where the request is cancelled or the client goes away. It takes 20 seconds at most.
      """,
    errors: [.codebaseNotRegistered, .workspaceNotTrusted, .providerNotFound, .unusable],
    examples: [
      .init(
        "one that is ready, one that wants its user to sign in, and one that isn't here",
        Params(codebaseId: nil, providerId: nil), Result(checks: Sample.providerChecks.map(ProviderCheckShape.init)))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(params.codebaseId)
    let checks = try await session.serving { () async throws(EngineFailure) in
      try await workspace.checkProviders(only: params.providerId)
    }
    return Result(checks: checks.map(ProviderCheckShape.init))
  }
}
