internal import CIonProcess
internal import Glibc
internal import IonWorkflow

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

/// Who is told of what a step prints, on the thread that reads it: the step waits for them.
struct StepTaps: Sendable {
  var onOutput: @Sendable (OutputChunk) -> Void
  var onBytes: (@Sendable (StepStream, UnsafeRawBufferPointer) -> Void)?
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
  private var masking: OutputMasking?
  private let taps: StepTaps
  /// What made it impossible to write on; everything after it is thrown away.
  private(set) var failure: OutputFailure?
  /// When the last bytes had been written down.
  private(set) var lastOutput = BootInstant.now()

  init(
    stdout: consuming Descriptor, stderr: consuming Descriptor, files: OutputFiles, secrets: SecretMask?,
    taps: StepTaps
  ) {
    self.stdout = stdout
    self.stderr = stderr
    recorder = OutputRecorder(files)
    masking = secrets.map(OutputMasking.init)
    self.taps = taps
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
    let bytes = UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count])
    if let shown = masking?.take(bytes, of: stream) { record(shown, of: stream) } else { record(bytes, of: stream) }
    lastOutput = .now()
    taps.onBytes?(stream, bytes)
    return count
  }

  private mutating func record(_ bytes: [UInt8], of stream: StepStream) {
    bytes.withUnsafeBytes { record($0, of: stream) }
  }

  private mutating func record(_ bytes: UnsafeRawBufferPointer, of stream: StepStream) {
    guard failure == nil, !bytes.isEmpty else { return }
    do throws(OutputFailure) {
      taps.onOutput(try recorder.append(bytes, to: stream))
    } catch {
      failure = error
    }
  }

  /// When bytes that are held back should be shown: people look at what a step prints while it waits. Nil where none are.
  var releaseTime: BootInstant? {
    masking?.isReleasable ?? false ? lastOutput.advanced(by: OutputMasking.silence) : nil
  }

  /// Shows what is held back, once its time has come.
  mutating func releaseHeld() {
    guard let time = releaseTime, BootInstant.now() >= time else { return }
    for stream in StepStream.allCases { if let bytes = masking?.release(stream) { record(bytes, of: stream) } }
  }

  /// Records what is held back: nothing comes any more.
  mutating func recordHeld() {
    for stream in StepStream.allCases { if let bytes = masking?.finish(stream) { record(bytes, of: stream) } }
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
