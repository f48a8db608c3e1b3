/// How a step's process came to its end, and what it printed.
public struct StepResult: Hashable, Sendable {
  /// Why the step is over.
  public enum Ending: Hashable, Sendable {
    /// Its process ended by itself with this exit code.
    case exited(Int32)
    /// A signal that Ion didn't send ended its process.
    case signalled(Int32)
    /// It was stopped; the reason is the one that `stop` was first called with.
    case stopped(String)
    case timedOut
    case idledOut
    /// It was stopped because what it printed could not be written down.
    case unrecorded(OutputFailure)
    /// Its process ended, and somebody else in this program took its exit status.
    case lost
  }

  public var ending: Ending
  /// How the process itself ended, whatever `ending` says of the reason; nil where it can't be known: it survived, or
  /// somebody else took its status.
  public var exit: ExitStatus?
  public var stdout: StreamSummary
  public var stderr: StreamSummary
  /// Processes of the step that could not be ended (another user's, or stuck in the kernel), ascending; nearly always
  /// empty.
  public var survivors: [Int32]

  public init(
    ending: Ending, exit: ExitStatus?, stdout: StreamSummary, stderr: StreamSummary, survivors: [Int32] = []
  ) {
    self.ending = ending
    self.exit = exit
    self.stdout = stdout
    self.stderr = stderr
    self.survivors = survivors
  }
}

/// What the kernel says about a process that has ended.
public enum ExitStatus: Hashable, Sendable {
  case exited(Int32)
  case signalled(Int32)
}

/// What one stream of a step amounts to. `length`, `sha256` and `isText` are about the value that other steps read, which
/// has no trailing newlines.
public struct StreamSummary: Hashable, Sendable {
  /// Bytes without the trailing newlines.
  public var length: Int
  /// SHA-256 of those bytes, 64 lower-case hexadecimal digits.
  public var sha256: String
  /// Whether those bytes are UTF-8 without NUL.
  public var isText: Bool
  /// Every byte in the stream's file, trailing newlines counted.
  public var size: Int

  public init(length: Int, sha256: String, isText: Bool, size: Int) {
    self.length = length
    self.sha256 = sha256
    self.isText = isText
    self.size = size
  }
}
