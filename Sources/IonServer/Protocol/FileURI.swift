public import IonJSON
public import IonWorkflow

/// A `file:` URI (RFC 8089) of an absolute path on this machine.
public struct FileURI: WireScalar, Hashable, CustomStringConvertible {
  public static let schema: JSONObject = ["type": "string", "format": "uri", "pattern": "^file:"]
  public static let sample = FileURI(AbsolutePath("/")!)

  public var path: AbsolutePath

  public init(_ path: AbsolutePath) { self.path = path }

  /// The URI as it is sent: everything but letters, digits, `-._~` and the path's slashes is percent-encoded.
  public var description: String { "file://" + PercentCoding.encode(path.text) }

  /// Reads a URI of the scheme `file`, without a host or with `localhost`.
  /// - Throws: What is wrong, as the end of a sentence that starts with the URI.
  static func parse(_ text: String) throws(URIFault) -> FileURI {
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), text[..<colon].lowercased() == "file" else {
      throw URIFault("is no `file:` URI")
    }
    var rest = text[text.utf8.index(after: colon)...]
    if rest.utf8.starts(with: "//".utf8) {
      rest = rest.dropFirst(2)
      let host = rest.prefix { $0 != "/" }
      guard host.isEmpty || host.lowercased() == "localhost" else {
        throw URIFault("names the host `\(host)`; only this machine's files can be used")
      }
      rest = rest.dropFirst(host.count)
    }
    if let mark = rest.first(where: { $0 == "?" || $0 == "#" }) {
      throw URIFault("has a `\(mark)`, which must be percent-encoded in a path")
    }
    guard let path = AbsolutePath(try PercentCoding.decode(rest)) else { throw URIFault("has no absolute path") }
    return FileURI(path)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do throws(URIFault) {
      self = try FileURI.parse(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "`\(text)` \(error.message)")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// What is wrong with a URI.
struct URIFault: Error, Hashable {
  /// The end of a sentence that starts with the URI.
  let message: String

  init(_ message: String) { self.message = message }
}

/// Percent-encoding (RFC 3986, 2.1) of paths and their components.
enum PercentCoding {
  /// Encodes every byte but the unreserved ones and, in a whole path, its slashes.
  static func encode(_ text: some StringProtocol, keepingSlashes: Bool = true) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if isUnreserved(byte) || (keepingSlashes && byte == UInt8(ascii: "/")) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 15)]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func decode(_ text: some StringProtocol) throws(URIFault) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(value), let low = rest.popFirst().flatMap(value) else {
        throw URIFault("has a `%` without two hexadecimal digits")
      }
      bytes.append(high << 4 | low)
    }
    guard !bytes.contains(0) else { throw URIFault("has a NUL byte") }
    guard let decoded = String(validating: bytes, as: UTF8.self) else { throw URIFault("is not UTF-8") }
    return decoded
  }

  private static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 { Array("0123456789ABCDEF".utf8)[Int(value)] }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
