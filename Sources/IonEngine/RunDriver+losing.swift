internal import IonScheduler
internal import IonStore
internal import IonWorkflow
internal import Logging

extension RunDriver {
  /// Stops what runs without writing anything: the log can't be written, or isn't this process's any more. Whoever opens
  /// the store next finds the run unfinished, and settles it. `commands` are the lost turn's.
  func abandon(_ commands: [RunCommand], because reason: String) async {
    context.dependencies.logger.error("run \(context.id) is given up: \(reason)")
    // Steps may wait to hear that what they told is durable.
    answers.close()
    for case .start(let id, _) in commands { giveBackSlot(of: id) }
    for case .withdrawSlotRequest(let id) in commands { withdrawSlotRequest(id) }
    for step in steps.values { step.stop(grace: stopGrace) }
    for step in steps.values { await step.ended() }
    await leaveChildren(because: reason)
    for id in tickets.keys { withdrawSlotRequest(id) }
    record.status = .interrupted
    record.error = reason
    record.result = nil
  }

  /// Tells those who follow the run of an end that stands nowhere. `lost` is the turn that could not be kept.
  func tellEnd(after lost: Turn) async {
    let untold = Set(lost.nodes.map(\.node))
    let now = context.dependencies.clock.wallTime
    record.endedAt = now
    var ended: [NodeRecord] = []
    var counts: [NodeStatus: Int] = [:]
    for node in run.nodes {
      guard var row = rows[node.id] else { continue }
      // What came of a step in the turn that was lost is nothing that a resume will know.
      let isWaitingAgent = row.status == .awaitingApproval && self.node(row.node)?.kind.isAgentTurn ?? false
      if row.status == .running || isWaitingAgent || untold.contains(node.id) && row.startedAt != nil {
        row.status = .interrupted
        row.endedAt = now
        row.error = nil
        ended.append(row)
      }
      if context.nodes[node.id] != nil { counts[row.status, default: 0] += 1 }
    }
    record.counts = counts
    let notices = [.progress(progress(ended, now: now)), RunMessages.finished(record)].map {
      StoredNotice(seq: record.seq, run: context.id, notice: $0, isKept: false)
    }
    await context.hub.tell(notices, of: context.id)
  }
}
