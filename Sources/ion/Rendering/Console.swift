internal import Glibc
internal import IonLock
internal import IonThread

/// The two streams that people and programs read.
enum Console {
  /// Whether stdout is a terminal that can be drawn on.
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 && name("TERM") != "dumb" }

  /// Whether a person can be asked something.
  static var canAsk: Bool { isTerminal && isatty(STDIN_FILENO) == 1 }

  /// Calls a body with each line that is typed from now on, and with nil at the end of all, on a thread of its own.
  static func readLines(_ body: @escaping @Sendable (String?) -> Void) throws(ThreadFailure) {
    tcflush(STDIN_FILENO, TCIFLUSH)
    try DetachedThread.start {
      while let line = readLine() { body(line) }
      body(nil)
    }
  }

  /// Whether text may be coloured: on a terminal, unless `NO_COLOR` says otherwise.
  static var isColoured: Bool { isTerminal && (name("NO_COLOR") ?? "").isEmpty }

  /// Columns and rows of the terminal; 80 × 24 where it doesn't say.
  static var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Writes text as it is.
  static func write(_ text: String, to descriptor: Int32 = STDOUT_FILENO) { write(Array(text.utf8), to: descriptor) }

  /// Why something could not be written to stdout, for people; nil where all was, or where nobody reads any more.
  static var failure: String? { firstFailure.withLock { $0 }.map { String(cString: strerror($0)) } }

  private static let firstFailure = Guarded<Int32?>(nil)

  /// Writes bytes as they are; what can't be written is lost.
  static func write(_ bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let number = errno
        // Who closes a pipe, or hangs up, has seen enough.
        if descriptor == STDOUT_FILENO, ![EPIPE, EIO].contains(number) {
          firstFailure.withLock { $0 = $0 ?? number }
        }
        return
      }
      rest = rest.dropFirst(count)
    }
  }

  static func line(_ text: String = "") { write(text + "\n") }

  static func lines(_ texts: [String]) { write(texts.map { $0 + "\n" }.joined()) }

  /// Something that people should know, on stderr.
  static func warn(_ text: String) { write("ion: \(text)\n", to: STDERR_FILENO) }

  private static func name(_ variable: String) -> String? { getenv(variable).map { String(cString: $0) } }
}

/// Text with terminal colours, or without.
struct Style {
  let isOn: Bool

  func green(_ text: String) -> String { wrap(text, "32") }
  func red(_ text: String) -> String { wrap(text, "31") }
  func yellow(_ text: String) -> String { wrap(text, "33") }
  func cyan(_ text: String) -> String { wrap(text, "36") }
  func dim(_ text: String) -> String { wrap(text, "2") }
  func bold(_ text: String) -> String { wrap(text, "1") }

  private func wrap(_ text: String, _ code: String) -> String { isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}
