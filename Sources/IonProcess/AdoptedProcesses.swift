internal import CIonProcess
internal import IonLock

/// What this process has adopted, as a subreaper, and what was started from its first thread.
///
/// The kernel gives orphans to the first thread of their new parent, so that one small file lists them, however many
/// threads there are. The first thread must live as long as the process, as it does in an asynchronous `main`.
enum AdoptedProcesses {
  /// The file, open for good: 5 µs to read. -1 where the kernel has none. A child that is reaped while the kernel lists
  /// them makes it skip others, so that only whoever has the lock does either.
  private static let list = Guarded(ProcessTable.openChildrenOfFirstThread())

  /// All of them; nil where the kernel doesn't list them.
  static func all() -> [Int32]? {
    list.withLock { file in file < 0 ? nil : ProcessTable.numbers(in: ProcessTable.contents(file)) }
  }

  /// Reaps the process that a descriptor stands for, if it is a child and has ended.
  static func reap(_ process: borrowing Descriptor) {
    let number = process.number
    list.withLock { _ in
      var ending = ion_ending()
      // Another's child, or one that was reaped already: there is nothing left to do.
      _ = ion_reap(number, &ending)
    }
  }
}
