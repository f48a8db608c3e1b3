import Foundation
import IonTestSupport
import IonWorkflow

/// A named pipe that steps and a test meet at. The test has both ends open: nobody waits for a reader, and what is said
/// before somebody listens is kept.
final class Rendezvous: Sendable {
  let path: AbsolutePath
  private let descriptor: Int32

  /// Makes `name` in the test's folder, outside of the workspace.
  init(_ ion: BuiltIon, _ name: String) {
    path = ion.folder.path.appending(name)
    precondition(mkfifo(path.text, 0o600) == 0, "\(path) can't be made")
    descriptor = open(path.text, O_RDWR | O_CLOEXEC)
    precondition(descriptor >= 0, "\(path) can't be opened")
  }

  deinit { close(descriptor) }

  /// The next line that a step says.
  func line() async -> String {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [self] in
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) == 1, byte != UInt8(ascii: "\n") { bytes.append(byte) }
        continuation.resume(returning: String(decoding: bytes, as: UTF8.self))
      }
    }
  }

  /// Says a line to a step that reads, now or later.
  func say(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    precondition(write(descriptor, bytes, bytes.count) == bytes.count)
  }
}
