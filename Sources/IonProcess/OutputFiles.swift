public import IonWorkflow

/// One of the two streams that a step prints to.
public enum StepStream: String, Hashable, Codable, CaseIterable, Sendable {
  case stdout
  case stderr
}

/// Where the output of one attempt of a step is kept: a file for each stream, and the order in which they arrived.
///
/// A file is made when it gets its first byte, and the folder with it (only its user may read them); a missing file is an
/// empty stream.
public struct OutputFiles: Hashable, Sendable {
  /// The attempt's folder; nothing else may be kept under the names used here.
  public var folder: AbsolutePath
  /// A folder above it that has to be there: it is not made again where somebody took it away. Nil where any may be made.
  public var root: AbsolutePath?

  public init(_ folder: AbsolutePath, below root: AbsolutePath? = nil) {
    self.folder = folder
    self.root = root
  }

  /// The file that has every byte of a stream, as it was printed but for the secrets.
  public func file(_ stream: StepStream) -> AbsolutePath { folder.appending(stream.rawValue) }

  /// The file that says how the two streams interleave, see `ArrivalIndex`.
  public var arrival: AbsolutePath { folder.appending("arrival") }
}

/// Bytes that have just been added to a stream's file. Their text is read from there.
public struct OutputChunk: Hashable, Sendable {
  public var stream: StepStream
  /// Where in the stream's file the chunk begins.
  public var offset: Int
  public var count: Int

  public init(stream: StepStream, offset: Int, count: Int) {
    self.stream = stream
    self.offset = offset
    self.count = count
  }
}

/// Why output could not be written or read.
public struct OutputFailure: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Operation: String, Hashable, Sendable { case makeFolder, open, write, read }

  public var operation: Operation
  public var path: AbsolutePath
  /// The system's number for the cause.
  public var errno: Int32

  public init(_ operation: Operation, _ path: AbsolutePath, errno: Int32) {
    self.operation = operation
    self.path = path
    self.errno = errno
  }

  /// Whether the file system has no room, or the user's share of it is used up.
  public var isDiskFull: Bool { SystemError(errno).isDiskFull }

  public var description: String {
    let what =
      switch operation {
      case .makeFolder: "make the folder"
      case .open: "open"
      case .write: "write to"
      case .read: "read"
      }
    return "can't \(what) \(path): \(SystemError(errno))"
  }
}
