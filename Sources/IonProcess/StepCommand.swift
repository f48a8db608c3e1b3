internal import Glibc
public import IonWorkflow

/// A program to start as a step, with everything it will see.
///
/// Its stdin is `/dev/null` unless something else is said; its stdout and stderr are pipes that Ion reads, and it leads a session of its own.
public struct StepCommand: Sendable {
  /// The program: a path (with a `/`; relative ones start at the working directory) or a name that is looked up on the
  /// `PATH` of `environment`.
  public var executable: String
  /// What follows the program's own name.
  public var arguments: [String]
  /// The whole environment, nothing is added but the marker and a missing `SHLVL`. Of entries with one name the last wins.
  public var environment: [(String, String)]
  public var workingDirectory: AbsolutePath
  /// An environment entry, `NAME=value`, that everything the step starts inherits and nothing else has: it is how
  /// left-over processes are found, by its whole text or by a prefix. `StepCommand.markerName` names Ion's own.
  public var marker: String
  /// The signal that asks the step to end.
  public var stopSignal: Int32
  /// The most bytes that the environment may have, names, values and separators counted.
  public var environmentLimit = StepCommand.usualEnvironmentLimit

  /// What the program reads from its stdin.
  public var input = StepInput.nothing

  /// What of the output is hidden before it is written down; nil for nothing.
  public var secrets: SecretMask?

  /// The variable that Ion's markers are in: `ION_STEP_MARKER=<run>/<node>/<attempt>/<random>`.
  public static let markerName = "ION_STEP_MARKER"

  /// One MiB.
  public static let usualEnvironmentLimit = 1024 * 1024

  /// SIGTERM.
  public static let usualStopSignal: Int32 = SIGTERM

  /// SIGINT, for programs that say what they came to when they are interrupted.
  public static let interruptSignal: Int32 = SIGINT

  public init(
    _ executable: String, _ arguments: [String] = [], environment: [(String, String)], workingDirectory: AbsolutePath,
    marker: String, stopSignal: Int32 = StepCommand.usualStopSignal
  ) {
    self.executable = executable
    self.arguments = arguments
    self.environment = environment
    self.workingDirectory = workingDirectory
    self.marker = marker
    self.stopSignal = stopSignal
  }
}

/// How long a step may take. Durations are measured by the boot clock: they go on while the machine sleeps.
public struct StepLimits: Hashable, Sendable {
  /// The longest that the step may run; nil for no limit.
  public var timeout: Duration?
  /// The longest that it may run without printing anything; nil for no limit.
  public var idleTimeout: Duration?
  /// What a step that must end gets between the signal that asks it to and the one that makes it.
  public var grace: Duration

  /// The grace that a step has unless something else is said.
  public static let usualGrace = Duration.seconds(5)

  public init(timeout: Duration? = nil, idleTimeout: Duration? = nil, grace: Duration = StepLimits.usualGrace) {
    self.timeout = timeout
    self.idleTimeout = idleTimeout
    self.grace = grace
  }
}
