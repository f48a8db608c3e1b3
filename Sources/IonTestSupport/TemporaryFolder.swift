internal import Foundation
public import IonWorkflow

/// A folder of a test's own, removed with everything in it when the value goes.
public final class TemporaryFolder: Sendable {
  public let path: AbsolutePath

  public init(_ name: String = "ion") {
    let base = FileManager.default.temporaryDirectory.path
    let unique = "\(base)/\(name)-\(UUID().uuidString.prefix(8).lowercased())"
    guard (try? FileManager.default.createDirectory(atPath: unique, withIntermediateDirectories: true)) != nil,
      let path = AbsolutePath(URL(filePath: unique).resolvingSymlinksInPath().path)
    else { preconditionFailure("no temporary folder can be made at \(unique)") }
    self.path = path
  }

  deinit { try? FileManager.default.removeItem(atPath: path.text) }

  /// Writes a text file, with the folders above it; returns its path.
  @discardableResult
  public func write(_ text: String, to relative: String) -> AbsolutePath {
    let file = path.appending(relative)
    try? FileManager.default.createDirectory(atPath: file.parent.text, withIntermediateDirectories: true)
    guard (try? text.write(toFile: file.text, atomically: true, encoding: .utf8)) != nil else {
      preconditionFailure("\(file) can't be written")
    }
    return file
  }

  /// What a text file says; nil where there is none.
  public func read(_ relative: String) -> String? {
    try? String(contentsOfFile: path.appending(relative).text, encoding: .utf8)
  }

  /// Whether there is a file or a folder, symbolic links followed.
  public func exists(_ relative: String) -> Bool {
    FileManager.default.fileExists(atPath: path.appending(relative).text)
  }

  /// The names of what stands in a folder, sorted; empty where there is none.
  public func names(in relative: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path.appending(relative).text)) ?? []).sorted()
  }

  /// Moves what stands at a relative path.
  public func move(_ relative: String, to other: String) throws {
    try FileManager.default.moveItem(atPath: path.appending(relative).text, toPath: path.appending(other).text)
  }

  /// Copies what stands at a relative path, with everything in it.
  public func copy(_ relative: String, to other: String) throws {
    try FileManager.default.copyItem(atPath: path.appending(relative).text, toPath: path.appending(other).text)
  }

  /// Puts a file where a folder was.
  public func replaceFolder(_ relative: String, withFile text: String) throws {
    try FileManager.default.removeItem(atPath: path.appending(relative).text)
    write(text, to: relative)
  }
}
