internal import CIonProcess
internal import Glibc

/// The two ends of a pipe.
struct Pipe: ~Copyable {
  let reading: Descriptor
  let writing: Descriptor

  static func open() throws(SystemError) -> Pipe {
    var writing: Int32 = -1
    let reading = try Descriptor.made { ion_pipe($0, &writing) }
    return Pipe(reading: reading, writing: Descriptor(owning: writing))
  }
}

/// Reads the pipes of one step into its files, one buffer at a time: what isn't read yet waits in the pipe, and the step
/// with it.
struct StepPipes: ~Copyable {
  /// Bytes that are read at once: as much as a pipe holds.
  private static let bufferSize = 64 * 1024

  private var stdout: Descriptor
  private var stderr: Descriptor
  private var recorder: OutputRecorder
  private let buffer = ReadBuffer(byteCount: bufferSize)
  private let onOutput: @Sendable (OutputChunk) -> Void
  /// What made it impossible to write on; everything after it is thrown away.
  private(set) var failure: OutputFailure?
  /// When the last bytes had been written down.
  private(set) var lastOutput = BootInstant.now()

  init(
    stdout: consuming Descriptor, stderr: consuming Descriptor, files: OutputFiles,
    onOutput: @escaping @Sendable (OutputChunk) -> Void
  ) {
    self.stdout = stdout
    self.stderr = stderr
    recorder = OutputRecorder(files)
    self.onOutput = onOutput
  }

  /// The descriptor to wait for, -1 where the stream has ended.
  func descriptor(_ stream: StepStream) -> Int32 {
    switch stream {
    case .stdout: stdout.number
    case .stderr: stderr.number
    }
  }

  /// Moves one buffer of a stream at most; how much it was, 0 where there was nothing.
  @discardableResult mutating func move(_ stream: StepStream) -> Int {
    guard let count = read(stream) else { return 0 }
    guard count > 0 else {
      close(stream)
      return 0
    }
    if failure == nil {
      do throws(OutputFailure) {
        onOutput(try recorder.append(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]), to: stream))
      } catch {
        failure = error
      }
    }
    lastOutput = .now()
    return count
  }

  /// Moves what is in the pipes at this moment and no more: who still holds them open can't make it last longer.
  mutating func drain() {
    for stream in StepStream.allCases {
      var rest: Int32 = 0
      guard descriptor(stream) >= 0, ion_readable(descriptor(stream), &rest) == 0 else { continue }
      while rest > 0 {
        let count = move(stream)
        if count == 0 { break }
        rest -= Int32(count)
      }
    }
  }

  /// What the streams amount to; closes them.
  consuming func finish() -> (stdout: StreamSummary, stderr: StreamSummary) { recorder.finish() }

  /// Reads once; 0 at the end of the stream, nil where there is nothing now.
  private func read(_ stream: StepStream) -> Int? {
    while true {
      let count = Glibc.read(descriptor(stream), buffer.bytes.baseAddress, buffer.bytes.count)
      if count >= 0 { return count }
      if errno == EAGAIN { return nil }
      // A pipe fails in no other way that could be waited out.
      guard errno == EINTR else { return 0 }
    }
  }

  private mutating func close(_ stream: StepStream) {
    switch stream {
    case .stdout: stdout.close()
    case .stderr: stderr.close()
    }
  }
}

/// Memory to read into.
private struct ReadBuffer: ~Copyable {
  let bytes: UnsafeMutableRawBufferPointer

  init(byteCount: Int) { bytes = .allocate(byteCount: byteCount, alignment: 16) }

  deinit { bytes.deallocate() }
}
