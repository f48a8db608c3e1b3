import Foundation
import IonTestSupport
import IonWorkflow

/// A file system of a few megabytes in memory, mounted where a workspace will be.
final class SmallDisk: Sendable {
  /// Has the mount point `workspace`.
  let folder = TemporaryFolder("ion-e2e")
  private let point: String

  /// Whether this process may mount, which takes more than being root in some containers.
  static let isPossible = geteuid() == 0 && (try? SmallDisk(megabytes: 1)) != nil

  struct Refusal: Error { var command: [String] }

  init(megabytes: Int) throws {
    point = folder.path.appending("workspace").text
    try FileManager.default.createDirectory(atPath: point, withIntermediateDirectories: false)
    try Self.run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", point)
  }

  deinit { try? Self.run("umount", "-l", point) }

  /// Fills it to the last block.
  func fill() throws {
    let file = point + "/fill"
    _ = FileManager.default.createFile(atPath: file, contents: nil)
    let handle = try FileHandle(forWritingTo: URL(filePath: file))
    for size in [65536, 4096, 1] {
      let block = Data(repeating: 0, count: size)
      while (try? handle.write(contentsOf: block)) != nil {}
    }
  }

  /// Makes room again.
  func free() throws { try FileManager.default.removeItem(atPath: point + "/fill") }

  func makeReadOnly(_ isReadOnly: Bool) throws {
    try Self.run("mount", "-o", isReadOnly ? "remount,ro" : "remount,rw", point)
  }

  private static func run(_ command: String...) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Refusal(command: command) }
  }
}
