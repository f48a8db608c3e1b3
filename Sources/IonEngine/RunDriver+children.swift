internal import IonScheduler
internal import IonStore
internal import IonWorkflow

extension RunDriver {
  /// Begins the child run of a node's start, or goes on with it.
  func startChild(_ node: Node, _ child: ChildWorkflow, attempt: Int) {
    let id = node.id
    let handle = ChildHandle()
    children[id] = handle
    let run = RunIdentifier.child(of: context.id, id, attempt: run.childAttempt(of: id) ?? attempt)
    let plan: ChildPlan
    do throws(StepFailure) {
      // An item reads what its node does.
      let reader = self.run.item(id)?.of ?? id
      plan = try ChildPlan(node, child, item: item(of: id), &values, seenBy: sight(of: reader))
    } catch {
      let failed = ChildResult(context: context, node: node, attempt: attempt).failed(error)
      return endChild(handle, of: id, with: failed)
    }
    context.home.children.expect(run)
    let runner = ChildRunner(
      context: context, node: node, attempt: attempt, plan: plan, place: place(of: run, at: id), handle: handle)
    Task {
      let timer = Task { [clock = context.dependencies.clock] in
        guard let limit = node.timeout else { return }
        do { try await clock.sleep(for: limit) } catch { return }
        stop(handle, with: .timedOut(reason: "it took longer than \(limit.inWords)"))
      }
      let end = await runner.run { [mailbox] in mailbox.post(.childBegan(id, run)) }
      timer.cancel()
      endChild(handle, of: id, with: end)
    }
  }

  private func endChild(_ handle: ChildHandle, of id: NodeID, with event: RunEvent) {
    mailbox.post(StepEnd(node: id, event: event, logBytes: 0))
    handle.end()
  }

  /// Takes up a child run that waits at its gates.
  func takeUpChild(_ id: NodeID) {
    guard let node = node(id), case .workflow(let child) = node.kind else { return }
    startChild(node, child, attempt: run.node(id)?.attempt ?? 1)
  }

  private func place(of run: RunID, at node: NodeID) -> ChildPlace {
    ChildPlace(
      run: run, parent: context.id, node: node, lineage: context.lineage, secrets: context.secrets,
      census: context.census,
      stoodStill: { [mailbox] in mailbox.post(.childStoodStill(node)) },
      asked: { [mailbox] in mailbox.post(.childAsked(node)) },
      wentOn: { [mailbox] in mailbox.post(.childWentOn(node)) },
      used: { [mailbox] usage in mailbox.post(.usageReported(node, usage)) },
      willGoOn: { [weak self] in await self?.verdict(on: .childWentOn(node)) != nil })
  }

  /// Has the child run of a node end; whether there is one.
  func stopChild(of id: NodeID) -> Bool {
    guard let handle = children[id] else { return false }
    stop(handle, with: endOfChild(at: id))
    return true
  }

  private func endOfChild(at id: NodeID) -> ChildStop {
    if let farewell { return .interrupted(reason: farewell, grace: stopGrace) }
    let cause = run.endingCause.map { ": \($0)" } ?? ", node `\(id)`, was told to stop"
    return .cancelled(reason: "its parent, run \(context.id)\(cause)", isForced: isForced(id))
  }

  private func stop(_ handle: ChildHandle, with stop: ChildStop) {
    guard let driver = handle.note(stop) else { return }
    Task { await stop.give(to: driver) }
  }

  /// Kills what a node's child run runs.
  func killChild(of id: NodeID, reason: String?) {
    if let handle = children[id] { stop(handle, with: .cancelled(reason: reason ?? "killed", isForced: true)) }
  }

  /// Has all child runs end because this one is let go of, and returns when they have.
  func leaveChildren(because reason: String) async {
    answers.close()
    for handle in children.values { stop(handle, with: .interrupted(reason: reason, grace: stopGrace)) }
    for handle in children.values { await handle.ended() }
  }

  /// Whether what a child said of itself is news.
  func isNews(_ event: RunEvent) -> Bool {
    switch event {
    case .childBegan(let id, let child): run.node(id)?.child != child
    case .childStoodStill(let id): !run.isStanding(id)
    case .childAsked(let id): !run.isBlocked(id)
    case .childWentOn(let id): run.isStanding(id) || run.isBlocked(id)
    default: true
    }
  }
}
