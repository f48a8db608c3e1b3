import Foundation

/// The checkout that these tests were built from.
enum Checkout {
  private static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// What a text file says; nil where there is none.
  static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: root.appending(path: path).path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The paths of the files in a folder, from the root, sorted.
  static func files(below folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)) ?? []
    return names.sorted().map { "\(folder)/\($0)" }
  }
}
