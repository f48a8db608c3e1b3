import IonTestSupport
import IonWorkflow
import Testing

@testable import IonWorkflowFile

/// The same numbers for the same seed.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

/// Right files made wrong in every way: nothing crashes, nothing takes long, and every answer makes sense.
@Suite struct FuzzTests {
  static let tokens = [
    "\n", "\t", "\r\n", "  ", ": ", "- ", "? ", "&a ", "*a", "<<: *a\n", "!!int ", "!x ", "[", "]", "{", "}", ",", "\"",
    "'",
    "|", ">", "|2-\n", "#", "\\", "\\u12", "---\n", "...\n", "%YAML 1.2\n", "\u{FEFF}", "é", "🎈", "\u{2028}", "\u{85}",
    "\0", "$plan.output", "$INPUTS.target", "$LOOP_PREV.x.output", "$$", "nodes:", "id: plan", "depends_on: [compile]",
    "when: ", "loop_group: ", "approval: {message: x}", "null", "~", "1e9999", "-0", "999999999999999999999", "0x",
    "1h",
  ]

  /// A file with some changes: bytes flipped, cut, doubled, moved, or tokens put in.
  static func mutated(_ bytes: [UInt8], _ numbers: inout SeededNumbers) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...6, using: &numbers) {
      let place = Int.random(in: 0...result.count, using: &numbers)
      let end = min(result.count, place + Int.random(in: 0...30, using: &numbers))
      switch Int.random(in: 0..<6, using: &numbers) {
      case 0 where place < result.count: result[place] = UInt8.random(in: .min ... .max, using: &numbers)
      case 1: result.removeSubrange(place..<end)
      case 2: result.insert(contentsOf: Array(result[place..<end]), at: place)
      case 3: result = Array(result[..<place])
      default: result.insert(contentsOf: Array((tokens.randomElement(using: &numbers) ?? "").utf8), at: place)
      }
    }
    return result
  }

  @Test(arguments: 0..<40)
  func mutatedFilesAreReadSomehow(_ seed: Int) {
    var numbers = SeededNumbers(seed: UInt64(seed))
    for _ in 0..<30 {
      let original = Corpus.valid.randomElement(using: &numbers)?.text ?? ""
      let bytes = Self.mutated(Array(original.utf8), &numbers)
      let measured = WorkflowReader.measured(bytes, fileName: "file.yaml")
      let reading = measured.reading
      #expect((reading.definition == nil) == reading.isRejected)
      #expect(measured.work < 2000 + 40 * bytes.count)
      let lines = String(decoding: bytes, as: UTF8.self).unicodeScalars.filter { $0 == "\n" || $0 == "\r" }.count
      for diagnostic in reading.diagnostics {
        #expect(diagnostic.range.start <= diagnostic.range.end, "\(diagnostic)")
        #expect(diagnostic.range.end.line <= lines && diagnostic.range.start.column >= 0, "\(diagnostic)")
        #expect(!diagnostic.message.isEmpty && diagnostic.message.utf8.count < 2000)
      }
      let configuration = ConfigReader.read(bytes)
      #expect((configuration.configuration == nil) == configuration.diagnostics.contains { $0.severity == .error })
    }
  }
}
