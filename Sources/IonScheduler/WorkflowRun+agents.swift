public import IonWorkflow

/// What a node's agent was about when it was cut off.
public struct CutOff: Hashable, Sendable {
  /// The node's start that was cut off.
  public var attempt: Int
  /// The session that it worked in; nil where none was known by then.
  public var session: NodeSession?

  public init(attempt: Int, session: NodeSession?) {
    self.attempt = attempt
    self.session = session
  }
}

extension WorkflowRun {
  /// What the start of a node that runs goes on from: the one before it, which was cut off and had read the same. Nil where
  /// it begins anew.
  public func cutOff(of id: NodeID) -> CutOff? {
    guard let index = plan.index(of: id), let work = progress[index].session, let attempt = work.cutOff else {
      return nil
    }
    return CutOff(attempt: attempt, session: work.session)
  }

  /// The session that a node has, or had when it succeeded, as another one means it; nil where there is none.
  public func session(of id: NodeID, seenFrom reader: NodeID) -> NodeSession? {
    node(id, seenFrom: reader)?.session
  }

  /// What a session has cost by now, all its turns together, in dollars: whichever nodes were in it. Nil where nobody knows.
  public func cost(of session: NodeSession) -> Double? {
    sessionCosts[NodeSession(session.id, of: session.provider)] ?? session.usd
  }

  /// The agents upstream of a node that have sessions, the nearest ones alone, in the definition's order. A node of an
  /// iteration that has none upstream of it there has those that its loop has.
  public func nearestSessions(upstreamOf id: NodeID) -> [NodeState] {
    guard var place = plan.index(of: id) else { return [] }
    while true {
      let found = nearestSessions(upstreamOf: place)
      if !found.isEmpty { return found }
      guard let loop = plan.origin(of: place)?.loop else { return [] }
      place = loop
    }
  }

  private func nearestSessions(upstreamOf index: Int) -> [NodeState] {
    var seen: Set<Int> = [index]
    var level = plan.inputs[index]
    while !level.isEmpty {
      let found = Set(level).sorted().map { progress[$0].state }.filter { $0.session != nil }
      if !found.isEmpty { return found }
      level = level.filter { seen.insert($0).inserted }.flatMap { plan.inputs[$0] }
    }
    return []
  }
}

extension WorkflowRun {
  /// Gives an agent that starts what it goes on from.
  mutating func beginSession(_ index: Int) {
    let consumed = results(readBy: index)
    let attempt = progress[index].state.attempt
    var work = SessionProgress(attempt: attempt, consumed: consumed)
    if let earlier = progress[index].session, !earlier.isOver, !plan.traits[index].alwaysRun,
      isSame(consumed, earlier.consumed)
    {
      work.cutOff = earlier.attempt
      work.session = earlier.session
    }
    progress[index].session = work
    progress[index].state.session = nil
  }

  /// `sessionKnown`.
  mutating func note(_ session: NodeSession, of id: NodeID, summary: String?, in turn: inout Turn) {
    guard let index = runningIndex(of: id), progress[index].session != nil else { return }
    if let usd = session.usd { sessionCosts[NodeSession(session.id, of: session.provider)] = usd }
    turn.touch(index, progress[index].state)
    progress[index].state.session = session
    progress[index].session?.session = session
    if progress[index].phase == .running, let summary { progress[index].state.summary = summary }
  }

  // MARK: Leave

  /// `permissionAsked`: the node is shown as one that waits for an answer, and keeps its place and its slot.
  mutating func askLeave(of id: NodeID, _ question: GateQuestion, in turn: inout Turn) {
    guard let index = plan.index(of: id), progress[index].phase == .running, progress[index].session != nil,
      progress[index].state.gate?.state != .pending
    else { return }
    turn.touch(index, progress[index].state)
    progress[index].state.gate = Gate(question)
    move(index, to: .blocked)
    show(index, as: .awaitingApproval, summary: "its agent asks for leave", in: &turn)
  }

  /// `permissionWithdrawn`.
  mutating func withdrawLeave(_ gate: GateID, of id: NodeID, in turn: inout Turn) {
    guard let index = askingForLeave(gate, at: id) else { return }
    turn.touch(index, progress[index].state)
    progress[index].state.gate?.state = .cancelled
    move(index, to: .running)
    show(index, as: .running, in: &turn)
  }

  /// `gateAnswered` where an agent asked; whether it did.
  mutating func giveLeave(_ gate: GateID, of id: NodeID, _ answer: GateAnswer, in turn: inout Turn) -> Bool {
    guard let index = askingForLeave(gate, at: id) else { return false }
    turn.touch(index, progress[index].state)
    progress[index].state.gate?.state = .decided
    progress[index].state.gate?.answer = answer
    move(index, to: .running)
    show(index, as: .running, in: &turn)
    turn.leaves.append(.answerAgent(id, gate, answer))
    return true
  }

  private func askingForLeave(_ gate: GateID, at id: NodeID) -> Int? {
    guard let index = plan.index(of: id), progress[index].phase == .blocked,
      progress[index].state.gate?.id == gate
    else { return nil }
    return index
  }

  /// Nobody's leave is wanted for what a node's agent does that stops, or has ended.
  mutating func dropLeave(_ index: Int, in turn: inout Turn) {
    guard progress[index].session != nil, progress[index].state.gate?.state == .pending else { return }
    turn.touch(index, progress[index].state)
    progress[index].state.gate?.state = .cancelled
  }
}
