internal import Glibc
internal import IonStore
public import IonWorkflow

/// Some bytes of a file of a run.
public struct RunFileContent: Hashable, Sendable {
  public var bytes: [UInt8]
  /// Where they start.
  public var offset: Int
  /// The whole file's size, in bytes.
  public var size: Int

  public init(bytes: [UInt8], offset: Int, size: Int) {
    self.bytes = bytes
    self.offset = offset
    self.size = size
  }
}

extension Workspace {
  /// Reads a file of a run. No link is followed on the way, and nothing but a regular file is read, so that neither a
  /// path nor a swapped link leads out of the run's folder, and no pipe or device holds the reader up.
  ///
  /// - Throws: `.artifactNotFound` where there is no such file; `.outsideWorkspace` where a link is in the way.
  public nonisolated func read(
    _ file: RunFile, of run: RunID, offset: Int, length: Int
  ) throws(EngineFailure) -> RunFileContent {
    let descriptor = try open(file, of: run)
    defer { Glibc.close(descriptor) }
    var info = stat()
    guard fstat(descriptor, &info) == 0, (info.st_mode & S_IFMT) == S_IFREG else { throw .artifactNotFound(file.path) }
    let size = Int(info.st_size)
    var bytes = [UInt8](repeating: 0, count: max(0, min(length, size - offset)))
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress! + filled, buffer.count - filled, offset + filled)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      filled += count
    }
    return RunFileContent(bytes: Array(bytes.prefix(filled)), offset: offset, size: size)
  }

  private nonisolated func open(_ file: RunFile, of run: RunID) throws(EngineFailure) -> Int32 {
    let folder = codebase.path(of: RunFile(file.area), in: run)
    var descriptor = Glibc.open(folder.text, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0, let last = file.components.last else {
      if descriptor >= 0 { Glibc.close(descriptor) }
      throw .artifactNotFound(file.path)
    }
    for component in file.components.dropLast() {
      let next = openat(descriptor, component, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      let code = errno
      Glibc.close(descriptor)
      guard next >= 0 else { throw refusal(code, file) }
      descriptor = next
    }
    let found = openat(descriptor, last, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    let code = errno
    Glibc.close(descriptor)
    guard found >= 0 else { throw refusal(code, file) }
    return found
  }

  private nonisolated func refusal(_ code: Int32, _ file: RunFile) -> EngineFailure {
    code == ELOOP ? .outsideWorkspace(file.path) : .artifactNotFound(file.path)
  }
}

extension Workspace {
  /// Deletes everything that is kept of the codebase: runs, logs, artifacts. Refused while runs are live anywhere.
  public func deleteStore() async throws(EngineFailure) {
    if let run = liveRuns.first {
      throw .invalidState(run, "Run \(run) is live; cancel it before the store is deleted.")
    }
    let store = try await store()
    do {
      try await store.own().release()
    } catch {
      throw .store(error)
    }
    forgetStore()
    FileAccess.remove(ProjectPaths.base(root: codebase.root, codebase: codebase.id))
  }
}
