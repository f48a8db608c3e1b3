internal import CIonProcess

/// The processes that descend from this one.
public enum ProcessHousehold {
  /// Makes this process the parent of whatever the steps' processes orphan, so that what they leave behind is found
  /// without looking at every process of the machine. To be called before the first step starts.
  ///
  /// From then on, what this process adopts is taken for a step's: reaped when it ends, and ended with the step. It
  /// follows that session leaders must be started by nothing else. A SIGCHLD that was ignored when this program started
  /// gets its default back; exit statuses would be lost otherwise.
  public static func becomeSubreaper() throws(ProcessFailure) {
    let failure = ion_become_subreaper()
    guard failure == 0 else { throw ProcessFailure("PR_SET_CHILD_SUBREAPER", SystemError(failure)) }
  }

  static var isSubreaper: Bool { ion_is_subreaper() != 0 }

  /// Ends what is left of steps after a crash of the one who ran them, and says who is still there after all (another
  /// user's processes, or ones stuck in the kernel), ascending.
  ///
  /// Left over are: the recorded processes that still are the same, their groups and sessions, and every process of this
  /// user that has one of the markers in its environment. A marker stands for everything that begins with it, so
  /// `ION_STEP_MARKER=<run>/` for all of a run. A session whose leader is gone proves nothing, as its number may have been
  /// used again: its processes are found by marker. This process and those above it are never touched.
  ///
  /// They are asked to end first, and get the grace to do so. Looks at every process of the machine (20 µs each).
  public static func stopLeftovers(
    facts: [ProcessIdentity], markers: [String], grace: Duration = StepLimits.usualGrace
  ) async -> [Int32] {
    let search = LeftoverSearch(facts: facts, markers: markers)
    return await withCheckedContinuation { continuation in
      let work: @Sendable () -> Void = { continuation.resume(returning: search.end(grace: grace)) }
      // Without a thread to spare, the caller's waits.
      do { try OwnThread.start(work) } catch { work() }
    }
  }
}
