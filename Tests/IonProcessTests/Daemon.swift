/// Python that leaves a process behind which ignores all polite signals, prints its number and ends itself.
enum Daemon {
  /// - Parameters:
  ///   - sessions: how often it forks and changes its session before it settles; nobody but init or a subreaper is its
  ///     parent then.
  ///   - keepsEnvironment: whether its environment is still the step's.
  ///   - last: what the step does before it ends.
  static func script(sessions: Int, keepsEnvironment: Bool = true, then last: String = "pass") -> String {
    """
    import os, signal
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
      signal.signal(number, signal.SIG_IGN)
    ready, settled = os.pipe()
    if os.fork() == 0:
      for level in range(\(sessions)):
        os.setsid()
        if level + 1 < \(sessions) and os.fork() != 0:
          os._exit(0)
      os.write(settled, str(os.getpid()).encode())
      os.execve('/bin/sleep', ['sleep', '1000'], os.environ if \(keepsEnvironment ? "True" : "False") else {})
    os.close(settled)
    text = b''
    while part := os.read(ready, 64):
      text += part
    print(text.decode(), flush=True)
    \(last)
    """
  }
}
