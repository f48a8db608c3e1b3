internal import Glibc
internal import IonLock
internal import IonProcess
internal import IonWorkflow
internal import Logging

/// Ion's own log: a file below the user's state folder, rotated by size.
enum LogFiles {
  /// How large a file gets before it is rotated, and how many older ones are kept.
  static let limit = 5 * 1024 * 1024
  static let kept = 3

  static func folder() -> AbsolutePath {
    UserFolders.state(Dictionary(ProcessEnvironment.current()) { _, last in last })
  }

  /// A logger of `ION_LOG_LEVEL` (`trace` … `critical`; `info` where nothing is said).
  static func logger() -> Logger {
    let file = RotatingFile(folder().appending("ion.log"))
    var logger = Logger(label: "ion") { _ in FileLogHandler(file: file) }
    let wanted = getenv("ION_LOG_LEVEL").map { String(cString: $0) }
    logger.logLevel = wanted.flatMap(Logger.Level.init(rawValue:)) ?? .info
    return logger
  }
}

/// A file that lines are added to, made when the first one comes.
final class RotatingFile: Sendable {
  private struct State {
    var descriptor: Int32 = -1
    var size = 0
  }

  private let path: AbsolutePath
  private let state = Guarded(State())

  init(_ path: AbsolutePath) { self.path = path }

  /// Adds a line. What can't be written is lost: a log is no reason to stop.
  func add(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    state.withLock { state in
      if state.descriptor < 0 { open(&state) }
      if state.size > LogFiles.limit { rotate(&state) }
      guard state.descriptor >= 0 else { return }
      let count = bytes.withUnsafeBytes { Glibc.write(state.descriptor, $0.baseAddress, $0.count) }
      state.size += max(0, count)
    }
  }

  private func open(_ state: inout State) {
    mkdirs(path.parent)
    state.descriptor = Glibc.open(path.text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard state.descriptor >= 0 else { return }
    state.size = Int(lseek(state.descriptor, 0, SEEK_END))
  }

  private func rotate(_ state: inout State) {
    close(state.descriptor)
    for number in stride(from: LogFiles.kept, to: 0, by: -1) {
      let source = number == 1 ? path.text : "\(path.text).\(number - 1)"
      rename(source, "\(path.text).\(number)")
    }
    open(&state)
  }

  private func mkdirs(_ folder: AbsolutePath) {
    if mkdir(folder.text, 0o700) != 0 && errno == ENOENT && folder.parent != folder {
      mkdirs(folder.parent)
      mkdir(folder.text, 0o700)
    }
  }
}

/// Writes one line per entry: time, level, message, metadata.
struct FileLogHandler: LogHandler {
  let file: RotatingFile
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    let facts = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    let text = event.message.description.split(separator: "\n", omittingEmptySubsequences: false).joined(
      separator: "\\n")
    file.add("\(Self.time()) \(getpid()) \(event.level) \(text)\(facts)")
  }

  private static func time() -> String {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var parts = tm()
    gmtime_r(&now.tv_sec, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%S", &parts)
    let milliseconds = String(1000 + now.tv_nsec / 1_000_000).dropFirst()
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) + ".\(milliseconds)Z"
  }
}
