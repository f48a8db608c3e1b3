import IonJSON
import IonRPC
import Testing

@Suite struct MessageTests {
  static let read: [(body: String, message: Message)] = [
    (
      #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1}}"#,
      .request(id: RequestID(1), method: "m", params: ["a": 1])
    ),
    (#"{"jsonrpc":"2.0","id":"1","method":"m","params":[1]}"#, .request(id: RequestID("1"), method: "m", params: [1])),
    (
      #"{"jsonrpc":"2.0","id":-9223372036854775808,"method":"m"}"#,
      .request(id: RequestID(.min), method: "m", params: nil)
    ),
    (
      #"{"jsonrpc":"2.0","id":9223372036854775807,"method":"m","params":null}"#,
      .request(id: RequestID(.max), method: "m", params: nil)
    ),
    (#"{"jsonrpc":"2.0","id":"","method":"","extra":1}"#, .request(id: RequestID(""), method: "", params: nil)),
    (#"{"jsonrpc":"2.0","method":"m"}"#, .notification(method: "m", params: nil)),
    (#"{"jsonrpc":"2.0","method":"m","params":[]}"#, .notification(method: "m", params: [])),
    ("\u{FEFF}" + #"{"jsonrpc":"2.0","method":"\ud800"}"#, .notification(method: "\u{FFFD}", params: nil)),
    (#"{"jsonrpc":"2.0","id":1,"result":null}"#, .response(id: RequestID(1), .success(nil))),
    (
      #"{"jsonrpc":"2.0","id":1,"result":null,"error":{"code":-1,"message":"x"}}"#,
      .response(id: RequestID(1), .failure(WireError(code: -1, message: "x")))
    ),
    (#"{"jsonrpc":"2.0","id":1,"result":2,"error":null}"#, .response(id: RequestID(1), .success(2))),
    (
      #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x","data":[1]}}"#,
      .response(id: nil, .failure(WireError(code: -32700, message: "x", data: [1])))
    ),
    (
      #"{"jsonrpc":"2.0","id":1,"error":"odd"}"#,
      .response(id: RequestID(1), .failure(WireError(code: -32603, message: "an error without a message: \"odd\"")))
    ),
  ]

  @Test(arguments: read) func aMessageIsReadByItsMembers(body: String, message: Message) {
    #expect(Message(body: Array(body.utf8)) == message)
  }

  static let refused: [(body: String, id: RequestID?, code: Int)] = [
    ("", nil, -32700), ("{", nil, -32700), ("{}}", nil, -32700), ("{'a':1}", nil, -32700), ("[1,]", nil, -32700),
    (String(repeating: "[", count: 20_000) + String(repeating: "]", count: 20_000), nil, -32700),
    ("1", nil, -32600), ("null", nil, -32600), ("\"x\"", nil, -32600), ("[]", nil, -32600), ("[1,2]", nil, -32600),
    (#"[{"jsonrpc":"2.0","id":1,"method":"m"}]"#, nil, -32600),
    (#"{"id":1,"method":"m"}"#, RequestID(1), -32600),
    (#"{"jsonrpc":"1.0","id":"a","method":"m"}"#, RequestID("a"), -32600),
    (#"{"jsonrpc":2.0,"id":1,"method":"m"}"#, RequestID(1), -32600), (#"{"method":"m"}"#, nil, -32600),
    (#"{"jsonrpc":"2.0","id":1,"method":1}"#, RequestID(1), -32600),
    (#"{"jsonrpc":"2.0","id":1,"method":null}"#, RequestID(1), -32600),
    (#"{"jsonrpc":"2.0","id":1}"#, RequestID(1), -32600), (#"{"jsonrpc":"2.0"}"#, nil, -32600), ("{}", nil, -32600),
    (#"{"jsonrpc":"2.0","id":1,"method":"m","params":"x"}"#, RequestID(1), -32600),
    (#"{"jsonrpc":"2.0","id":1,"method":"m","params":0}"#, RequestID(1), -32600),
    (#"{"jsonrpc":"2.0","method":"m","params":false}"#, nil, -32600),
    (#"{"jsonrpc":"2.0","id":null,"method":"m"}"#, nil, -32600),
    (#"{"jsonrpc":"2.0","id":1.5,"method":"m"}"#, nil, -32600),
    (#"{"jsonrpc":"2.0","id":1e2,"method":"m"}"#, nil, -32600),
    (#"{"jsonrpc":"2.0","id":true,"method":"m"}"#, nil, -32600),
    (#"{"jsonrpc":"2.0","id":{},"method":"m"}"#, nil, -32600),
    (#"{"jsonrpc":"2.0","id":[1],"method":"m"}"#, nil, -32600),
  ]

  @Test(arguments: refused) func whatIsNoMessageSaysHowToAnswerIt(body: String, id: RequestID?, code: Int) {
    guard case .invalid(let answered, let error) = Message(body: Array(body.utf8)) else {
      Issue.record("was taken for a message")
      return
    }
    #expect(answered == id && error.code == code)
  }

  @Test func bytesThatAreNotUTF8AreAParseError() {
    let body = Array(#"{"jsonrpc":"2.0","method":""#.utf8) + [0xC3, 0x28] + Array("\"}".utf8)
    #expect(Message(body: body) == .invalid(id: nil, .parseError("invalid UTF-8 at byte 27")))
  }

  /// Every message, framed, split at every place.
  @Test func aFramedMessageSurvivesEverySplit() {
    let bodies = Self.read.map { Array($0.body.utf8) }
    let stream = bodies.flatMap { Array("Content-Length: \($0.count)\r\n\r\n".utf8) + $0 }
    let limits = FrameLimits()
    for place in stream.indices {
      let outputs = FrameDecoderTests.outputs(of: [stream[..<place], stream[place...]], limits: limits)
      guard outputs != bodies.map({ .body($0) }) else { continue }
      Issue.record("another result when split at \(place)")
    }
  }

  @Test func idsKeepTypeAndDigits() throws {
    let ids = [
      "0", "-1", "9223372036854775807", "123456789012345678901234567890", "\"7\"", "\"\u{E9}\"", "\"e\u{301}\"",
    ]
    for text in ids {
      let id = try #require(RequestID(try JSONParser().parse(text)))
      #expect(id.description == text && id.json.serializedText() == text)
    }
    #expect(RequestID("7") != RequestID(7) && RequestID("\u{E9}") != RequestID("e\u{301}"))
  }

  static let written: [(message: Message, text: String)] = [
    (.request(id: RequestID(1), method: "m", params: nil), #"{"jsonrpc":"2.0","id":1,"method":"m"}"#),
    (.notification(method: "m", params: ["a": nil]), #"{"jsonrpc":"2.0","method":"m","params":{"a":null}}"#),
    (.response(id: RequestID("x"), .success(nil)), #"{"jsonrpc":"2.0","id":"x","result":null}"#),
    (
      .response(id: nil, .failure(WireError(code: -32700, message: "é"))),
      #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"é"}}"#
    ),
    (
      .response(id: RequestID(1), .failure(WireError(code: 1, message: "", data: [:]))),
      #"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"","data":{}}}"#
    ),
  ]

  @Test(arguments: written) func aMessageIsWrittenWithNoOtherMembers(message: Message, text: String) {
    #expect(message.json.serializedText() == text)
    let frame = Framing.contentLength.frame(message.json)
    #expect(String(decoding: frame, as: UTF8.self) == "Content-Length: \(text.utf8.count)\r\n\r\n\(text)")
    #expect(Framing.lines.frame(message.json) == Array("\(text)\n".utf8))
  }

  @Test func errorsCarryWhatProgramsNeed() {
    let busy = WireError.requestFailed(kind: "pathLocked", "busy", retryable: true, data: ["holder": "r1"])
    #expect(busy.code == -32803 && busy.data == ["holder": "r1", "kind": "pathLocked", "retryable": true])
    let failure = JSONDecodingFailure(pointer: "/params/a", reason: .missing(expected: "a string"))
    let expected = WireError(
      code: -32602, message: "/params/a is missing: expected a string", data: ["path": "/params/a"])
    #expect(WireError.invalidParams(failure) == expected)
  }
}
