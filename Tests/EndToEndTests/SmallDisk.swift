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

  struct Refusal: Error { var errorNumber: Int32 }

  init(megabytes: Int) throws {
    point = folder.path.appending("workspace").text
    try FileManager.default.createDirectory(atPath: point, withIntermediateDirectories: false)
    guard mount("tmpfs", point, "tmpfs", 0, "size=\(megabytes)m") == 0 else { throw Refusal(errorNumber: errno) }
  }

  deinit { umount2(point, Int32(MNT_DETACH)) }

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
    let flags = UInt(MS_REMOUNT) | (isReadOnly ? UInt(MS_RDONLY) : 0)
    guard mount("tmpfs", point, "tmpfs", flags, nil) == 0 else { throw Refusal(errorNumber: errno) }
  }
}
