internal import Glibc
public import IonWorkflow

/// Why a step's process could not be started. Nothing runs then.
public enum ProcessFailure: Error, Hashable, Sendable {
  /// There is no such program: a path that leads nowhere, or a name that is in none of the folders of `searched`.
  case missing(program: String, searched: [String])
  /// The file is there and can't be executed: no permission, a folder, or no known format (a script without `#!`).
  case notExecutable(path: String, errno: Int32)
  /// The file is a script whose first line names a program that isn't there, or needs a loader that isn't.
  case missingInterpreter(of: String)
  /// The folder that the step should start in isn't there, or can't be entered.
  case missingWorkingDirectory(AbsolutePath, errno: Int32)
  /// Arguments and environment are more than the system, or Ion's limit on environments, lets through. Bytes in all.
  case tooLarge(bytes: Int)
  /// An argument, a variable or the marker can't be passed on: it has a NUL, or a name is empty or has a `=`.
  case malformed(what: String)
  /// Descriptors, processes or memory ran out; another try may succeed.
  case exhausted(operation: String, errno: Int32)
  /// The system refused for another reason.
  case system(operation: String, errno: Int32)

  /// Whether another attempt may succeed without anything being changed.
  public var isTransient: Bool {
    switch self {
    case .exhausted: true
    case .missing, .notExecutable, .missingInterpreter, .missingWorkingDirectory, .tooLarge, .malformed, .system: false
    }
  }

  /// Sorts what a system call failed with.
  init(_ operation: String, _ error: SystemError) {
    self =
      error.isExhaustion
      ? .exhausted(operation: operation, errno: error.number) : .system(operation: operation, errno: error.number)
  }
}

extension ProcessFailure: CustomStringConvertible {
  /// What was wrong and what to do, in one line.
  public var description: String {
    switch self {
    case .missing(let program, let searched) where searched.isEmpty:
      "there is no program \(program)"
    case .missing(let program, let searched):
      "the program \(program) is not on the PATH of the step (\(searched.joined(separator: ":"))); "
        + "install it, or give its path"
    case .notExecutable(let path, let errno):
      "\(path) can't be executed: \(SystemError(errno))\(Self.advice(errno))"
    case .missingInterpreter(let path):
      "\(path) can't be executed: the interpreter that its first line names, or its loader, is not there"
    case .missingWorkingDirectory(let path, let errno):
      "the working directory \(path) can't be entered: \(SystemError(errno))"
    case .tooLarge(let bytes):
      "arguments and environment are too large (\(bytes) bytes); pass large values by file"
    case .malformed(let what):
      what
    case .exhausted(let operation, let errno):
      "there are too few resources to start a process (\(operation): \(SystemError(errno)))"
    case .system(let operation, let errno):
      "the process could not be started (\(operation): \(SystemError(errno)))"
    }
  }
  private static func advice(_ errno: Int32) -> String {
    switch errno {
    case EACCES: "; give it the permission (chmod +x)"
    case ENOEXEC: "; a script needs a first line that names its interpreter (#!)"
    default: ""
    }
  }
}
