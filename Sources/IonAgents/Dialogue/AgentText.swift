internal import IonJSON

extension JSONValue {
  /// What a line of a program's output holds; nil where it is no JSON.
  init?(line: [UInt8]) {
    do throws(JSONFailure) { self = try JSONParser().parse(line) } catch { return nil }
  }
}

extension String {
  /// What stands before the first newline.
  var firstLine: String {
    let end = utf8.firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? utf8.endIndex
    return String(self[..<end])
  }

  /// This text, or its end where it has more characters than that.
  func ending(_ limit: Int) -> String { utf8.count > limit ? String(suffix(limit)) : self }

  /// A line of a program that says nothing to Ion, for people.
  static func noise(_ line: [UInt8]) -> String {
    String(decoding: line.prefix(4096), as: UTF8.self) + (line.count > 4096 ? "…\n" : "\n")
  }
}
