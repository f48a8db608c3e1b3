internal import Glibc
internal import IonProcess

/// What the program does to its process before anything else.
enum ProcessSetUp {
  /// A write to a closed pipe is an error, not the end; as many descriptors as the system allows; what steps leave behind
  /// comes to this process, so that it can be ended.
  static func prepare() {
    signal(SIGPIPE, SIG_IGN)
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      limit.rlim_cur = limit.rlim_max
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
    do throws(ProcessFailure) {
      try ProcessHousehold.becomeSubreaper()
    } catch {
      Console.warn("what steps leave behind can't be adopted: \(error)")
    }
  }

  /// Keeps the real stdin and stdout for protocol frames and points the usual ones elsewhere: one stray line on stdout
  /// would wedge a client for ever.
  ///
  /// - Returns: The descriptors to read frames from and to write them to.
  static func takeStandardStreams() -> (input: Int32, output: Int32)? {
    let input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10)
    let output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10)
    guard input >= 0, output >= 0 else { return nil }
    let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
    if nowhere >= 0 { dup2(nowhere, STDIN_FILENO) }
    dup2(STDERR_FILENO, STDOUT_FILENO)
    return (input, output)
  }
}
