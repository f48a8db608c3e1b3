internal import IonLock
public import IonJSON

/// Why a request of ours has no result.
public enum CallFailure: Error, Hashable, Sendable {
  /// The peer answered with an error.
  case refused(WireError)
  /// The peer didn't answer in time, and was told that the request is cancelled.
  case timedOut
  /// The task was cancelled, and the peer told.
  case cancelled
  /// The connection ended before the answer.
  case closed
  /// The params have no JSON form.
  case unencodable(JSONEncodingFailure)
  /// The result has another shape than the type asks for.
  case malformedResult(JSONDecodingFailure)
}

/// A request of ours that was sent.
public final class PendingCall: Sendable {
  public let id: RequestID
  private let outcome = Guarded<Result<JSONValue, CallFailure>?>(nil)
  private let answered = Latch()
  /// Takes the call out of the table of those that wait, and tells the peer.
  private let giveUp: @Sendable (RequestID) -> Void

  init(_ id: RequestID, giveUp: @escaping @Sendable (RequestID) -> Void) {
    self.id = id
    self.giveUp = giveUp
  }

  /// The first outcome stands.
  func settle(_ result: Result<JSONValue, CallFailure>) {
    outcome.withLock { outcome in outcome = outcome ?? result }
    answered.open()
  }

  /// Waits for the answer, no longer than the time given (nil: as long as the connection lasts).
  public func answer(within time: Duration?) async throws(CallFailure) -> JSONValue {
    if let time {
      _ = await answered.wait(atMost: time)
    } else {
      await answered.wait()
    }
    if let result = outcome.withLock({ $0 }) { return try result.get() }
    giveUp(id)
    throw Task.isCancelled ? .cancelled : .timedOut
  }
}

/// The requests of ours that wait for their answers.
final class CallTable: Sendable {
  private struct State {
    var lastID: Int64 = 0
    var calls: [RequestID: PendingCall] = [:]
    var isClosed = false
  }

  private let state = Guarded(State())

  /// A call with the next id; one that is begun after the end has failed already.
  func begin(giveUp: @escaping @Sendable (RequestID) -> Void) -> PendingCall {
    let (call, isClosed) = state.withLock { state in
      state.lastID += 1
      let call = PendingCall(RequestID(state.lastID), giveUp: giveUp)
      if !state.isClosed { state.calls[call.id] = call }
      return (call, state.isClosed)
    }
    if isClosed { call.settle(.failure(.closed)) }
    return call
  }

  /// Gives an answer to the call that waits for it. False: nobody does.
  func settle(_ id: RequestID, _ result: Result<JSONValue, WireError>) -> Bool {
    guard let call = remove(id) else { return false }
    call.settle(result.mapError(CallFailure.refused))
    return true
  }

  func remove(_ id: RequestID) -> PendingCall? { state.withLock { $0.calls.removeValue(forKey: id) } }

  /// Fails all that wait, and all that will.
  func close() {
    let calls = state.withLock { state in
      state.isClosed = true
      defer { state.calls = [:] }
      return state.calls.values
    }
    for call in calls { call.settle(.failure(.closed)) }
  }
}
