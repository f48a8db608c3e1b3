import IonJSON
import IonWorkflow
import Testing

/// Secrets in texts and in streams that come in pieces.
@Suite struct SecretMaskTests {
  /// What a stream shows that comes in pieces of these sizes, over and over.
  private static func shown(_ bytes: [UInt8], _ mask: SecretMask, pieces: [Int]) -> [UInt8] {
    var masking = SecretMasking(mask)
    var shown: [UInt8] = []
    var start = 0
    var round = 0
    while start < bytes.count {
      let end = min(bytes.count, start + pieces[round % pieces.count])
      bytes[start..<end].withUnsafeBytes { masking.take($0, into: &shown) }
      (start, round) = (end, round + 1)
    }
    masking.finish(into: &shown)
    return shown
  }

  /// The same by looking at each place for each secret.
  private static func expected(_ bytes: [UInt8], _ secrets: [String]) -> [UInt8] {
    var isHidden = [Bool](repeating: false, count: bytes.count)
    for secret in secrets.map({ Array($0.utf8) }) {
      for start in bytes.indices.dropLast(secret.count - 1)
      where bytes[start] == secret[0] && bytes[start..<(start + secret.count)].elementsEqual(secret) {
        for place in start..<(start + secret.count) { isHidden[place] = true }
      }
    }
    var shown: [UInt8] = []
    for place in bytes.indices {
      if !isHidden[place] {
        shown.append(bytes[place])
      } else if place == 0 || !isHidden[place - 1] {
        shown += Array("***".utf8)
      }
    }
    return shown
  }

