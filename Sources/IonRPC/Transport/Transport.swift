internal import Glibc

/// The way to a peer and back.
public struct Transport: Sendable {
  enum Way: Sendable {
    case descriptors(DescriptorPair)
    case local(LocalEnd)
  }

  let way: Way

  /// Takes over two descriptors, which must differ (duplicate a socket). Their flags are left as they are, since they
  /// may be shared with the program at the other end.
  public init(input: Int32, output: Int32, framing: Framing = .contentLength) {
    precondition(input != output, "a connection closes its input and its output by themselves")
    way = .descriptors(DescriptorPair(input: input, output: output, framing: framing))
  }

  private init(_ end: LocalEnd) { way = .local(end) }

  /// Two transports that lead to each other within this process, without the way over text.
  public static func localPair() -> (Transport, Transport) {
    let (one, other) = LocalEnd.pair()
    return (Transport(one), Transport(other))
  }

  /// Two transports whose outputs are each other's inputs, by pipes.
  /// - Throws: The error number of `pipe`, when descriptors run out.
  public static func pair(framing: Framing = .contentLength) throws(TransportFailure) -> (Transport, Transport) {
    let there = try openPipe()
    let back: (read: Int32, write: Int32)
    do { back = try openPipe() } catch {
      close(there.read)
      close(there.write)
      throw error
    }
    return (
      Transport(input: back.read, output: there.write, framing: framing),
      Transport(input: there.read, output: back.write, framing: framing)
    )
  }
}

/// The two descriptors that a connection reads from and writes to.
struct DescriptorPair: Sendable {
  /// Read by the connection's own thread, and closed by it.
  let input: Int32
  /// Written by the connection's own thread, and closed by it.
  let output: Int32
  let framing: Framing
}

/// A system call of the transport failed.
public struct TransportFailure: Error, Hashable, Sendable {
  /// `errno` of the call.
  public let errorNumber: Int32

  public init(errorNumber: Int32) { self.errorNumber = errorNumber }
}

extension TransportFailure: CustomStringConvertible {
  /// What the system says about the error number.
  public var description: String { strerror(errorNumber).map { String(cString: $0) } ?? "error \(errorNumber)" }
}
