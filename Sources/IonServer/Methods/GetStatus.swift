internal import IonEngine
public import IonRPC
internal import IonStore
public import IonWorkflow

/// `workflow/status`: where a run stands.
public enum GetStatus: ServedRequest {
  public static let method = "workflow/status"
  public static let ordering = Ordering.concurrent

  public struct Params: WireShape, Hashable {
    public static let notes: [String: String] = [
      "runId": "The run.",
      "nodes": "Whether its nodes are wanted; absent is no.",
      "sinceSeq": "Only nodes that changed after this event; absent is all of them.",
    ]

    public var runId: RunID
    public var nodes: Bool?
    public var sinceSeq: Offset?
  }

  public typealias Result = RunShape

  public static let spec = Spec<Self>(
    summary: "Says where a run stands now, and on request its nodes, or those of them that changed after an event.",
    errors: ErrorKind.readingRun,
    examples: [
      .init(
        "a run with its nodes", Params(runId: Sample.run, nodes: true, sinceSeq: nil),
        RunShape(Sample.endedRecord, of: Sample.codebaseID, nodes: Sample.nodes))
    ])

  public static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
    let workspace = try await session.workspace(of: params.runId)
    return try await session.serving { () async throws(EngineFailure) in
      // The row first: nodes may be newer than it, never older.
      let run = try await workspace.record(of: params.runId)
      let output = try await workspace.output(of: run)
      let gates = try await workspace.gates(of: run)
      guard params.nodes ?? false else {
        return RunShape(run, of: workspace.codebase.id, gates: gates).giving(output)
          .waiting(behind: workspace.holder(ofPathFor: run))
      }
      let changed = try await changed(params, workspace)
      let nodes = try await workspace.nodes(of: params.runId).filter { changed?.contains($0.node) ?? true }
      return RunShape(run, of: workspace.codebase.id, gates: gates, nodes: nodes).giving(output)
        .waiting(behind: workspace.holder(ofPathFor: run))
    }
  }

  /// The nodes that changed after an event; nil for all, also where that event is too long ago.
  private static func changed(
    _ params: Params, _ workspace: Workspace
  ) async throws(EngineFailure) -> Set<NodeID>? {
    guard let since = params.sinceSeq?.value else { return nil }
    var changed: Set<NodeID> = []
    var seq = Int64(since)
    while true {
      let notices: [StoredNotice]
      do throws(EngineFailure) {
        notices = try await workspace.notices(of: params.runId, after: seq, limit: 1_000).notices
      } catch {
        guard case .sequenceExpired = error else { throw error }
        return nil
      }
      for case .progress(let progress) in notices.map(\.notice) { changed.formUnion(progress.nodes.map(\.node)) }
      guard let last = notices.last else { return changed }
      seq = last.seq
    }
  }
}
