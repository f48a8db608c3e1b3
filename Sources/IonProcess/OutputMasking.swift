internal import IonWorkflow

/// Hides a step's secrets in what it prints, in each stream by itself.
struct OutputMasking {
  /// How long nothing must come before held back bytes are shown.
  static let silence = Duration.milliseconds(250)

  private var stdout: SecretMasking
  private var stderr: SecretMasking

  init(_ secrets: SecretMask) {
    stdout = SecretMasking(secrets)
    stderr = SecretMasking(secrets)
  }

  /// Takes the next bytes of a stream; what can be written down by now.
  mutating func take(_ bytes: UnsafeRawBufferPointer, of stream: StepStream) -> [UInt8] {
    change(stream) { $0.take(bytes, into: &$1) }
  }

  /// Whether `release` would give anything.
  var isReleasable: Bool { stdout.isReleasable || stderr.isReleasable }

  /// What is held back of a stream, where it gives no secret away.
  mutating func release(_ stream: StepStream) -> [UInt8] { change(stream) { $0.release(into: &$1) } }

  /// What is held back of a stream that has ended.
  mutating func finish(_ stream: StepStream) -> [UInt8] { change(stream) { $0.finish(into: &$1) } }

  private mutating func change(
    _ stream: StepStream, _ body: (inout SecretMasking, inout [UInt8]) -> Void
  ) -> [UInt8] {
    var shown: [UInt8] = []
    switch stream {
    case .stdout: body(&stdout, &shown)
    case .stderr: body(&stderr, &shown)
    }
    return shown
  }
}
