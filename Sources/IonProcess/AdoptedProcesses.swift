internal import CIonProcess
internal import IonLock

/// What this process has adopted, as a subreaper, and what was started from its first thread.
///
/// A child that is reaped while the kernel lists them makes it skip others, so that one lock keeps the two apart.
enum AdoptedProcesses {
  private static let turn = Guarded(())

  /// All of them; nil where the kernel doesn't list them.
  static func all() -> [Int32]? {
    turn.withLock { _ in ProcessTable.childrenOfFirstThread() }
  }

  /// Reaps the process that a descriptor stands for, if it is a child and has ended.
  static func reap(_ process: borrowing Descriptor) {
    let number = process.number
    turn.withLock { _ in
      var ending = ion_ending()
      // Another's child, or one that was reaped already: there is nothing left to do.
      _ = ion_reap(number, &ending)
    }
  }
}
