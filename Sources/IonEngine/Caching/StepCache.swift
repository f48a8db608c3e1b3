internal import Glibc
internal import IonDigest
internal import IonJSON
internal import IonScheduler
internal import IonWorkflow

/// Where the successes of nodes with `cache` are found again: by their fingerprints, and the last one of each node.
///
/// Each entry is a small file that names an attempt; what that attempt gave is in its run's own folders, and gone with
/// them. Losing an entry costs a step that runs again, nothing else, so entries are no part of the log.
struct StepCache {
  private let root: AbsolutePath
  private let codebase: CodebaseID?

  init(root: AbsolutePath, codebase: CodebaseID?) {
    self.root = root
    self.codebase = codebase
  }

  /// The attempt that an entry names and what it left, where all of that is still there.
  func success(_ digest: String) -> (origin: StepOrigin, record: CacheRecord)? {
    guard let found = entry(named: digest), found.record.digest == digest, found.record.output != nil else {
      return nil
    }
    return found
  }

  /// The last success of a node of a workflow.
  func lastSuccess(of node: NodeID, in workflow: String) -> (origin: StepOrigin, record: CacheRecord)? {
    entry(named: Self.name(of: node, in: workflow))
  }

  /// What was kept of one attempt; nil where nothing was.
  func record(of attempt: StepOrigin) -> CacheRecord? {
    let file = folder(of: attempt).appending(CacheRecord.fileName)
    return FileAccess.bytes(file, limit: .max).flatMap { FileAccess.decode(CacheRecord.self, from: $0) }
  }

  /// Keeps what an attempt did, and lets it be found where it has succeeded and nothing is in the way.
  func keep(_ record: CacheRecord, of attempt: StepOrigin) throws {
    let folder = folder(of: attempt)
    try FileAccess.makeFolder(folder)
    try FileAccess.write(
      try JSONValue(encoding: record).serialized(), to: folder.appending(CacheRecord.fileName))
    guard record.output != nil, record.decision.obstacle == nil else { return }
    let entry = try JSONValue(encoding: attempt).serialized()
    try FileAccess.makeFolder(entries)
    for name in Self.names(record) { try FileAccess.write(entry, to: entries.appending(name)) }
  }

  /// Takes out what names attempts of a run that is about to be deleted.
  func forget(_ run: RunID) {
    let logs = paths(of: run).logs
    for node in FileAccess.names(in: logs) {
      for attempt in FileAccess.names(in: logs.appending(node)) {
        let file = logs.appending(node).appending(attempt).appending(CacheRecord.fileName)
        guard let bytes = FileAccess.bytes(file, limit: .max),
          let record = FileAccess.decode(CacheRecord.self, from: bytes)
        else { continue }
        for name in Self.names(record) where origin(named: name)?.run == run {
          FileAccess.remove(entries.appending(name))
        }
      }
    }
  }

  /// Gives an attempt what an earlier one left: its output, what it said, and its artifacts.
  /// - Returns: The output; nil, and nothing is given, where something of it is gone or is not what it was.
  func takeOver(
    _ record: CacheRecord, from origin: StepOrigin, by attempt: StepOrigin
  ) throws(EngineFailure) -> NodeOutput? {
    let old = folder(of: origin)
    let new = folder(of: attempt)
    guard let output = record.output, isWhole(record, output, in: old, paths(of: origin.run).artifacts) else {
      return nil
    }
    do throws(EngineFailure) {
      for name in Self.streams where FileAccess.exists(old.appending(name)) {
        try ArtifactImport.copy(old.appending(name), to: new.appending(name))
      }
      for artifact in record.artifacts {
        try ArtifactImport.copy(
          paths(of: origin.run).artifacts.appending(artifact.name),
          to: paths(of: attempt.run).artifacts.appending(artifact.name))
      }
      return try Self.output(output, of: attempt, in: new)
    } catch {
      for name in Self.streams { FileAccess.remove(new.appending(name)) }
      throw error
    }
  }

  /// How many bytes an attempt printed, both streams together.
  func printed(by attempt: StepOrigin) -> Int {
    ["stdout", "stderr"].reduce(0) { sum, name in
      sum + (FileAccess.status(folder(of: attempt).appending(name)).map { Int($0.st_size) } ?? 0)
    }
  }

  private static let streams = ["stdout", "stderr", "arrival"]

  /// Whether everything that an attempt left is there as it was. What it printed is kept whole, and its output is that
  /// without the last line ends.
  private func isWhole(
    _ record: CacheRecord, _ output: CacheRecord.Output, in folder: AbsolutePath, _ artifacts: AbsolutePath
  ) -> Bool {
    let stdout = folder.appending("stdout")
    guard output.length == 0 || ArtifactCollector.digest(stdout, first: output.length) == output.sha256 else {
      return false
    }
    return record.artifacts.allSatisfy { artifact in
      let file = artifacts.appending(artifact.name)
      return file.isWithin(artifacts) && ArtifactCollector.digest(file) == artifact.sha256
    }
  }

  private static func output(
    _ output: CacheRecord.Output, of attempt: StepOrigin, in folder: AbsolutePath
  ) throws(EngineFailure) -> NodeOutput {
    guard output.isInline else {
      let file = ProjectPaths.logName(of: attempt.node, attempt: attempt.attempt) + "/stdout"
      return NodeOutput(text: nil, file: file, length: output.length, sha256: output.sha256)
    }
    let bytes = output.length == 0 ? [] : try FileAccess.read(folder.appending("stdout"), limit: output.length) ?? []
    return NodeOutput(
      text: String(decoding: bytes, as: UTF8.self), file: nil, length: output.length, sha256: output.sha256)
  }

  private var entries: AbsolutePath { ProjectPaths.base(root: root, codebase: codebase).appending("cache") }

  private func paths(of run: RunID) -> ProjectPaths { ProjectPaths(root: root, codebase: codebase, run: run) }

  private func folder(of attempt: StepOrigin) -> AbsolutePath {
    paths(of: attempt.run).log(of: attempt.node, attempt: attempt.attempt)
  }

  private static func names(_ record: CacheRecord) -> [String] {
    [record.digest, name(of: record.fingerprint.node, in: record.fingerprint.workflow)]
  }

  private static func name(of node: NodeID, in workflow: String) -> String {
    "last-" + SHA256.hex(of: "\(workflow)\n\(node)")
  }

  private func origin(named name: String) -> StepOrigin? {
    FileAccess.bytes(entries.appending(name), limit: 4096).flatMap { FileAccess.decode(StepOrigin.self, from: $0) }
  }

  private func entry(named name: String) -> (origin: StepOrigin, record: CacheRecord)? {
    guard let origin = origin(named: name), let record = record(of: origin) else { return nil }
    return (origin, record)
  }
}
