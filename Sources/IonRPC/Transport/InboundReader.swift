internal import IonLock
internal import Glibc
import IonJSON
import Logging

/// What the reader hands over.
enum Inbound: Sendable {
  /// The messages of one read, in their order.
  case messages([ReceivedMessage])
  case ended(CloseReason)
}

/// A message with what it costs until it is handled.
struct ReceivedMessage: Sendable {
  let message: Message
  /// Bytes of its body.
  let byteCount: Int
}

/// Reads, decodes and parses on a thread of its own, which nothing slows but too many bytes in flight.
final class InboundReader: MessageReceiver {
  private struct Credit {
    /// Bytes of messages that were handed over and aren't handled yet.
    var inFlight = 0
    var isStopped = false
    /// The descriptor may be closed: the peer gets no answer any more anyway.
    var isFinished = false
  }

  private static let readSize = 64 * 1024

  private let transport: DescriptorPair
  private let limits: ConnectionLimits
  private let logger: Logger
  private let credit = Monitor(Credit())
  private let waker: Waker
  private let sink: AsyncStream<Inbound>.Continuation

  init(
    _ transport: DescriptorPair, limits: ConnectionLimits, logger: Logger, sink: AsyncStream<Inbound>.Continuation
  ) throws(TransportFailure) {
    waker = try Waker()
    self.transport = transport
    self.limits = limits
    self.logger = logger
    self.sink = sink
  }

  /// Starts the thread; once.
  func start() {
    startThread { [self] in
      if let reason = read() { sink.yield(.ended(reason)) }
      // A peer whose writes fail takes the connection for broken, although its answers are still on their way.
      credit.wait { $0.isFinished ? () : nil }
      close(transport.input)
    }
  }

  func release(_ byteCount: Int) {
    credit.signal { $0.inFlight -= byteCount }
  }

  /// Ends reading soon, wherever the thread waits.
  func stop() {
    credit.signal { $0.isStopped = true }
    waker.wake()
  }

  /// Lets the thread close its descriptor and end.
  func finish() { credit.signal { $0.isFinished = true } }

  /// Returns why the input ended, nil after `stop()`.
  private func read() -> CloseReason? {
    var decoder = BodyDecoder(transport.framing, limits: limits.frame)
    let parser = JSONParser(maximumDepth: limits.jsonDepth)
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.readSize, alignment: 16)
    defer { chunk.deallocate() }
    while hasRoom() {
      guard waitUntilReady(transport.input, POLLIN, waker: waker) == .ready else { return nil }
      let count = Glibc.read(transport.input, chunk.baseAddress, chunk.count)
      guard count != 0 else { return .endOfInput }
      guard count > 0 else {
        if errno == EINTR || errno == EAGAIN { continue }
        return .inputFailed(errorNumber: errno)
      }
      decoder.push(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
      if let fault = handOver(&decoder, parser) { return .desynchronised(fault) }
    }
    return nil
  }

  /// Blocks until bytes may be read. False: the reader was stopped.
  private func hasRoom() -> Bool {
    credit.wait { credit in
      if credit.isStopped { return false }
      return credit.inFlight < limits.inboundBytes ? true : nil
    }
  }

  /// Parses and hands over all that is complete. Returns a fault after which nothing can be read.
  private func handOver(_ decoder: inout BodyDecoder, _ parser: JSONParser) -> FrameFault? {
    var batch: [ReceivedMessage] = []
    var fatal: FrameFault?
    while let output = decoder.next() {
      switch output {
      case .body(let body):
        guard let message = decoder.message(body, parser) else {
          logger.debug("dropped a line that is no message", metadata: ["bytes": "\(body.count)"])
          continue
        }
        batch.append(ReceivedMessage(message: message, byteCount: body.count))
      case .fault(let fault):
        batch.append(ReceivedMessage(message: .invalid(id: nil, .parseError("\(fault)")), byteCount: 0))
        if fault.isFatal { fatal = fault }
      }
    }
    guard !batch.isEmpty else { return nil }
    credit.withLock { $0.inFlight += batch.reduce(0) { $0 + $1.byteCount } }
    sink.yield(.messages(batch))
    return fatal
  }
}

/// The decoder of either framing.
private enum BodyDecoder {
  case contentLength(FrameDecoder)
  case lines(LineDecoder)

  init(_ framing: Framing, limits: FrameLimits) {
    switch framing {
    case .contentLength: self = .contentLength(FrameDecoder(limits: limits))
    case .lines: self = .lines(LineDecoder(limit: limits.body))
    }
  }

  mutating func push(_ bytes: UnsafeRawBufferPointer) {
    switch consume self {
    case .contentLength(var decoder):
      decoder.push(bytes)
      self = .contentLength(decoder)
    case .lines(var decoder):
      decoder.push(bytes)
      self = .lines(decoder)
    }
  }

  mutating func next() -> FrameDecoder.Output? {
    switch consume self {
    case .contentLength(var decoder):
      defer { self = .contentLength(decoder) }
      return decoder.next()
    case .lines(var decoder):
      defer { self = .lines(decoder) }
      return decoder.next()
    }
  }

  /// Reads a body; nil for a line of noise.
  func message(_ body: [UInt8], _ parser: JSONParser) -> Message? {
    switch self {
    case .contentLength: return Message(body: body, parser: parser)
    case .lines:
      do throws(JSONFailure) {
        let json = try parser.parse(body)
        return json.objectValue == nil ? nil : Message(json)
      } catch { return nil }
    }
  }
}
