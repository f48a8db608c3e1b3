import IonJSON
import Testing

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

@Suite struct JSONFuzzTests {
  static func randomText(_ generator: inout SplitMix) -> String {
    let alphabet: [Unicode.Scalar] = ["a", "\"", "\\", "\n", "\0", "é", "\u{301}", "€", "😀", "/", "\u{7F}", "\u{FFFD}"]
    var text = ""
    for _ in 0..<Int.random(in: 0...12, using: &generator) {
      text.unicodeScalars.append(alphabet.randomElement(using: &generator) ?? "a")
    }
    return text
  }

  static func randomValue(_ generator: inout SplitMix, depth: Int = 0) -> JSONValue {
    switch Int.random(in: 0...(depth > 3 ? 5 : 8), using: &generator) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &generator))
    case 2: return .integer(Int64(bitPattern: generator.next()) >> Int.random(in: 0...63, using: &generator))
    case 3: return JSONNumber(Double(bitPattern: generator.next())).map(JSONValue.number) ?? .null
    case 4, 5: return .string(randomText(&generator))
    case 6:
      return .array(
        (0..<Int.random(in: 0...5, using: &generator)).map { _ in randomValue(&generator, depth: depth + 1) })
    default:
      var object = JSONObject()
      for _ in 0..<Int.random(in: 0...(depth == 0 ? 24 : 4), using: &generator) {
        object[randomText(&generator)] = randomValue(&generator, depth: depth + 1)
      }
      return .object(object)
    }
  }

  @Test(arguments: 0..<200) func whatIsWrittenReadsBackAsTheSame(seed: Int) throws {
    var generator = SplitMix(seed)
    let value = Self.randomValue(&generator)
    let bytes = value.serialized()
    #expect(try JSONParser().parse(bytes) == value)
    #expect(try JSONParser().parse(bytes).serialized() == bytes)
    #expect(try JSONParser().parse(value.prettyText()) == value)
  }

  /// Whatever is done to a text: it is refused, or what it means is written and read without a change.
  @Test(arguments: 0..<400) func mutatedTextIsRefusedOrReadExactly(seed: Int) {
    var generator = SplitMix(seed)
    var bytes = Self.randomValue(&generator).serialized()
    let pieces: [[UInt8]] =
      ["\\u", "\\ud800", "\"", ",", "]", "}", "1e", "-", ":", "tru"].map { Array($0.utf8) } + [[0xED, 0xA0], [0xFF]]
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let place = Int.random(in: 0...bytes.count, using: &generator)
      switch Int.random(in: 0...3, using: &generator) {
      case 0 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 1 where place < bytes.count: bytes.remove(at: place)
      case 2: bytes.removeSubrange(place...)
      default: bytes.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: place)
      }
    }
    checkReading(bytes)
  }

  @Test(arguments: 0..<200) func randomBytesNeverCrashTheParser(seed: Int) {
    var generator = SplitMix(seed)
    let alphabet = Array("[]{}:,\"\\u0dD8aeE+-.0123456789nulltruefalse \u{E9}".utf8) + [0x00, 0x80, 0xFF]
    checkReading(
      (0..<Int.random(in: 0...60, using: &generator)).map { _ in alphabet.randomElement(using: &generator) ?? 0 })
  }

  @Test(arguments: 0..<100) func everyPrefixOfAContainerEndsTooEarly(seed: Int) {
    var generator = SplitMix(seed)
    let bytes = JSONValue.array([Self.randomValue(&generator)]).serialized()
    for length in 0..<bytes.count {
      #expect(throws: JSONFailure.self) { try JSONParser().parse(Array(bytes[..<length])) }
    }
  }

  private func checkReading(_ bytes: [UInt8]) {
    do throws(JSONFailure) {
      let value = try JSONParser().parse(bytes)
      #expect(try JSONParser().parse(value.serialized()) == value)
      #expect(String(validating: bytes, as: UTF8.self) != nil, "accepted what is not UTF-8")
    } catch {
      #expect((0...bytes.count).contains(error.offset))
    }
  }
}
