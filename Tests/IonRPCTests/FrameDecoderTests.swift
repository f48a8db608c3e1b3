import IonRPC
import Testing

/// A stream of bytes and what a decoder must make of it, in whatever pieces it comes.
struct FramingRow: Sendable, CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]
  let outputs: [FrameDecoder.Output]

  init(_ name: String, _ text: String, _ outputs: FrameDecoder.Output...) {
    self.name = name
    bytes = Array(text.utf8)
    self.outputs = outputs
  }

  var testDescription: String { name }
}

extension FrameDecoder.Output {
  static func text(_ body: String) -> Self { .body(Array(body.utf8)) }
}

@Suite struct FrameDecoderTests {
  static let limits = FrameLimits(header: 200, body: 1000)
  /// Follows what leaves the stream in step.
  static let next = "Content-Length: 2\r\n\r\nok"

  static let served: [FramingRow] = [
    FramingRow("plain", "Content-Length: 2\r\n\r\n{}", .text("{}")),
    FramingRow("lower case", "content-length: 2\r\n\r\n{}", .text("{}")),
    FramingRow("upper case", "CONTENT-LENGTH: 2\r\n\r\n{}", .text("{}")),
    FramingRow("no space", "Content-Length:2\r\n\r\n{}", .text("{}")),
    FramingRow("many spaces", "Content-Length: \t  2 \t\r\n\r\n{}", .text("{}")),
    FramingRow("leading zeros", "Content-Length: 0000000002\r\n\r\n{}", .text("{}")),
    FramingRow("unknown header", "X-Any_thing~: a:b,\u{E9}\r\nContent-Length: 2\r\nEmpty:\r\n\r\n{}", .text("{}")),
    FramingRow(
      "charset", "Content-Length: 2\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n{}", .text("{}")),
    FramingRow("charset utf8", "Content-Type: a/b;charset=utf8\r\nContent-Length: 2\r\n\r\n{}", .text("{}")),
    FramingRow(
      "charset quoted", "Content-Type: a/b; x=y; Charset=\"UTF-8\"\r\nContent-Length: 2\r\n\r\n{}", .text("{}")),
    FramingRow("type without charset", "Content-Type: text/json\r\nContent-Length: 2\r\n\r\n{}", .text("{}")),
    FramingRow("equal lengths", "Content-Length: 2\r\nContent-Length: 02\r\n\r\n{}", .text("{}")),
    FramingRow(
      "body with line ends", "Content-Length: 6\r\n\r\n\r\n\r\n{}Content-Length: 1\r\n\r\n1", .text("\r\n\r\n{}"),
      .text("1")),
    FramingRow(
      "many at once", String(repeating: "Content-Length: 3\r\n\r\n123", count: 5), .text("123"), .text("123"),
      .text("123"), .text("123"), .text("123")),
    FramingRow(
      "header at the limit", "A: \(String(repeating: "x", count: 174))\r\nContent-Length: 2\r\n\r\n{}", .text("{}")),
    FramingRow(
      "body at the limit", "Content-Length: 1000\r\n\r\n\(String(repeating: "x", count: 1000))",
      .text(String(repeating: "x", count: 1000))),
    FramingRow("empty body", "Content-Length: 0\r\n\r\n", .fault(.emptyBody)),
    FramingRow(
      "latin-1", "Content-Type: a/b; charset=latin1\r\nContent-Length: 3\r\n\r\n\u{E9}x",
      .fault(.unsupportedCharset("latin1"))),
    FramingRow(
      "utf-16, empty", "Content-Length: 0\r\nContent-Type: a;charset=utf-16\r\n\r\n",
      .fault(.unsupportedCharset("utf-16"))),
  ]

