public import IonWorkflow

/// A file or folder of a run, by its way below the run's artifact or log folder. It can't lead out of there by name.
public struct RunFile: Hashable, Sendable {
  /// Which of the run's folders.
  public enum Area: String, CaseIterable, Sendable { case artifacts, logs }

  public let area: Area
  /// From the folder down; empty for the folder itself.
  public let components: [String]

  /// The folder itself.
  public init(_ area: Area) {
    self.area = area
    components = []
  }

  /// Nil for a component that is empty, `.`, `..`, or has a slash or a NUL.
  public init?(_ area: Area, components: [String]) {
    let isName = { (name: String) in
      !name.isEmpty && name != "." && name != ".." && !name.utf8.contains(UInt8(ascii: "/")) && !name.utf8.contains(0)
    }
    guard components.allSatisfy(isName) else { return nil }
    self.area = area
    self.components = components
  }

  /// Reads a `/`-separated relative path; nil for one that is absolute or leads out of the folder.
  public init?(_ area: Area, _ path: String) {
    self.init(area, components: path.split(separator: "/", omittingEmptySubsequences: false).map(String.init))
  }

  /// Relative to the folder, `/`-separated; empty for the folder itself.
  public var path: String { components.joined(separator: "/") }
}

extension Codebase {
  /// Where a file of a run is, if it exists.
  public func path(of file: RunFile, in run: RunID) -> AbsolutePath {
    let paths = ProjectPaths(root: root, codebase: id, run: run)
    let folder =
      switch file.area {
      case .artifacts: paths.artifacts
      case .logs: paths.logs
      }
    return folder.appending(file.path)
  }
}
