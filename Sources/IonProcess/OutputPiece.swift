/// A part of an attempt's output that arrived in one piece, in one stream.
public struct OutputPiece: Hashable, Sendable {
  public var stream: StepStream
  /// Where it begins in its stream, in bytes.
  public var offset: Int
  /// How many bytes it has.
  public var count: Int

  public init(_ stream: StepStream, from offset: Int, count: Int) {
    self.stream = stream
    self.offset = offset
    self.count = count
  }
}

extension OutputReader {
  /// Which streams a range of the view of both is from, in order of arrival; fewer pieces where the view ends before.
  public func pieces(from offset: Int, count: Int) throws(OutputFailure) -> [OutputPiece] {
    try OutputMap(files, .merged).pieces(from: max(0, offset), count: count)
  }
}

extension OutputPiece {
  /// Cuts the text of pieces, one behind the other, into theirs. Nil where bytes can't be told from it: it has U+FFFD, or
  /// isn't as long as they are.
  public static func texts(of text: String, _ pieces: [OutputPiece]) -> [String]? {
    guard text.utf8.count == pieces.reduce(0, { $0 + $1.count }), !text.unicodeScalars.contains("\u{FFFD}") else {
      return nil
    }
    var rest = text[...]
    return pieces.map { piece in
      let end = rest.utf8.index(rest.startIndex, offsetBy: piece.count)
      defer { rest = rest[end...] }
      return String(rest[..<end])
    }
  }

  /// Whether pieces go on exactly where streams ended.
  public static func areBehind(stdout: Int, stderr: Int, _ pieces: [OutputPiece]) -> Bool {
    pieces.first { $0.stream == .stdout }?.offset ?? stdout == stdout
      && pieces.first { $0.stream == .stderr }?.offset ?? stderr == stderr
  }
}
