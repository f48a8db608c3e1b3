internal import IonLock
public import IonWorkflow

/// Writes the output of an attempt that no single process prints: in the same files, with the same order of arrival, and
/// with the same secrets hidden. Any thread may write, but only one at a time does.
public final class OutputJournal: Sendable {
  private final class Contents {
    var recorder: OutputRecorder?
    var masking: OutputMasking?
    var failure: OutputFailure?

    init(_ files: OutputFiles, _ secrets: SecretMask?) {
      recorder = OutputRecorder(files)
      masking = secrets.map(OutputMasking.init)
    }

    /// Where the bytes are now; nil for none, and once something could not be written.
    func record(_ bytes: [UInt8], _ stream: StepStream) -> OutputChunk? {
      guard failure == nil, !bytes.isEmpty, recorder != nil else { return nil }
      do throws(OutputFailure) {
        return try bytes.withUnsafeBufferPointer { (bytes) throws(OutputFailure) in
          try recorder?.append(UnsafeRawBufferPointer(bytes), to: stream)
        }
      } catch {
        failure = error
        return nil
      }
    }
  }

  private let contents: Guarded<Contents>
  private let onOutput: @Sendable (OutputChunk) -> Void

  /// `onOutput` is told of what was added to the files, on the thread that added it.
  public init(
    _ files: OutputFiles, secrets: SecretMask?, onOutput: @escaping @Sendable (OutputChunk) -> Void = { _ in }
  ) {
    contents = Guarded(Contents(files, secrets))
    self.onOutput = onOutput
  }

  /// Adds a text to the end of a stream. What may be the beginning of a secret is held back until more comes.
  public func append(_ text: String, to stream: StepStream) {
    let chunk = contents.withLock { contents -> OutputChunk? in
      let bytes = Array(text.utf8)
      let shown = bytes.withUnsafeBytes { contents.masking?.take($0, of: stream) } ?? bytes
      return contents.record(shown, stream)
    }
    if let chunk { onOutput(chunk) }
  }

  /// Ends the output: writes what is held back, and says what the streams amount to.
  ///
  /// - Throws: Why something could not be written; what was written before stays.
  public func finish() throws(OutputFailure) -> (stdout: StreamSummary, stderr: StreamSummary)? {
    let (chunks, summary, failure) = contents.withLock { contents in
      var chunks: [OutputChunk] = []
      for stream in StepStream.allCases {
        guard let rest = contents.masking?.finish(stream), let chunk = contents.record(rest, stream) else { continue }
        chunks.append(chunk)
      }
      return (chunks, contents.recorder.take()?.finish(), contents.failure)
    }
    for chunk in chunks { onOutput(chunk) }
    if let failure { throw failure }
    return summary
  }
}