  private static func mask(_ secrets: String...) throws -> SecretMask { try #require(SecretMask(secrets)) }

  @Test func everySecretOfATextIsHidden() throws {
    let mask = try Self.mask("s3cret", "pässwort")
    #expect(mask.masked("a s3cret, s3cre, pässworts; s3cret") == "a ***, s3cre, ***s; ***")
    #expect(mask.masked("nothing") == "nothing")
    #expect(mask.masked("") == "")
    #expect(mask.masked("s3crets3cret") == "***")
  }

  @Test func secretsThatOverlapAreHiddenTogether() throws {
    #expect(try Self.mask("abcd", "cdef").masked("xabcdefx abcd cdef") == "x***x *** ***")
    #expect(try Self.mask("abcd", "abcdef").masked("abcd abcde abcdef") == "*** ***e ***")
    #expect(try Self.mask("abcdefgh", "cdef").masked("abcdefg abcdefgh") == "ab***g ***")
    #expect(try Self.mask("aaaa").masked("aaaaaaab aaa") == "***b aaa")
  }

  @Test func everySplitShowsTheSame() throws {
    let secrets = ["token-one", "one-token", "token", "onetwo"]
    let mask = try #require(SecretMask(secrets))
    let bytes = Array("token-one-token onetw token-on\u{0}\u{FF}onetwoone-toke token".utf8)
    let expected = Self.expected(bytes, secrets)
    for first in 0...bytes.count {
      for second in stride(from: 1, through: bytes.count, by: 3) {
        #expect(Self.shown(bytes, mask, pieces: [max(1, first), second]) == expected)
      }
    }
    #expect(Self.shown(bytes, mask, pieces: [1]) == expected)
  }

  @Test func bytesThatAreNoTextStayAsTheyAre() throws {
    let mask = try Self.mask("geheim")
    let bytes: [UInt8] = [0, 0xFF, 0x67, 0x65, 0x80] + Array("geheim".utf8) + [0xC3]
    #expect(Self.shown(bytes, mask, pieces: [1]) == [0, 0xFF, 0x67, 0x65, 0x80] + Array("***".utf8) + [0xC3])
  }

  @Test func linesOfASecretAreHiddenByThemselves() throws {
    let mask = try Self.mask("-----BEGIN-----\r\n  bGluZQ==\nab\n-----END-----\n")
    #expect(mask.masked("-----BEGIN-----\n> bGluZQ==\nab\n-----END-----\n") == "***\n> ***\nab\n***\n")
    #expect(mask.masked("x-----BEGIN-----\r\n  bGluZQ==\nab\n-----END-----\n") == "x***\n")
  }

  /// As the printers of JavaScript, Python, Go and PHP have it, and as JSON in a text of JSON.
  @Test(
    arguments: [
      "a\"b\\c/é<😀\u{1}\nlast line", #"a\"b\\c/é<😀\u0001\nlast line"#,
      #"a\"b\\c/\u00e9<\ud83d\ude00\u0001\nlast line"#, #"a\"b\\c/é\u003c😀\u0001\nlast line"#,
      #"a\"b\\c\/é<😀\u0001\nlast line"#, #"a\\\"b\\\\c/é<😀\\u0001\\nlast line"#,
      #"a\\\"b\\\\c/\\u00e9<\\ud83d\\ude00\\u0001\\nlast line"#, #"a\\\"b\\\\c/\u00e9<\ud83d\ude00\\u0001\\nlast line"#,
    ])
  func whatJSONMakesOfASecretIsHidden(_ spelled: String) throws {
    let mask = try Self.mask("a\"b\\c/é<😀\u{1}\nlast line")
    #expect(mask.masked(#"{"key": "\#(spelled)"}"#) == #"{"key": "***"}"#)
    #expect(mask.masked(spelled + spelled) == "***")
    for line in [#"\"b\\c"#, #"last lin"#] { #expect(mask.masked(line) == line) }
  }

  @Test func linesOfASecretAreHiddenAsJSONHasThem() throws {
    let mask = try Self.mask("first \"line\"\n\tsecond\\line\n")
    #expect(
      mask.masked(#"{"a": ["second\\line", "first \"line\""], "b": "first \"line"}"#)
        == #"{"a": ["***", "***"], "b": "first \"line"}"#)
  }

  @Test func whateverASecretHasInItJSONHidesIt() throws {
    var dice = SystemRandomNumberGenerator()
    let scalars = (0..<0x80).compactMap(Unicode.Scalar.init) + ["é", "\u{2028}", "😀", "\u{7FF}", "\u{10FFFF}"]
    for _ in 0..<2000 {
      var text = "<"
      for _ in 0..<8 { text.unicodeScalars.append(scalars[Int.random(in: 0..<scalars.count, using: &dice)]) }
      text += ">"
      let printed = JSONValue.string(text).serializedText()
      let shown = try Self.mask(text).masked(JSONValue.array([.string(text), .string(printed)]).serializedText())
      #expect(shown == #"["***","\"***\""]"#, "\(text.debugDescription)")
    }
  }

  @Test func shortTextsAreNoSecrets() throws {
    #expect(SecretMask(["abc", "", " \n", "  abc\n"]) == nil)
    #expect(!SecretMask.hides("abc") && SecretMask.hides("abcd"))
    #expect(try Self.mask("abc", "abcd").masked("abc abcd") == "abc ***")
  }

  @Test func onlyWhatGivesNothingAwayIsShownBeforeItsTime() throws {
    var masking = SecretMasking(try Self.mask("0123456789abcdef"))
    var shown: [UInt8] = []
    func say(_ text: String) { Array(text.utf8).withUnsafeBytes { masking.take($0, into: &shown) } }
    say("n = 01")
    #expect(String(decoding: shown, as: UTF8.self) == "n = " && masking.isReleasable)
    masking.release(into: &shown)
    #expect(String(decoding: shown, as: UTF8.self) == "n = 01" && !masking.isReleasable)
    say("23")
    #expect(!masking.isReleasable)
    masking.release(into: &shown)
    #expect(String(decoding: shown, as: UTF8.self) == "n = 01")
    say("456789abcdef")
    #expect(String(decoding: shown, as: UTF8.self) == "n = 01***")
    say(".")
    masking.finish(into: &shown)
    #expect(String(decoding: shown, as: UTF8.self) == "n = 01***.")
  }

  @Test func theBeginningOfATextEndsBeforeWhatMayBeASecret() throws {
    let mask = try Self.mask("s3cret")
    #expect(mask.masked(beginning: "s3cret, s3cr") == "***, ")
    #expect(mask.masked(beginning: "s3cret") == "***")
  }

  @Test func aMaskTellsNothing() throws {
    let mask = try Self.mask("s3cret")
    var text = ""
    dump(mask, to: &text)
    #expect(!text.contains("115") && "\(mask) \(String(reflecting: mask))" == "SecretMask SecretMask")
  }

  @Test func manyBytesAtRandomAreReadAsPlaceByPlace() throws {
    var dice = SystemRandomNumberGenerator()
    let secrets = ["abba", "baabab", "aabbaabb", "bbbbbbbbbbbb", "abababababababab"]
    let mask = try #require(SecretMask(secrets))
    // Two letters mostly, so that much is almost a secret.
    var bytes = [UInt8](repeating: 0, count: 10_000_000)
    var place = 0
    while place < bytes.count {
      var word = dice.next()
      for _ in 0..<min(32, bytes.count - place) {
        bytes[place] = word & 3 == 3 ? UInt8(truncatingIfNeeded: word >> 2) : 0x61 + UInt8(word & 1)
        word >>= 2
        place += 1
      }
    }
    let shown = Self.shown(bytes, mask, pieces: [65_536, 1, 4_095, 7])
    #expect(shown == Self.expected(bytes, secrets))
  }
}
