internal import Glibc
internal import IonDigest
internal import IonJSON
internal import IonLock
public import IonWorkflow

/// Who holds a working path, as the lock's file says.
public struct PathLockHolder: Hashable, Codable, Sendable {
  public var pid: Int32
  public var run: RunID
  public var workflow: String
  public var codebase: CodebaseID?
  /// The node whose gate the run waits at; nil while it goes on by itself.
  public var gate: NodeID?

  public init(pid: Int32, run: RunID, workflow: String, codebase: CodebaseID?) {
    self.pid = pid
    self.run = run
    self.workflow = workflow
    self.codebase = codebase
  }
}

/// A kernel lock on a working path, so that two runs don't change one checkout, whichever store or process they are in.
///
/// The lock is `flock` on a file that is named by the real path's hash. It dies with its process: there is nothing to
/// unlock by hand. What the file says about the holder is for people only, and only while somebody holds it.
public final class PathLock: Sendable {
  /// Nil once the path is free.
  private let descriptor: Guarded<Int32?>
  private let holder: PathLockHolder
  private let file: AbsolutePath
  /// Who waits for it in this process; nil where nobody can.
  private let queue: PathQueue?

  /// A lock that is held, by this holder from now on.
  init(descriptor: Int32, _ holder: PathLockHolder, file: AbsolutePath, queue: PathQueue?) {
    self.descriptor = Guarded(descriptor)
    self.holder = holder
    self.file = file
    self.queue = queue
    Self.write(holder, to: descriptor)
  }

  deinit { release() }

  /// Takes the lock of a path, or fails at once with `.pathLocked`, naming the holder.
  public static func take(
    _ path: AbsolutePath, for holder: PathLockHolder, in folder: AbsolutePath
  ) throws(EngineFailure) -> PathLock {
    try take(path, for: holder, in: folder, queue: nil)
  }

  /// The file that stands for a path.
  static func file(of path: AbsolutePath, in folder: AbsolutePath) -> AbsolutePath {
    folder.appending(SHA256.hex(of: (FileAccess.realPath(path) ?? path).text) + ".lock")
  }

  /// Who holds a path, or held it last; nil where nobody ever did.
  static func holder(of path: AbsolutePath, in folder: AbsolutePath) -> PathLockHolder? {
    currentHolder(file(of: path, in: folder))
  }

  /// The same; what is given back goes to the first who waits in `queue`.
  static func take(
    _ path: AbsolutePath, for holder: PathLockHolder, in folder: AbsolutePath, queue: PathQueue?
  ) throws(EngineFailure) -> PathLock {
    try FileAccess.makeFolder(folder)
    let real = FileAccess.realPath(path) ?? path
    let file = file(of: path, in: folder)
    let descriptor = open(file.text, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .unusable("Ion can't open the lock of \(real) at \(file): \(String(cString: strerror(errno))).")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let other = currentHolder(file) ?? PathLockHolder(pid: 0, run: "unknown", workflow: "unknown", codebase: nil)
      close(descriptor)
      throw .pathLocked(other, path: real, run: nil)
    }
    return PathLock(descriptor: descriptor, holder, file: file, queue: queue)
  }

  /// Says to whoever finds the path taken that the run waits at a node's gate, or nil that it does no more.
  public func note(gate: NodeID?) {
    var holder = holder
    holder.gate = gate
    descriptor.withLock { descriptor in
      if let descriptor { Self.write(holder, to: descriptor) }
    }
  }

  private static func write(_ holder: PathLockHolder, to descriptor: Int32) {
    let json: JSONValue = [
      "pid": .integer(Int64(holder.pid)), "run": .string(holder.run.rawValue), "workflow": .string(holder.workflow),
      "codebase": holder.codebase.map { .string($0.rawValue) } ?? .null,
      "gate": holder.gate.map { .string($0.rawValue) } ?? .null,
    ]
    ftruncate(descriptor, 0)
    _ = json.serialized().withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  /// Gives the path free, or to who waits for it; again, it does nothing.
  public func release() {
    let held = descriptor.withLock { descriptor in
      defer { descriptor = nil }
      return descriptor
    }
    guard let held, queue?.handOver(held, of: file) != true else { return }
    // Closing alone isn't enough: a child that is being started has the file open, too, until it executes its program.
    flock(held, LOCK_UN)
    close(held)
  }

  private static func currentHolder(_ file: AbsolutePath) -> PathLockHolder? {
    FileAccess.bytes(file, limit: 4096).flatMap { FileAccess.decode(PathLockHolder.self, from: $0) }
  }
}
