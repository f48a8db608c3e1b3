import Foundation
import IonTestSupport
import IonWorkflow

/// A terminal of its own with `ion` in its foreground, as people use it: what is typed reaches Ion by the line
/// discipline, so that Ctrl-C is a signal. `script` has the other end of it.
final class Terminal {
  private let keyboard: FileHandle
  /// What is shown, piece by piece, until nothing more can be.
  private let shown: AsyncStream<String>
  /// What was shown and not yet looked at.
  private var unseen = ""
  private let ended: AsyncStream<Int32>

  init(_ ion: BuiltIon, _ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/script")
    let command = (["exec", "'\(BuiltIon.program.path)'"] + arguments).joined(separator: " ")
    process.arguments = ["--quiet", "--return", "--command", command, "/dev/null"]
    process.environment = ion.environment.merging(["TERM": "xterm"]) { $1 }
    process.currentDirectoryURL = URL(filePath: ion.workspace.text)
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    let (ended, sink) = AsyncStream<Int32>.makeStream()
    process.terminationHandler = { sink.yield($0.terminationStatus) }
    try process.run()
    let (shown, screen) = AsyncStream<String>.makeStream()
    output.fileHandleForReading.readabilityHandler = { output in
      let bytes = output.availableData
      if bytes.isEmpty {
        output.readabilityHandler = nil
        screen.finish()
      } else {
        screen.yield(String(decoding: bytes, as: UTF8.self))
      }
    }
    keyboard = input.fileHandleForWriting
    self.shown = shown
    self.ended = ended
  }

  func type(_ text: String) throws { try keyboard.write(contentsOf: Data(text.utf8)) }

  /// Waits until a text is shown behind the last one that was waited for; false where it never is.
  func shows(_ text: String) async -> Bool {
    while true {
      if let found = unseen.firstRange(of: text) {
        unseen = String(unseen[found.upperBound...])
        return true
      }
      guard let piece = await shown.first(where: { _ in true }) else { return false }
      unseen += piece
    }
  }

  /// The exit code, once the program has ended.
  func exitCode() async -> Int32? { await ended.first { _ in true } }
}
