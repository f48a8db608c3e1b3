internal import IonAgents
public import IonJSON
public import IonProcess
public import IonStore
public import IonWorkflow
internal import Logging

extension Workspace {
  /// Newest first. Runs that a dead owner left are settled before they are told of.
  public func runs(_ filter: RunFilter) async throws(EngineFailure) -> Page<RunRecord> {
    await settleOrphans()
    return try await reading { store throws(StoreFailure) in try await store.runs(filter) }
  }

  /// A run's nodes in the definition's order.
  public func nodes(of run: RunID) async throws(EngineFailure) -> [NodeRecord] {
    try await reading { store throws(StoreFailure) in try await store.nodes(of: run) }
  }

  /// Deletes a run that has ended, with its children, and the logs and artifacts of all.
  public func delete(_ run: RunID) async throws(EngineFailure) {
    let record = try await record(of: run)
    guard !record.status.isLive else {
      throw .invalidState(run, "Run \(run) is \(record.status.rawValue); cancel it before it is deleted.")
    }
    if let parent = record.parentRun, try await knows(parent) {
      throw .invalidState(run, "Run \(run) is a child of run \(parent), and is deleted with it.")
    }
    let family = [record] + (try await descendants(of: run))
    // None is deleted where changes of one would be lost.
    for member in family { try await dropUnneededWorktree(of: member) }
    // The innermost first: what is left of a delete that was cut short can be deleted again.
    for member in family.reversed().map(\.id) {
      try await withStore { opened throws(EngineFailure) in
        do throws(StoreFailure) {
          let ownership = try await opened.home.store.own()
          defer { ownership.release() }
          await opened.home.hub.publish(try await opened.home.store.deleteRun(member))
        } catch {
          throw .store(error)
        }
      }
      let paths = paths(of: member)
      StepCache(root: codebase.root, codebase: codebase.id).forget(member)
      FileAccess.remove(paths.logs)
      FileAccess.remove(paths.artifacts)
    }
  }

  /// Where a run of this workspace keeps its artifacts and logs.
  public nonisolated func paths(of run: RunID) -> ProjectPaths {
    ProjectPaths(root: codebase.root, codebase: codebase.id, run: run)
  }

  /// Runs a run again: a new run with its definition, inputs and folder, which takes over what is upstream of `from`.
  public func rerun(
    _ run: RunID, from node: NodeID?, inputs: [String: JSONValue], usesCache: Bool = true
  ) async throws(EngineFailure) -> RunRecord {
    let old = try await record(of: run)
    guard !old.status.isLive else {
      throw .invalidState(run, "Run \(run) is \(old.status.rawValue); wait for its end, or cancel it.")
    }
    let workflow = try await workflow(of: old)
    if let node, !workflow.definition.nodes.contains(where: { $0.id == node }) {
      throw .nodeNotFound(node, of: run, among: workflow.definition.nodes.map(\.id))
    }
    var options = WorkflowExecutionOptions()
    options.input = old.request.inputs.merging(inputs) { $1 }
    options.provider = old.request.chosenProvider
    options.model = old.request.chosenModel
    options.context = old.request.context
    options.editor = old.request.editor
    options.rerun = WorkflowExecutionOptions.Rerun(of: run, from: node)
    options.usesCache = usesCache
    options.isolation = old.request.isIsolated ? .worktree : .inherit
    if node != nil, old.request.isIsolated {
      throw .invalidState(
        run,
        "Run \(run) is isolated: what its earlier nodes changed is in its worktree alone, so that another run can't begin "
          + "behind them. Resume it, or rerun it from the start.")
    }
    let folder = old.request.isolation?.origin ?? old.request.workingPath
    return try await execute(workflow, in: folder, message: old.request.message, options: options).run
  }

  /// The artifacts of one run, or of all, whose names start with a prefix.
  public func artifacts(of run: RunID?, prefix: String?) async throws(EngineFailure) -> [ArtifactRecord] {
    try await reading { store throws(StoreFailure) in try await store.artifacts(of: run, prefix: prefix) }
  }

  /// Notices after a number, and the span of numbers that there are.
  public func notices(
    of run: RunID?, after seq: Int64, limit: Int
  ) async throws(EngineFailure) -> (notices: [StoredNotice], bounds: SequenceBounds) {
    let bounds = try await reading { store throws(StoreFailure) in try await store.bounds() }
    try bounds.checkReplay(after: seq)
    let notices = try await reading { store throws(StoreFailure) in
      try await store.notices(of: run, after: seq, limit: limit)
    }
    return (notices, bounds)
  }

