internal import IonLock
import IonJSON
public import Logging

/// One peer: what it asks is answered exactly once, in the order that the routes declare; what it is told and asked goes
/// out in the order of the calls.
///
/// Both sides use it, the one that serves and the one that asks. The methods that send may be called from anywhere at any
/// time; after the end they do nothing.
public actor Connection {
  /// Counts requests that are owed an answer.
  typealias Counter = Guarded<Int>

  let handlers: HandlerTable
  let limits: ConnectionLimits
  let logger: Logger
  let calls = CallTable()
  let outbox: any MessageSender
  let unanswered = Counter(0)
  private let reader: any MessageReceiver
  private let inbound: AsyncStream<Inbound>
  private let inboundSink: AsyncStream<Inbound>.Continuation

  /// The messages that are handled or wait for it.
  private var lanes = Lanes()
  private var lastTicket = 0
  private var waiting: [Int: Work] = [:]
  private var running: [Int: (work: Work, task: Task<Void, Never>)] = [:]
  /// The tickets of the requests in flight.
  private var tickets: [RequestID: Int] = [:]
  /// Opens when nothing runs or waits any more; nil until the input has ended.
  private var idle: Latch?

  /// - Parameter transport: Taken over by `run()`, which closes its descriptors at the end.
  /// - Throws: When descriptors run out.
  public init(
    _ transport: Transport, handlers: HandlerTable, limits: ConnectionLimits = ConnectionLimits(), logger: Logger
  ) throws(TransportFailure) {
    self.handlers = handlers
    self.limits = limits
    self.logger = logger
    (inbound, inboundSink) = AsyncStream.makeStream()
    switch transport.way {
    case .descriptors(let pair):
      outbox = try Outbox(pair, limits: limits)
      reader = try InboundReader(pair, limits: limits, logger: logger, sink: inboundSink)
    case .local(let end):
      outbox = end
      reader = LocalReceiver(end: end, sink: inboundSink)
    }
  }

  /// Serves until the connection ends, and returns why; to be called once.
  ///
  /// When no message can come any more, the requests that were read are still answered: their handlers get
  /// `limits.drainTime`, then are cancelled; what they say gets `limits.flushTime` to be written.
  public func run() async -> CloseReason {
    outbox.start { [inboundSink] reason in inboundSink.yield(.ended(reason)) }
    reader.start()
    let reason = await serve()
    // The end takes its time even where the task that runs this is cancelled.
    await Task { await windUp(reason) }.value
    return reason
  }

  private func windUp(_ reason: CloseReason) async {
    reader.stop()
    calls.close()
    handlers.inputDidEnd(reason)
    await drain(reason)
    let isFlushed = await outbox.finish(within: limits.flushTime)
    reader.finish()
    logger.debug("connection ended", metadata: ["reason": "\(reason)", "flushed": "\(isFlushed)"])
  }

  /// Ends the connection: what was read before is answered, what was sent before is written.
  public nonisolated func close() { inboundSink.yield(.ended(.closed)) }

  /// Ends the connection to a peer that lets too much wait.
  nonisolated func giveUp() { inboundSink.yield(.ended(.outputOverflowed)) }

  private func serve() async -> CloseReason {
    for await item in inbound {
      switch item {
      case .ended(let reason): return reason
      case .messages(let messages):
        for received in messages {
          if let reason = take(received) { return reason }
        }
      }
    }
    return .closed
  }

  /// Takes one message, and returns why the connection ends with it, if it does.
  private func take(_ received: ReceivedMessage) -> CloseReason? {
    lastTicket += 1
    let arrival = Arrival(ticket: lastTicket, byteCount: received.byteCount)
    switch received.message {
    case .request(let id, let method, let params):
      return takeRequest(Incoming(id: id, method: method, params: params), id, arrival)
    case .notification(Self.cancelMethod, let params):
      cancel(params)
    case .notification(let method, let params):
      return takeNotification(Incoming(id: nil, method: method, params: params), arrival)
    case .response(let id, let result):
      takeResponse(id, result)
    case .invalid(let id, let error):
      logger.info("refused a message", metadata: ["error": "\(error.message)"])
      send(.response(id: id, .failure(error)))
    }
    reader.release(received.byteCount)
    return nil
  }
}

// MARK: Requests and notifications of the peer

extension Connection {
  static let cancelMethod = "$/cancelRequest"

  private func takeRequest(_ request: Incoming, _ id: RequestID, _ arrival: Arrival) -> CloseReason? {
    let route = handlers.requests[request.method]
    if let error = refusal(of: id, route?.ordering) {
      refuse(id, error, arrival)
      return nil
    }
    switch handlers.gate(request) {
    case .end:
      refuse(id, .connectionClosing, arrival)
      return .ended
    case .refuse(let error): refuse(id, error, arrival)
    case .pass:
      guard let route else {
        refuse(id, .methodNotFound(request.method), arrival)
        return nil
      }
      let slot = openSlot(id)
      tickets[id] = arrival.ticket
      admit(Work(arrival: arrival, params: request.params, kind: .request(slot, route.body)), route.ordering)
    }
    return nil
  }

