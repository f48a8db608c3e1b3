public import IonWorkflow

/// Where a run keeps its files.
public struct ProjectPaths: Hashable, Sendable {
  /// What the run makes: `$ARTIFACTS_DIR`.
  public let artifacts: AbsolutePath
  /// What its steps print: `$LOG_DIR`.
  public let logs: AbsolutePath
  /// Kept between the runs of a codebase: `$STATE_DIR`.
  public let state: AbsolutePath
  /// The folder that all of them are in.
  public let base: AbsolutePath

  /// The folders of a run of a codebase: `.ion/codebases/<id>/…` below its root. Without a codebase `.ion/…` below the
  /// working path. The id was checked when it was made: it is one folder's name.
  public init(root: AbsolutePath, codebase: CodebaseID?, run: RunID) {
    base = Self.base(root: root, codebase: codebase)
    artifacts = base.appending("artifacts").appending(run.rawValue)
    logs = base.appending("logs").appending(run.rawValue)
    state = base.appending("state")
  }

  /// The folder of a codebase's store.
  public static func base(root: AbsolutePath, codebase: CodebaseID?) -> AbsolutePath {
    let folder = root.appending(".ion")
    return codebase.map { folder.appending("codebases").appending($0.rawValue) } ?? folder
  }

  /// The git worktrees of isolated runs, each in a folder of its run's name.
  public var worktrees: AbsolutePath { base.appending("worktrees") }

  /// What is kept of taking an isolated run's changes over.
  func changes(of run: RunID) -> AbsolutePath { base.appending("changes").appending(run.rawValue) }

  /// What git prints for Ion, until it is read.
  var gitScratch: AbsolutePath { base.appending("git") }

  /// Where one attempt of a node logs what it prints.
  public func log(of node: NodeID, attempt: Int) -> AbsolutePath {
    logs.appending(Self.logName(of: node, attempt: attempt))
  }

  /// The same, relative to the log folder. Instance names (`build[a,1]`, `review#3/test`) become one component.
  public static func logName(of node: NodeID, attempt: Int) -> String {
    if node.rawValue.utf8.allSatisfy(isPlain) { return "\(node.rawValue)/\(attempt)" }
    let component = node.rawValue.utf8.map { byte -> String in
      isPlain(byte) ? String(UnicodeScalar(byte)) : "%" + String(byte, radix: 16, uppercase: true)
    }
    return component.joined() + "/\(attempt)"
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 95
  }
}
