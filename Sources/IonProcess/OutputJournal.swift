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
  public func append(_ text: String, to stream: StepStream) { append { [(text, stream)] } }

  /// Adds texts to the ends of streams, in their order. `texts` is called, once, while nobody else writes: what it makes is
  /// in the files in the order in which it was made. It must not wait.
  public func append(_ texts: () -> [(text: String, stream: StepStream)]) {
    let chunks = contents.withLock { contents in
      texts().compactMap { text, stream -> OutputChunk? in
        let bytes = Array(text.utf8)
        let shown = bytes.withUnsafeBytes { contents.masking?.take($0, of: stream) } ?? bytes
        return contents.record(shown, stream)
      }
    }
    for chunk in chunks { onOutput(chunk) }
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
