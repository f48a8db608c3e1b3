import Foundation
import Glibc
import IonProcess
import IonWorkflow
import Testing

/// A folder of its own for a test, and steps that run in it.
final class Bench: Sendable {
  let folder: AbsolutePath
  /// The marker of this bench's steps; nothing else has it.
  let marker: String

  /// Every process that tests is a subreaper, as the program is. An ignored SIGPIPE must not reach steps.
  private static let isPrepared: Bool = {
    signal(SIGPIPE, SIG_IGN)
    do {
      try ProcessHousehold.becomeSubreaper()
      return true
    } catch {
      return false
    }
  }()

  /// Only a process of its own may be no subreaper: the first bench decides.
  init(isSubreaper: Bool = true) throws {
    if isSubreaper { try #require(Self.isPrepared) }
    var template = Array("/tmp/ion-process-XXXXXX".utf8CString)
    let made = try #require(mkdtemp(&template))
    folder = try #require(AbsolutePath(String(cString: made)))
    marker = "ION_STEP_MARKER=\(folder.name)/node/1/0"
  }

  deinit { try? FileManager.default.removeItem(atPath: folder.text) }

  var files: OutputFiles { OutputFiles(folder.appending("log")) }
  var output: OutputReader { OutputReader(files) }

  /// A command with this program's environment and this bench's marker.
  func command(_ executable: String, _ arguments: [String] = []) -> StepCommand {
    StepCommand(
      executable, arguments, environment: ProcessEnvironment.current(), workingDirectory: folder, marker: marker)
  }

  func bash(_ script: String) -> StepCommand { command("bash", ["-c", script]) }

  func python(_ script: String) -> StepCommand { command("python3", ["-c", script]) }

  /// Runs a command to its end.
  func run(_ command: StepCommand, limits: StepLimits = StepLimits()) async throws -> StepResult {
    let files = files
    return try await withCheckedContinuation { continuation in
      StepProcess.launch(command, output: files, limits: limits) { _ in
      } onEnd: {
        continuation.resume(returning: $0)
      }
    }.get()
  }

  /// Starts a command, so that its output can be waited for.
  func start(_ command: StepCommand, limits: StepLimits = StepLimits()) async throws -> LiveStep {
    let (chunks, continuation) = AsyncStream.makeStream(of: OutputChunk.self)
    let process = try await StepProcess.start(command, output: files, limits: limits) { continuation.yield($0) }
    Task {
      _ = await process.result()
      continuation.finish()
    }
    return LiveStep(process: process, chunks: chunks, output: output)
  }

  /// All of a finished step's output.
  func text(_ view: OutputView) throws -> String {
    try output.read(view, from: 0, limit: 1 << 20, isComplete: true).text
  }

  /// The numbers that a finished step printed.
  func pids() throws -> [Int32] {
    try text(.stdout).split(whereSeparator: \.isWhitespace).map { try #require(Int32($0)) }
  }

  /// Writes a file in the folder. Children of others that inherited it open for writing would keep it from being executed.
  func write(_ text: String, to name: String, mode: mode_t = 0o644) throws {
    let file = open(folder.appending(name).text, O_WRONLY | O_CREAT | O_CLOEXEC, mode)
    try #require(file >= 0)
    defer { close(file) }
    let bytes = Array(text.utf8)
    try #require(Glibc.write(file, bytes, bytes.count) == bytes.count)
  }

  func overwrite(_ path: AbsolutePath, with bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(filePath: path.text))
  }

  /// Makes a pipe with a name in the folder, which a script can read a line from.
  func gate(_ name: String) throws -> Gate { try Gate(folder.appending(name)) }
}

/// A step that runs, and what it has printed so far.
struct LiveStep {
  let process: StepProcess
  let chunks: AsyncStream<OutputChunk>
  let output: OutputReader

  /// Waits until a view has a text; fails when the step ends without.
  func waitForText(_ text: String, in view: OutputView = .stdout) async throws {
    if try hasText(text, view) { return }
    for await _ in chunks where try hasText(text, view) { return }
    try #require(try hasText(text, view), "the step ended and didn't print \(text)")
  }

  private func hasText(_ text: String, _ view: OutputView) throws -> Bool {
    try output.read(view, from: 0, limit: 1 << 20, isComplete: false).text.contains(text)
  }
}

/// Lets a script go on that reads a line from a named pipe.
final class Gate: Sendable {
  private let descriptor: Int32

  init(_ path: AbsolutePath) throws {
    try #require(mkfifo(path.text, 0o600) == 0)
    descriptor = Glibc.open(path.text, O_RDWR | O_CLOEXEC)
    try #require(descriptor >= 0)
  }

  deinit { close(descriptor) }

  func open() { Glibc.write(descriptor, "\n", 1) }
}

/// Whether no process has a number, not even as a zombie.
func isGone(_ pid: Int32) -> Bool { kill(pid, 0) != 0 && errno == ESRCH }

/// Whether as many descriptors, or more, are open after something as it did rounds. The tests' own machinery opens and closes
/// some meanwhile, so that a few more or less mean nothing.
func leaksDescriptors(rounds: Int, _ body: () async throws -> Void) async throws -> Bool {
  let before = try openDescriptors()
  try await body()
  return try openDescriptors() >= before + rounds
}

/// How many descriptors this process has open.
func openDescriptors() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }

/// Whether a switch in the environment asks for tests that take long or need more than a plain machine.
func isAsked(_ name: String) -> Bool { getenv(name) != nil }