  private func takeNotification(_ notification: Incoming, _ arrival: Arrival) -> CloseReason? {
    switch handlers.gate(notification) {
    case .end: return .ended
    case .refuse: break
    case .pass:
      guard let route = handlers.notifications[notification.method] else { break }
      admit(Work(arrival: arrival, params: notification.params, kind: .notification(route.body)), route.ordering)
      return nil
    }
    reader.release(arrival.byteCount)
    return nil
  }

  private func refuse(_ id: RequestID, _ error: WireError, _ arrival: Arrival) {
    send(.response(id: id, .failure(error)))
    reader.release(arrival.byteCount)
  }

  /// Why a request can't be taken, whatever it asks.
  private func refusal(of id: RequestID, _ ordering: Ordering?) -> WireError? {
    if let ticket = tickets[id], slot(ticket)?.isOpen == true {
      return .invalidRequest("request \(id) is still in flight")
    }
    let isFull = unanswered.withLock { $0 >= limits.requests }
    return isFull && ordering != .immediate ? .serverBusy(limit: limits.requests) : nil
  }

  private func slot(_ ticket: Int) -> ReplySlot? { (waiting[ticket] ?? running[ticket]?.work)?.slot }

  private func openSlot(_ id: RequestID) -> ReplySlot {
    unanswered.withLock { $0 += 1 }
    let sink = ReplySlot.Sink(
      reply: { [unanswered, weak self] id, result in
        unanswered.withLock { $0 -= 1 }
        self?.send(.response(id: id, result))
      },
      notify: { [weak self] notification in self?.send(notification) })
    return ReplySlot(id, sink: sink)
  }

  private func admit(_ work: Work, _ ordering: Ordering) {
    if lanes.arrived(work.ticket, ordering) {
      start(work)
    } else {
      waiting[work.ticket] = work
    }
  }

  private func start(_ work: Work) {
    reader.release(work.arrival.byteCount)
    let task = Task { @concurrent in
      await perform(work)
      await self.ended(work)
    }
    running[work.ticket] = (work, task)
  }

  /// Runs the handler, off the actor.
  @concurrent
  private nonisolated func perform(_ work: Work) async {
    switch work.kind {
    case .notification(let body): await body(work.params, self)
    case .request(let slot, let body):
      let context = RequestContext(connection: self, slot: slot)
      do throws(WireError) {
        slot.answer(.success(try await body(work.params, context)))
      } catch {
        slot.answer(.failure(settled(error, slot)))
      }
    }
  }

  /// What a handler's error becomes: -32800 is the answer to a cancelled request, and to no other.
  private nonisolated func settled(_ error: WireError, _ slot: ReplySlot) -> WireError {
    if slot.isCancelled { return .requestCancelled }
    return error.code == WireError.Code.requestCancelled ? .connectionClosing : error
  }

  private func ended(_ work: Work) {
    running[work.ticket] = nil
    forget(work)
    startAll(lanes.ended(work.ticket))
    if running.isEmpty, waiting.isEmpty { idle?.open() }
  }

  private func startAll(_ tickets: [Int]) {
    for ticket in tickets {
      if let work = waiting.removeValue(forKey: ticket) { start(work) }
    }
  }

  private func forget(_ work: Work) {
    guard let id = work.slot?.id, tickets[id] == work.ticket else { return }
    tickets[id] = nil
  }

  /// Cancels the request that the params name; one that is answered or unknown is left alone.
  private func cancel(_ params: JSONValue?) {
    guard let id = params?["id"].flatMap({ RequestID($0) }), let ticket = tickets[id] else { return }
    if let entry = running[ticket] {
      entry.work.slot?.markCancelled()
      entry.task.cancel()
    } else if lanes.withdraw(ticket), let work = waiting.removeValue(forKey: ticket) {
      forget(work)
      reader.release(work.arrival.byteCount)
      work.slot?.answer(.failure(.requestCancelled))
    }
  }

  /// Lets what was taken come to its end, and ends what doesn't.
  private func drain(_ reason: CloseReason) async {
    switch reason {
    case .outputFailed, .outputOverflowed: break
    case .endOfInput, .ended, .closed, .desynchronised, .inputFailed: await waitUntilIdle(limits.drainTime)
    }
    for work in waiting.values { work.slot?.answer(.failure(.connectionClosing)) }
    waiting = [:]
    for entry in running.values { entry.task.cancel() }
    await waitUntilIdle(limits.cancelTime)
    for entry in running.values { entry.work.slot?.abandon(.connectionClosing) }
  }

  private func waitUntilIdle(_ time: Duration) async {
    guard !running.isEmpty || !waiting.isEmpty else { return }
    let latch = Latch()
    idle = latch
    if await !latch.wait(atMost: time) {
      logger.debug("handlers are still running", metadata: ["count": "\(running.count)"])
    }
  }
}
