internal import Glibc
internal import IonWorkflow

/// Writes what a step prints to its files, and measures it. One thread's, which waits for the disk.
struct OutputRecorder: ~Copyable {
  private let folder: AbsolutePath
  private var stdout: StreamRecorder
  private var stderr: StreamRecorder
  private var index = ArrivalIndexWriter()
  private var indexFile: AppendedFile

  init(_ files: OutputFiles) {
    folder = files.folder
    stdout = StreamRecorder(AppendedFile(files.file(.stdout), below: files.root))
    stderr = StreamRecorder(AppendedFile(files.file(.stderr), below: files.root))
    indexFile = AppendedFile(files.arrival, below: files.root)
  }

  /// Adds bytes to the end of a stream; where they are now. What could be written before a failure is kept and measured.
  mutating func append(_ bytes: UnsafeRawBufferPointer, to stream: StepStream) throws(OutputFailure) -> OutputChunk {
    let order = index.note(stream, count: bytes.count)
    if !order.isEmpty {
      var written = 0
      try order.withUnsafeBufferPointer { (order) throws(OutputFailure) in
        try indexFile.append(UnsafeRawBufferPointer(order), written: &written)
      }
    }
    switch stream {
    case .stdout: return OutputChunk(stream: stream, offset: try stdout.append(bytes), count: bytes.count)
    case .stderr: return OutputChunk(stream: stream, offset: try stderr.append(bytes), count: bytes.count)
    }
  }

  consuming func finish() -> (stdout: StreamSummary, stderr: StreamSummary) {
    (stdout.finish(), stderr.finish())
  }
}

/// One stream's file and measure.
private struct StreamRecorder: ~Copyable {
  private var file: AppendedFile
  private var digest = StreamDigest()
  private var size = 0

  init(_ file: consuming AppendedFile) { self.file = file }

  /// Adds bytes; the offset of the first.
  mutating func append(_ bytes: UnsafeRawBufferPointer) throws(OutputFailure) -> Int {
    let offset = size
    var written = 0
    defer {
      digest.update(UnsafeRawBufferPointer(rebasing: bytes[..<written]))
      size += written
    }
    try file.append(bytes, written: &written)
    return offset
  }

  consuming func finish() -> StreamSummary { digest.finish() }
}

/// A file that is made, with its folder, when it gets its first byte. It must not be there before: what another attempt
/// printed is neither lost nor mixed in.
private struct AppendedFile: ~Copyable {
  private let path: AbsolutePath
  private let root: AbsolutePath?
  private var file = Descriptor.none

  init(_ path: AbsolutePath, below root: AbsolutePath?) {
    self.path = path
    self.root = root
  }

  /// Writes all bytes; `written` counts those that were, also when it fails.
  mutating func append(_ bytes: UnsafeRawBufferPointer, written: inout Int) throws(OutputFailure) {
    if file.number < 0 { file = try open() }
    while written < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
      let count = write(file.number, rest.baseAddress, rest.count)
      if count >= 0 {
        written += count
      } else if errno != EINTR {
        throw OutputFailure(.write, path, errno: errno)
      }
    }
  }

  private func open() throws(OutputFailure) -> Descriptor {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND
    do {
      return try Descriptor.open(path.text, flags, mode: 0o600)
    } catch  where error.number != ENOENT {
      throw OutputFailure(.open, path, errno: error.number)
    } catch {
      try makeFolder(path.parent)
    }
    do {
      return try Descriptor.open(path.text, flags, mode: 0o600)
    } catch {
      throw OutputFailure(.open, path, errno: error.number)
    }
  }

  /// Makes a folder and those above it that are missing, for this user alone.
  private func makeFolder(_ folder: AbsolutePath) throws(OutputFailure) {
    if mkdir(folder.text, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, folder.parent != folder, folder.parent != root else {
      throw OutputFailure(.makeFolder, folder, errno: errno)
    }
    try makeFolder(folder.parent)
    guard mkdir(folder.text, 0o700) == 0 || errno == EEXIST else {
      throw OutputFailure(.makeFolder, folder, errno: errno)
    }
  }
}
