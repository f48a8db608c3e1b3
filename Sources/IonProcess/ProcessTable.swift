internal import CIonProcess
internal import Glibc

/// One process as `/proc/<pid>/stat` shows it.
struct ProcessEntry: Hashable {
  var pid: Int32
  var parent: Int32
  var group: Int32
  var session: Int32
  var startTicks: UInt64
  /// Whether it has ended and waits to be reaped.
  var isZombie: Bool

  /// Reads the file's text; nil for anything else. The program's name, which may hold any byte, ends at the last `)`.
  init?(stat text: [UInt8]) {
    guard let pid = Int32(String(decoding: text.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)),
      let end = text.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = text[(end + 1)...].split(separator: UInt8(ascii: " "), maxSplits: 20)
    func number(_ index: Int) -> Int64? {
      fields.indices.contains(index) ? Int64(String(decoding: fields[index], as: UTF8.self)) : nil
    }
    guard let state = fields.first?.first, let parent = number(1), let group = number(2), let session = number(3),
      let threads = number(17), let ticks = number(19)
    else { return nil }
    self.pid = pid
    self.parent = Int32(truncatingIfNeeded: parent)
    self.group = Int32(truncatingIfNeeded: group)
    self.session = Int32(truncatingIfNeeded: session)
    startTicks = UInt64(bitPattern: ticks)
    // A process whose first thread ended while others go on shows the same letter.
    isZombie = (state == UInt8(ascii: "Z") || state == UInt8(ascii: "X")) && threads <= 1
  }
}

/// The system's processes, read from `/proc`.
enum ProcessTable {
  static let ownPID = getpid()
  static let ownSession = getsid(0)

  /// What names this boot of the machine; empty where the system doesn't say.
  static let bootID: String = {
    let text = contents("/proc/sys/kernel/random/boot_id") ?? []
    return String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }()

  /// The process that has a number now; nil where none has.
  static func entry(_ pid: Int32) -> ProcessEntry? {
    contents("/proc/\(pid)/stat").flatMap(ProcessEntry.init(stat:))
  }

  /// The number of every process, in no order.
  static func everyPID() -> [Int32] { numbers(in: "/proc") }

  /// Opens the list of what this process has adopted or started from its first thread; -1 where the kernel has none.
  static func openChildrenOfFirstThread() -> Int32 {
    open("/proc/self/task/\(ownPID)/children", O_RDONLY | O_CLOEXEC)
  }

  /// Whatever descends from a process now, in no order, itself left out.
  static func descendants(of ancestor: Int32) -> [Int32] {
    var found: [Int32] = []
    var next = [ancestor]
    while let pid = next.popLast() {
      let below = numbers(in: "/proc/\(pid)/task").flatMap { Self.children(of: pid, thread: $0) }
      found += below
      next += below
    }
    return found
  }

  /// Whether a process belongs to the user that this program acts for.
  static func isOurs(_ pid: Int32) -> Bool {
    var status = stat()
    return stat("/proc/\(pid)", &status) == 0 && status.st_uid == geteuid()
  }

  /// Whether an environment entry that a process was started with meets a condition; false where it may not be read.
  static func environment(of pid: Int32, contains condition: (ArraySlice<UInt8>) -> Bool) -> Bool {
    guard let text = contents("/proc/\(pid)/environ") else { return false }
    return text.split(separator: 0).contains(where: condition)
  }

  private static func children(of pid: Int32, thread: Int32) -> [Int32] {
    contents("/proc/\(pid)/task/\(thread)/children").map(numbers) ?? []
  }

  /// The numbers in a text that separates them by blanks.
  static func numbers(in text: [UInt8]) -> [Int32] {
    text.split(separator: UInt8(ascii: " ")).compactMap { Int32(String(decoding: $0, as: UTF8.self)) }
  }

  private static func numbers(in folder: String) -> [Int32] {
    guard let handle = opendir(folder) else { return [] }
    defer { closedir(handle) }
    var numbers: [Int32] = []
    while let entry = readdir(handle) {
      // In place: an entry is shorter than its type, so that a copy would read past the end of what `readdir` has filled.
      let number = withUnsafeBytes(of: &entry.pointee.d_name) {
        Int32(String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self))
      }
      if let number { numbers.append(number) }
    }
    return numbers
  }

  /// The whole of a small file; nil where it can't be read, as when its process is gone.
  private static func contents(_ path: String) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    return contents(file)
  }

  /// The whole of a small file that is open.
  static func contents(_ file: Int32) -> [UInt8] {
    var text: [UInt8] = []
    while true {
      let known = text.count
      // A file of this kind is given in pieces of a page.
      let block = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
        count = max(0, pread(file, buffer.baseAddress, buffer.count, known))
      }
      if block.isEmpty { return text }
      text = text.isEmpty ? block : text + block
    }
  }
}
