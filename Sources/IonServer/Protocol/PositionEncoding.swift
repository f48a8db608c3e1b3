public import IonWorkflow

/// What a column on the wire counts (LSP 3.17, `PositionEncodingKind`).
public enum PositionEncoding: String, CaseIterable, Codable, Sendable {
  case utf8 = "utf-8"
  case utf16 = "utf-16"
  case utf32 = "utf-32"

  /// The first of the encodings that a client offers; UTF-16 where it offers none that is known.
  public static func first(of offered: [String]) -> PositionEncoding {
    offered.lazy.compactMap(PositionEncoding.init).first ?? .utf16
  }

  /// How many units a scalar takes.
  func width(of scalar: Unicode.Scalar) -> Int {
    switch self {
    case .utf8: UTF8.width(scalar)
    case .utf16: UTF16.width(scalar)
    case .utf32: 1
    }
  }
}

/// The lines of a text, to convert positions in it between Ion's columns, which count scalars, and those of a client.
///
/// Lines end at LF, CR or CR LF. A byte order mark is no part of the text.
public struct TextLines: Sendable {
  private let bytes: [UInt8]
  /// Where each line starts.
  private let starts: [Int]

  /// - Parameter bytes: UTF-8; what isn't counts as U+FFFD, a scalar for each fault.
  public init(_ bytes: some Collection<UInt8>) {
    var bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : Array(bytes)
    if String(validating: bytes, as: UTF8.self) == nil { bytes = Array(String(decoding: bytes, as: UTF8.self).utf8) }
    var starts = [0]
    for (offset, byte) in bytes.enumerated() {
      let isBreak = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
      let isFirstOfTwo =
        byte == UInt8(ascii: "\r") && offset + 1 < bytes.count && bytes[offset + 1] == UInt8(ascii: "\n")
      if isBreak, !isFirstOfTwo { starts.append(offset + 1) }
    }
    self.bytes = bytes
    self.starts = starts
  }

  public init(_ text: String) { self.init(Array(text.utf8)) }

  /// The column that a client counts for a position. Behind a line's end every further scalar counts one.
  public func character(of position: SourcePosition, in encoding: PositionEncoding) -> Int {
    var left = position.column
    var units = 0
    for scalar in scalars(ofLine: position.line) {
      if left == 0 { return units }
      units += encoding.width(of: scalar)
      left -= 1
    }
    return units + left
  }

  /// The position that a client means. A column inside a scalar means that scalar's start, one behind the line's end its
  /// end.
  public func position(line: Int, character: Int, in encoding: PositionEncoding) -> SourcePosition {
    var left = character
    var column = 0
    for scalar in scalars(ofLine: line) {
      left -= encoding.width(of: scalar)
      if left < 0 { break }
      column += 1
    }
    return SourcePosition(line: line, column: column)
  }

  /// The scalars of a line without its break; none for a line that isn't there.
  private func scalars(ofLine line: Int) -> String.UnicodeScalarView {
    guard starts.indices.contains(line) else { return "".unicodeScalars }
    let end = line + 1 < starts.count ? starts[line + 1] : bytes.count
    let content = bytes[starts[line]..<end]
    let isBreak = { (byte: UInt8) in byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
    return String(decoding: content.prefix { !isBreak($0) }, as: UTF8.self).unicodeScalars
  }
}
