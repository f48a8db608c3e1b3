import Foundation
import IonJSON
import IonWorkflow
import Testing

@testable import IonAgents

/// Files for somebody who must not get at others, while somebody else changes the folders.
@Suite final class WorkingFolderTests {
  private let root: AbsolutePath

  init() throws {
    let path = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
    root = try #require(AbsolutePath(path)).appending("ion-folder-\(UUID().uuidString)")
    for name in ["work/inside", "outside"] {
      try FileManager.default.createDirectory(atPath: root.appending(name).text, withIntermediateDirectories: true)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: root.text) }

  /// Puts now a folder and now a link that leads out in one place, until its thread is cancelled.
  private static func swap(_ place: String, _ outside: String) {
    mkdir(place, 0o700)
    symlink(outside, place + ".link")
    typealias Exchange = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    guard let symbol = dlsym(nil, "renameat2") else { return }
    let exchange = unsafeBitCast(symbol, to: Exchange.self)
    // RENAME_EXCHANGE: at each moment there is one of them.
    while !Thread.current.isCancelled { _ = exchange(AT_FDCWD, place, AT_FDCWD, place + ".link", 2) }
  }

  @Test func nobodyGetsOutByChangingFoldersMeanwhile() async throws {
    try "secret".write(toFile: root.appending("outside/file").text, atomically: true, encoding: .utf8)
    let folder = WorkingFolder(root.appending("work"))
    let (place, outside) = (root.appending("work/place").text, root.appending("outside").text)
    let swapping = Thread { Self.swap(place, outside) }
    swapping.start()
    defer { swapping.cancel() }
    for number in 0..<500 {
      let path = root.appending("work/place/file").text
      do throws(ACPError) {
        _ = try folder.write("\(number)", to: path)
      } catch {}
      do throws(ACPError) {
        #expect(try folder.read(path, line: nil, limit: nil) != "secret")
      } catch {}
      await Task.yield()
    }
    #expect(FileManager.default.contents(atPath: root.appending("outside/file").text) == Data("secret".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: root.appending("outside").text) == ["file"])
  }

  @Test func aFolderIsFoundByEitherOfItsNames() throws {
    let link = root.appending("link")
    try FileManager.default.createSymbolicLink(atPath: link.text, withDestinationPath: root.appending("work").text)
    let folder = WorkingFolder(link)
    #expect(try folder.write("1", to: link.appending("a").text) == .made)
    #expect(try folder.write("2", to: root.appending("work/a").text) == .changed)
    #expect(try folder.read(link.appending("a").text, line: 1, limit: nil) == "2")
  }

  @Test(
    arguments: [
      (nil, nil, "a\nb\r\nc"), (0, nil, "a\nb\r\nc"), (1, 1, "a\n"), (2, 1, "b\r\n"), (3, 5, "c"), (4, 1, ""),
      (1, 0, ""),
      (2, Int.max, "b\r\nc"), (Int.max, nil, ""),
    ] as [(Int?, Int?, String)])
  func linesAreCounted(_ line: Int?, _ limit: Int?, _ text: String) throws {
    let folder = WorkingFolder(root.appending("work"))
    let path = root.appending("work/lines").text
    _ = try folder.write("a\nb\r\nc", to: path)
    #expect(try folder.read(path, line: line, limit: limit) == text)
  }

  @Test func whatIsWriteProtectedStays() throws {
    let path = root.appending("work/a").text
    try "old".write(toFile: path, atomically: true, encoding: .utf8)
    chmod(path, 0o444)
    let folder = WorkingFolder(root.appending("work"))
    do throws(ACPError) {
      _ = try folder.write("new", to: path)
      Issue.record("it was written")
    } catch {
      #expect(error.message.contains("write-protected"))
    }
    #expect(try folder.read(path, line: nil, limit: nil) == "old")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: root.appending("work").text).sorted() == ["a", "inside"])
  }
}