  static let fatal: [FramingRow] = [
    FramingRow("no length", "Content-Type: a/b\r\n\r\n", .fault(.missingLength)),
    FramingRow("no header at all", "\r\n", .fault(.missingLength)),
    FramingRow("negative", "Content-Length: -1\r\n\r\n", .fault(.malformedLength)),
    FramingRow("plus", "Content-Length: +1\r\n\r\n", .fault(.malformedLength)),
    FramingRow("a word", "Content-Length: many\r\n\r\n", .fault(.malformedLength)),
    FramingRow("hexadecimal", "Content-Length: 0x10\r\n\r\n", .fault(.malformedLength)),
    FramingRow("fraction", "Content-Length: 2.0\r\n\r\n{}", .fault(.malformedLength)),
    FramingRow("nothing", "Content-Length:\r\n\r\n", .fault(.malformedLength)),
    FramingRow("11 digits", "Content-Length: 00000000002\r\n\r\n{}", .fault(.malformedLength)),
    FramingRow("31 digits", "Content-Length: \(String(repeating: "9", count: 31))\r\n\r\n", .fault(.malformedLength)),
    FramingRow("conflict", "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", .fault(.conflictingLengths)),
    FramingRow("bare line feeds", "Content-Length: 2\n\n{}", .fault(.bareLineFeed)),
    FramingRow("one bare line feed", "Content-Length: 2\r\n\n{}", .fault(.bareLineFeed)),
    FramingRow("a line of JSON", "{\"jsonrpc\":\"2.0\"}\n", .fault(.bareLineFeed)),
    FramingRow("garbage", "hello\r\nContent-Length: 2\r\n\r\n{}", .fault(.malformedHeader)),
    FramingRow("space before the colon", "Content-Length : 2\r\n\r\n{}", .fault(.malformedHeader)),
    FramingRow("garbage with a colon", "what is this: 1\r\n\r\n", .fault(.malformedHeader)),
    FramingRow("NUL", "Content-Length: 2\0\r\n\r\n{}", .fault(.malformedHeader)),
    FramingRow("CR inside", "Content-Length: 2\r3\r\n\r\n{}", .fault(.malformedHeader)),
    FramingRow("no name", ": 2\r\n\r\n{}", .fault(.malformedHeader)),
    FramingRow("endless line", String(repeating: "x", count: 201), .fault(.headerTooLong(limit: 200))),
    FramingRow("endless headers", String(repeating: "A: b\r\n", count: 34), .fault(.headerTooLong(limit: 200))),
    FramingRow(
      "one over the header limit", "A: \(String(repeating: "x", count: 175))\r\nContent-Length: 2\r\n\r\n{}",
      .fault(.headerTooLong(limit: 200))),
    FramingRow("one over the body limit", "Content-Length: 1001\r\n\r\n", .fault(.bodyTooLong(limit: 1000))),
    FramingRow("4 GB", "Content-Length: 4294967296\r\n\r\n", .fault(.bodyTooLong(limit: 1000))),
  ]

  static func outputs(of pieces: [ArraySlice<UInt8>], limits: FrameLimits = limits) -> [FrameDecoder.Output] {
    var decoder = FrameDecoder(limits: limits)
    return pieces.flatMap { piece in
      decoder.push(Array(piece))
      var outputs: [FrameDecoder.Output] = []
      while let output = decoder.next() { outputs.append(output) }
      return outputs
    }
  }

  /// The row whole, byte by byte, and split at each place.
  private func check(_ bytes: [UInt8], _ expected: [FrameDecoder.Output]) {
    #expect(Self.outputs(of: [bytes[...]]) == expected)
    #expect(Self.outputs(of: bytes.indices.map { bytes[$0...$0] }) == expected)
    for place in bytes.indices where Self.outputs(of: [bytes[..<place], bytes[place...]]) != expected {
      Issue.record("another result when split at \(place)")
    }
  }

  @Test(arguments: served) func whatCanBeServedLeavesTheStreamInStep(row: FramingRow) {
    check(row.bytes + Array(Self.next.utf8), row.outputs + [.text("ok")])
  }

  @Test(arguments: fatal) func whatLosesTheStepEndsTheStream(row: FramingRow) {
    check(row.bytes + Array(Self.next.utf8), row.outputs)
    #expect(row.outputs.allSatisfy { if case .fault(let fault) = $0 { fault.isFatal } else { false } })
  }

  @Test func aBodyThatIsCutShortGivesNothing() {
    #expect(Self.outputs(of: [Array("Content-Length: 3\r\n\r\n{}".utf8)[...]]) == [])
    #expect(Self.outputs(of: [Array("Content-Length: 3\r\n".utf8)[...]]) == [])
  }

  @Test func theDefaultLimitsAreThoseOfTheProtocol() {
    let limits = FrameLimits()
    #expect(limits == FrameLimits(header: 8192, body: 67_108_864))
    let over = Array("Content-Length: 67108865\r\n".utf8)[...]
    #expect(Self.outputs(of: [over], limits: limits) == [.fault(.bodyTooLong(limit: 67_108_864))])
  }

  /// Valid streams with random mutations: the pieces they come in make no difference.
  @Test(arguments: 0..<300) func splitsMakeNoDifference(seed: Int) {
    var generator = SplitMix(seed)
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      bytes += (Self.served + Self.fatal).randomElement(using: &generator)?.bytes ?? []
    }
    for _ in 0..<Int.random(in: 0...3, using: &generator) {
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      let pool = Array("\r\n:0123456789- Cc{\0".utf8) + [0xFF]
      bytes[place] = pool.randomElement(using: &generator) ?? 0
    }
    var pieces: [ArraySlice<UInt8>] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Int.random(in: 1...min(40, rest.count), using: &generator)
      pieces.append(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
    #expect(Self.outputs(of: pieces) == Self.outputs(of: [bytes[...]]))
  }

  @Test(arguments: 0..<100) func randomBytesNeverCrashTheDecoder(seed: Int) {
    var generator = SplitMix(seed)
    let bytes = (0..<2000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let outputs = Self.outputs(of: [bytes[...]])
    #expect(outputs.count == 1, "random bytes are no frame, and end with one fault")
  }
}

/// A seeded generator: the same seed gives the same values everywhere.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
