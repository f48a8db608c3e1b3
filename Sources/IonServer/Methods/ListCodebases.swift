internal import IonEngine
public import IonRPC

/// `codebase/list`: the codebases that are registered.
public enum ListCodebases: ServedRequest {
  public static let method = "codebase/list"
  public static let ordering = Ordering.concurrent

  public typealias Params = Nothing

  public struct Result: WireShape {
    public static let notes = ["codebases": "In the order in which they were registered."]

    public var codebases: [CodebaseShape]
  }

  public static let spec = Spec<Self>(
    summary: "The codebases that are registered in this process.",
    examples: [
      .init(
        "one codebase", Nothing(),
        Result(codebases: [CodebaseShape(Sample.codebase, isTrusted: true, liveRuns: [Sample.run])]))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    var codebases: [CodebaseShape] = []
    for workspace in await session.engine.registered {
      codebases.append(
        CodebaseShape(workspace.codebase, isTrusted: await workspace.isTrusted, liveRuns: await workspace.liveRuns))
    }
    return Result(codebases: codebases)
  }
}
