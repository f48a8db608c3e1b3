internal import IonDigest

/// Measures a stream while it arrives, as other steps will read it: without the newlines at its end.
struct StreamDigest: ~Copyable {
  /// Made for the first byte: most streams of most steps are empty.
  private var hash: SHA256?
  private var check = TextCheck()
  private var length = 0
  private var size = 0
  /// Newlines that are at the end so far; they count once something follows them.
  private var newlines = 0

  private static let digestOfNothing = SHA256().finish()

  /// Newlines to hash, for as many at a time.
  private static let newlineBlock = [UInt8](repeating: UInt8(ascii: "\n"), count: 4096)

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    size += bytes.count
    var end = bytes.count
    while end > 0, bytes[end - 1] == UInt8(ascii: "\n") { end -= 1 }
    if end > 0 {
      if hash == nil { hash = SHA256() }
      releaseNewlines()
      let body = UnsafeRawBufferPointer(rebasing: bytes[..<end])
      hash?.update(body)
      check.update(body)
      length += end
    }
    newlines += bytes.count - end
  }

  private mutating func releaseNewlines() {
    length += newlines
    while newlines > 0 {
      let count = min(newlines, Self.newlineBlock.count)
      Self.newlineBlock.withUnsafeBytes {
        let block = UnsafeRawBufferPointer(rebasing: $0[..<count])
        hash?.update(block)
        check.update(block)
      }
      newlines -= count
    }
  }

  consuming func finish() -> StreamSummary {
    let sha256 =
      switch consume hash {
      case .some(let hash): hash.finish()
      case nil: Self.digestOfNothing
      }
    return StreamSummary(length: length, sha256: sha256, isText: check.isText, size: size)
  }
}