  /// Subscribes a platform to one run or to all: replay after a number first, then live, one ordered stream.
  public func subscribe(
    _ platform: any WorkflowPlatform, run: RunID?, after seq: Int64?, output: Bool
  ) async throws(EngineFailure) -> (id: SubscriptionID, bounds: SequenceBounds) {
    let subscription = try await withStore { opened throws(EngineFailure) in
      do throws(StoreFailure) {
        let subscription = try await opened.home.hub.subscribe(platform, run: run, after: seq)
        if output {
          opened.home.output.add(subscription.id, run: run, platform: platform)
          platform.outputIsHeard()
        }
        return subscription
      } catch {
        throw .store(error)
      }
    }
    watchOthers()
    return subscription
  }

  /// The span of numbers that there are.
  public func bounds() async throws(EngineFailure) -> SequenceBounds {
    try await reading { store throws(StoreFailure) in try await store.bounds() }
  }

  /// Returns once everything that happened up to a number was given to those who are subscribed.
  public func published(upTo seq: Int64) async throws(EngineFailure) {
    try await opened().home.hub.settle(upTo: seq)
  }

  /// Ends a subscription; one that has ended already changes nothing.
  public func unsubscribe(_ id: SubscriptionID) async {
    do {
      let home = try await opened().home
      home.output.remove(id)
      await home.hub.unsubscribe(id)
    } catch {
      dependencies.logger.warning("unsubscribing failed: \(error.message)")
    }
  }

  /// One node of a run as it stands.
  ///
  /// - Throws: `.nodeNotFound`.
  public func node(_ id: NodeID, of run: RunID) async throws(EngineFailure) -> NodeRecord {
    guard let row = try await reading({ store throws(StoreFailure) in try await store.node(id, of: run) }) else {
      throw .nodeNotFound(id, of: run, among: try await nodes(of: run).map(\.node))
    }
    return row
  }

  /// What one start of a node printed: one stream, or both in order of arrival. `attempt` nil is the last one; one that
  /// never was printed nothing. What was taken over from another run is there as its output alone.
  public func log(
    of run: RunID, node: NodeID, attempt: Int?, turn: Int? = nil, terminal: Int? = nil, view: OutputView, offset: Int,
    limit: Int,
    pieces: Bool = false
  ) async throws(EngineFailure) -> NodeLog {
    let row = try await self.node(node, of: run)
    let isComplete = attempt.map { $0 < row.attempt } ?? false || row.status.isSettled
    let isMarkdown = row.provider != nil && turn == nil
    var folder = paths(of: run).log(of: node, attempt: attempt ?? row.attempt)
    if let turn {
      folder = folder.appending(AgentStep.folder(ofTurn: turn))
      // A session that was gone was replaced in the same turn: what was said then is what counts.
      let replaced = folder.appending(AgentRequest.newSessionFolder)
      if FileAccess.isFolder(replaced) { folder = replaced }
      if let terminal { folder = folder.appending(AgentRequest.folder(ofTerminal: terminal)) }
    }
    // What was taken over, and what nodes give that start no process.
    let isOutputAlone = row.attempt == 0 || (attempt ?? row.attempt) == row.attempt && row.logBytes == 0
    if turn == nil, isOutputAlone, let text = row.output?.text, view != .stderr {
      let bytes = Array(text.utf8)
      let slice = OutputSlice(of: bytes, at: 0, size: bytes.count, from: offset, limit: limit, isFinal: true)
      return NodeLog(slice: slice, isComplete: isComplete, isMarkdown: isMarkdown)
    }
    do {
      let reader = OutputReader(OutputFiles(folder))
      let slice = try reader.read(view, from: offset, limit: limit, isComplete: isComplete)
      var log = NodeLog(slice: slice, isComplete: isComplete, isMarkdown: isMarkdown)
      if pieces, view == .merged {
        log.pieces = try reader.pieces(from: slice.offset, count: slice.nextOffset - slice.offset)
      }
      return log
    } catch {
      throw .unusable("\(error)")
    }
  }
}

/// A part of what a node printed.
public struct NodeLog: Sendable {
  public var slice: OutputSlice
  /// Whether nothing is added to the log any more.
  public var isComplete: Bool
  /// Whether it is what an agent said and did, as Markdown.
  public var isMarkdown: Bool
  /// Which stream each part of the slice is from, where that was asked for; nil for a view of one stream, and for an
  /// output that no stream has.
  public var pieces: [OutputPiece]?
}
