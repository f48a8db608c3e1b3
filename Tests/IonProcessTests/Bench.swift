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

  /// Every test process is a subreaper, as the program is.
  private static let isSubreaper: Bool = {
    do {
      try ProcessHousehold.becomeSubreaper()
      return true
    } catch {
      return false
    }
  }()

  init() throws {
    try #require(Self.isSubreaper)
    var template = Array("/tmp/ion-process-XXXXXX".utf8CString)
    let made = try #require(mkdtemp(&template))
    folder = try #require(AbsolutePath(String(cString: made)))
    marker = "ION_STEP_MARKER=\(folder.name)/node/1/0"
  }

  deinit { try? FileManager.default.removeItem(atPath: folder.text) }

  var files: OutputFiles { OutputFiles(folder.appending("log")) }
  var output: OutputReader { OutputReader(files) }

  /// A command with this program's environment and this bench's marker.
  func command(_ executable: String, _ arguments: [String]) -> StepCommand {
    StepCommand(
      executable, arguments, environment: ProcessEnvironment.current(), workingDirectory: folder, marker: marker)
  }

  func bash(_ script: String) -> StepCommand { command("bash", ["-c", script]) }

  func python(_ script: String) -> StepCommand { command("python3", ["-c", script]) }

  /// Runs a command to its end.
  func run(_ command: StepCommand, limits: StepLimits = StepLimits()) async throws -> StepResult {
    try await StepProcess.start(command, output: files, limits: limits).result()
  }

  /// All of a finished step's output.
  func text(_ view: OutputView) throws -> String {
    try output.read(view, from: 0, limit: 1 << 20, isComplete: true).text
  }
}
