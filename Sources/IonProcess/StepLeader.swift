internal import CIonProcess
internal import Glibc

/// The process that a step begins with: leader of its session and group, and this thread's child.
struct StepLeader: ~Copyable {
  /// What `LivingSteps` knows the step by.
  let step: Int
  let identity: ProcessIdentity
  /// Becomes readable when the process ends.
  let handle: Descriptor

  /// Starts a program with two pipes' ends as its stdout and stderr; they are closed here then. Where it can't be watched,
  /// it is ended again at once. `stdin` is what it reads, -1 for nothing.
  static func start(
    _ launch: Launch, stdin: Int32, stdout: consuming Descriptor, stderr: consuming Descriptor
  ) throws(ProcessFailure) -> StepLeader {
    let step = LivingSteps.begin()
    let pid: Int32
    do {
      pid = try launch.spawn(stdin: stdin, stdout: stdout.number, stderr: stderr.number)
    } catch {
      LivingSteps.end(step)
      throw error
    }
    // What is closed now leaves room for what is opened next.
    drop(stdout)
    drop(stderr)
    do throws(SystemError) {
      let handle = try Descriptor.process(pid)
      guard let identity = ProcessIdentity(of: pid) else { throw SystemError(EMFILE) }
      LivingSteps.identify(step, leader: pid, startTicks: identity.startTicks)
      return StepLeader(step: step, identity: identity, handle: handle)
    } catch {
      kill(-pid, SIGKILL)
      waitpid(pid, nil, 0)
      LivingSteps.end(step)
      throw ProcessFailure("pidfd_open", error)
    }
  }

  private static func drop(_ descriptor: consuming Descriptor) {}

  /// Takes the exit status; nil where somebody else has.
  func reap() -> ExitStatus? {
    var ending = ion_ending()
    guard ion_reap(handle.number, &ending) == 0, ending.ended != 0 else { return nil }
    return ending.signalled != 0 ? .signalled(ending.value) : .exited(ending.value)
  }
}
