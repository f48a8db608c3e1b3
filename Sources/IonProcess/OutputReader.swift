/// What of an attempt's output is read.
public enum OutputView: String, Hashable, Codable, CaseIterable, Sendable {
  case stdout
  case stderr
  /// Both streams in the order in which they arrived. What was in both pipes at once has no order; stdout comes first then.
  case merged
}

/// A piece of output as text. Offsets are bytes of the view, whatever their text looks like.
public struct OutputSlice: Hashable, Sendable {
  /// The bytes as UTF-8; what isn't shows as U+FFFD.
  public var text: String
  /// Where the text begins: the offset asked for, or the next beginning of a character behind it.
  public var offset: Int
  /// Where to go on reading. Equal to `offset` when there is nothing more to read now.
  public var nextOffset: Int
  /// Bytes in the view so far.
  public var size: Int

  public init(text: String, offset: Int, nextOffset: Int, size: Int) {
    self.text = text
    self.offset = offset
    self.nextOffset = nextOffset
    self.size = size
  }
}

extension OutputSlice {
  /// Cuts a piece out of a text, at boundaries of characters.
  ///
  /// `window` is what is at hand of the text, from `base` on; where the text goes on, the window reaches three bytes
  /// beyond the piece on both sides. `size` is the text's. `isFinal` says that a character that is cut off at the
  /// window's end has no rest: it is shown then.
  public init(of window: [UInt8], at base: Int, size: Int, from offset: Int, limit: Int, isFinal: Bool) {
    let characters = CharacterBounds(window)
    let first = characters.next(from: min(max(0, offset - base), window.count))
    let last = max(first, characters.end(atMost: first + max(limit, 4), isFinal: isFinal))
    self.init(
      text: String(decoding: window[first..<last], as: UTF8.self), offset: base + first, nextOffset: base + last,
      size: size)
  }
}

/// Reads the output of an attempt, while the step writes it or any time after.
///
/// Every call opens what it needs and blocks for the disk; it reads as much as it is asked for, however long the output.
public struct OutputReader: Sendable {
  let files: OutputFiles

  public init(_ files: OutputFiles) { self.files = files }

  /// Reads at most `limit` bytes (never less than one character) from an offset on, cut at a character's boundary. An
  /// offset past the end reads nothing.
  ///
  /// `isComplete` says that the step has ended: a character that is cut off at the end of the view is shown then, else it
  /// waits for its rest.
  public func read(_ view: OutputView, from offset: Int, limit: Int, isComplete: Bool) throws(OutputFailure)
    -> OutputSlice
  {
    let map = try OutputMap(files, view)
    let size = map.size
    let start = min(max(0, offset), size)
    // A few bytes more on both sides show where the characters at the ends begin and end.
    let lead = start - max(0, start - 3)
    let wanted = max(limit, 4)
    let expected = min(lead + wanted + 6, size - start + lead)
    let bytes = try map.bytes(from: start - lead, count: expected)
    // The order of what arrives at this moment may not be known yet.
    let end = bytes.count < expected ? start - lead + bytes.count : size
    let isEnd = start - lead + bytes.count == end
    return OutputSlice(
      of: bytes, at: start - lead, size: end, from: start, limit: wanted, isFinal: isEnd && isComplete)
  }

  /// The last `limit` bytes of a view, or fewer, cut at a character's boundary.
  public func tail(_ view: OutputView, limit: Int, isComplete: Bool) throws(OutputFailure) -> OutputSlice {
    let size = try OutputMap(files, view).size
    return try read(view, from: max(0, size - limit), limit: limit, isComplete: isComplete)
  }

  /// Exact bytes of one stream; fewer where it ends before the range does.
  public func bytes(_ stream: StepStream, in range: Range<Int>) throws(OutputFailure) -> [UInt8] {
    try OutputMap(files, stream == .stdout ? .stdout : .stderr).bytes(from: range.lowerBound, count: range.count)
  }
}

/// Where the characters in a piece of a longer text begin.
private struct CharacterBounds {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The first beginning of a character at an index or behind it.
  func next(from index: Int) -> Int {
    for start in max(0, index - 3)..<max(0, index) {
      let length = length(at: start)
      if length > 1, start + length > index { return min(start + length, bytes.count) }
    }
    return index
  }

  /// The last end of a character at an index or before it. A final text's cut-off character counts as ended.
  func end(atMost limit: Int, isFinal: Bool) -> Int {
    let index = min(limit, bytes.count)
    for start in max(0, index - 3)..<max(0, index) {
      let length = length(at: start)
      guard length > 1, start + length > index else { continue }
      return isFinal && start + length > bytes.count ? index : start
    }
    return index
  }

  /// The bytes of the character that an index begins, of which the text may lack the last; 1 for what is none.
  private func length(at index: Int) -> Int {
    let length =
      switch bytes[index] {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 1
      }
    let rest = bytes[(index + 1)...].prefix(length - 1)
    guard rest.allSatisfy({ 0x80...0xBF ~= $0 }) else { return 1 }
    return rest.count == length - 1 || index + 1 + rest.count == bytes.count ? length : 1
  }
}
