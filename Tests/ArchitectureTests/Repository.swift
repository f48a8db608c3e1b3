import Foundation

/// The checkout that these tests were built from.
enum Repository {
  static let root: String = {
    let file = URL(filePath: #filePath).resolvingSymlinksInPath()
    return file.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path()
      .trimmingSuffix("/")
  }()

  /// Folders that hold what builds, tools and Ion itself leave behind.
  private static let leftovers: Set<String> = [".git", "node_modules", "__pycache__"]

  /// Every text file of the checkout except left-overs, by path.
  static let files = paths(below: "").sorted().compactMap(read)

  /// The files below a folder; symbolic links are not followed.
  private static func paths(below folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/" + folder)) ?? []
    return names.flatMap { name -> [String] in
      let path = folder + name
      if leftovers.contains(name) || name.hasPrefix(".build") || isRunData(path) { return [] }
      let type = try? FileManager.default.attributesOfItem(atPath: root + "/" + path)[.type] as? FileAttributeType
      return type == .typeDirectory ? paths(below: path + "/") : type == .typeRegular ? [path] : []
    }
  }

  static let sources = files.filter { $0.path.hasPrefix("Sources/") && $0.path.hasSuffix(".swift") }
  static let tests = files.filter { $0.path.hasPrefix("Tests/") && $0.path.hasSuffix(".swift") }

  /// What is written by hand in any programming language, except the tests.
  static let programs = files.filter { file in
    let endings = [".swift", ".c", ".h", ".py", ".lua", ".el", ".js", ".mjs", ".sh"]
    return !file.path.hasPrefix("Tests/") && endings.contains { file.path.hasSuffix($0) }
  }

  static let pages = files.filter { $0.path.hasSuffix(".md") }

  /// The folders in Sources.
  static let targets: Set<String> = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root + "/Sources")) ?? []
    return Set(names.filter { !$0.hasPrefix(".") })
  }()

  static func file(_ path: String) -> SourceFile? { files.first { $0.path == path } }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + "/" + path) }

  /// Whether a path is what runs keep in the workspace, which `.ion/.gitignore` leaves out of commits.
  private static func isRunData(_ path: String) -> Bool {
    guard path.hasPrefix(".ion/") else { return false }
    let kept = ["workflows", "commands", "scripts", "config.yaml", ".gitignore"]
    return !kept.contains { path == ".ion/\($0)" || path.hasPrefix(".ion/\($0)/") }
  }

  private static func read(_ path: String) -> SourceFile? {
    guard let data = FileManager.default.contents(atPath: root + "/" + path), !data.prefix(8_000).contains(0) else {
      return nil
    }
    return String(data: data, encoding: .utf8).map { SourceFile(path: path, text: $0) }
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
