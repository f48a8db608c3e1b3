import Glibc
import IonProcess
import IonWorkflow
import Testing

@testable import IonProcess

/// Reading recorded output by offsets.
@Suite struct OutputReaderTests {
  /// A bench with output that was recorded in chunks.
  private func recorded(_ chunks: [(StepStream, [UInt8])]) throws -> Bench {
    let bench = try Bench()
    var recorder = OutputRecorder(bench.files)
    for (stream, bytes) in chunks {
      _ = try bytes.withUnsafeBufferPointer { try recorder.append(UnsafeRawBufferPointer($0), to: stream) }
    }
    return bench
  }

  @Test func whatWasNeverWrittenIsEmpty() throws {
    let bench = try Bench()
    for view in OutputView.allCases {
      let slice = try bench.output.read(view, from: 10, limit: 100, isComplete: true)
      #expect(slice == OutputSlice(text: "", offset: 0, nextOffset: 0, size: 0))
    }
  }

  @Test func piecesSayWhichStreamAPartIsFrom() throws {
    let bench = try recorded([
      (.stdout, Array("ab".utf8)), (.stderr, Array("12".utf8)), (.stderr, Array("3".utf8)), (.stdout, Array("c".utf8)),
    ])
    let all = [
      OutputPiece(.stdout, from: 0, count: 2), OutputPiece(.stderr, from: 0, count: 3),
      OutputPiece(.stdout, from: 2, count: 1),
    ]
    #expect(try bench.output.pieces(from: 0, count: 100) == all)
    #expect(
      try bench.output.pieces(from: 1, count: 2) == [
        .init(.stdout, from: 1, count: 1), .init(.stderr, from: 0, count: 1),
      ])
    #expect(try bench.output.pieces(from: 6, count: 10).isEmpty)
    #expect(OutputPiece.texts(of: "ab123c", all) == ["ab", "123", "c"])
    #expect(OutputPiece.areBehind(stdout: 0, stderr: 0, all) && !OutputPiece.areBehind(stdout: 0, stderr: 1, all))
    #expect(OutputPiece.areBehind(stdout: 7, stderr: 0, [all[1]]))
  }

  @Test(arguments: ["abc", "\u{FFFD}", "aéé"]) func textThatIsNotItsBytesIsNotCut(_ text: String) {
    #expect(OutputPiece.texts(of: text, [.init(.stdout, from: 0, count: 1), .init(.stderr, from: 0, count: 3)]) == nil)
  }

  @Test func aSliceIsCutWhereACharacterEnds() throws {
    let bench = try recorded([(.stdout, Array("aé😀z".utf8))])
    let cuts = [(4, "aé", 3), (5, "aé", 3), (6, "aé", 3), (7, "aé😀", 7), (8, "aé😀z", 8), (100, "aé😀z", 8)]
    for (limit, text, next) in cuts {
      let slice = try bench.output.read(.stdout, from: 0, limit: limit, isComplete: true)
      #expect(slice == OutputSlice(text: text, offset: 0, nextOffset: next, size: 8))
    }
  }

  @Test func aSliceBeginsWhereACharacterBegins() throws {
    let bench = try recorded([(.stdout, Array("aé😀z".utf8))])
    for (offset, begin, text) in [(2, 3, "😀z"), (4, 7, "z"), (6, 7, "z"), (7, 7, "z"), (8, 8, ""), (99, 8, "")] {
      let slice = try bench.output.read(.stdout, from: offset, limit: 100, isComplete: true)
      #expect(slice == OutputSlice(text: text, offset: begin, nextOffset: 8, size: 8))
    }
  }

  @Test func theSmallestLimitGetsOneCharacterAhead() throws {
    let bench = try recorded([(.stdout, Array("😀😀".utf8))])
    #expect(try bench.output.read(.stdout, from: 0, limit: 0, isComplete: true).nextOffset == 4)
    let second = try bench.output.read(.stdout, from: 1, limit: 0, isComplete: true)
    #expect(second == OutputSlice(text: "😀", offset: 4, nextOffset: 8, size: 8))
  }

  @Test func invalidBytesShowAsReplacementsAndCountAsBytes() throws {
    let bench = try recorded([(.stdout, [0x61, 0xFF, 0x80, 0x80, 0x80, 0x80, 0x62])])
    let slice = try bench.output.read(.stdout, from: 0, limit: 100, isComplete: true)
    #expect(slice == OutputSlice(text: "a\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}b", offset: 0, nextOffset: 7, size: 7))
    #expect(try bench.output.read(.stdout, from: 3, limit: 100, isComplete: true).offset == 3)
  }

  @Test func aCharacterThatIsCutOffWaitsForItsRestUntilTheEnd() throws {
    let bench = try recorded([(.stdout, [0x61, 0xF0, 0x9F])])
    let waiting = try bench.output.read(.stdout, from: 0, limit: 100, isComplete: false)
    #expect(waiting == OutputSlice(text: "a", offset: 0, nextOffset: 1, size: 3))
    let final = try bench.output.read(.stdout, from: 0, limit: 100, isComplete: true)
    #expect(final == OutputSlice(text: "a\u{FFFD}", offset: 0, nextOffset: 3, size: 3))
  }

  @Test func theTailIsTheLastOfAView() throws {
    let bench = try recorded([(.stderr, Array("one\ntwo €".utf8)), (.stdout, Array("out".utf8))])
    #expect(try bench.output.tail(.stderr, limit: 5, isComplete: true).text == "o €")
    #expect(try bench.output.tail(.stderr, limit: 4, isComplete: true).text == " €")
    #expect(try bench.output.tail(.stderr, limit: 2, isComplete: true).text == "")
    #expect(try bench.output.tail(.stderr, limit: 500, isComplete: true).text == "one\ntwo €")
    #expect(try bench.output.tail(.merged, limit: 6, isComplete: true).text == "€out")
  }

  @Test func onlyStdoutNeedsNoIndex() throws {
    let bench = try recorded([(.stdout, [1]), (.stdout, [2])])
    #expect(access(bench.files.arrival.text, F_OK) != 0)
    #expect(try bench.text(.merged) == "\u{1}\u{2}")
  }

  /// Slices of any size and place, put one behind the other, are the output; the index is small beside it.
  @Test(arguments: [(1, 20000), (100, 2000), (5000, 40)])
  func everyOffsetOfTheMergedViewCanBeRead(longest: Int, count: Int) throws {
    var dice = Dice(seed: UInt64(longest))
    var chunks: [(StepStream, [UInt8])] = []
    for _ in 0..<count {
      let bytes = (0..<Int.random(in: 1...longest, using: &dice)).map { _ in UInt8.random(in: 0x20...0x7E, using: &dice)
      }
      chunks.append((Bool.random(using: &dice) ? .stdout : .stderr, bytes))
    }
    let bench = try recorded(chunks)
    let expected = chunks.flatMap(\.1)
    for _ in 0..<50 {
      let offset = Int.random(in: 0...expected.count, using: &dice)
      let limit = Int.random(in: 4...20000, using: &dice)
      let slice = try bench.output.read(.merged, from: offset, limit: limit, isComplete: true)
      #expect(Array(slice.text.utf8) == Array(expected[offset..<min(offset + limit, expected.count)]))
      #expect(slice.size == expected.count)
    }
    var status = stat()
    try #require(stat(bench.files.arrival.text, &status) == 0)
    #expect(Int(status.st_size) <= expected.count + ArrivalIndex.blockSize)
  }

  @Test func anIndexCutShortByACrashLosesNoBytes() throws {
    let chunks: [(StepStream, [UInt8])] = (0..<5000).map { index in
      (index % 2 == 0 ? .stdout : .stderr, Array("\(index % 10)".utf8))
    }
    let bench = try recorded(chunks)
    let expected = chunks.flatMap(\.1)
    for size in [4113, 4112, 4100, 4096, 4095, 1000, 17, 16, 5, 0] {
      try #require(truncate(bench.files.arrival.text, size) == 0)
      let slice = try bench.output.read(.merged, from: 0, limit: 10000, isComplete: true)
      #expect(slice.text.utf8.sorted() == expected.sorted())
    }
  }

  @Test func dataCutShortByACrashEndsTheMergedView() throws {
    let bench = try recorded([(.stdout, Array("abc".utf8)), (.stderr, Array("def".utf8)), (.stdout, Array("ghi".utf8))])
    try #require(truncate(bench.files.file(.stderr).text, 1) == 0)
    let slice = try bench.output.read(.merged, from: 0, limit: 100, isComplete: true)
    #expect(slice == OutputSlice(text: "abcd", offset: 0, nextOffset: 4, size: 4))
  }

  @Test func anIndexOfNonsenseIsHarmless() throws {
    let bench = try recorded([(.stdout, Array("abc".utf8)), (.stderr, Array("def".utf8))])
    var dice = Dice(seed: 7)
    for _ in 0..<60 {
      let nonsense = (0..<Int.random(in: 0...9000, using: &dice)).map { _ in UInt8.random(in: 0...255, using: &dice) }
      try bench.overwrite(bench.files.arrival, with: nonsense)
      for offset in 0...7 {
        let slice = try bench.output.read(.merged, from: offset, limit: 100, isComplete: true)
        #expect(slice.text.utf8.count <= 6)
      }
    }
  }
}

/// What is found out about a stream while it arrives, however it is cut.
@Suite struct StreamDigestTests {
  private func summary(_ bytes: [UInt8], cutEvery step: Int) -> StreamSummary {
    var digest = StreamDigest()
    bytes.withUnsafeBytes { whole in
      for start in stride(from: 0, to: whole.count, by: step) {
        digest.update(UnsafeRawBufferPointer(rebasing: whole[start..<min(start + step, whole.count)]))
      }
    }
    return digest.finish()
  }

  @Test func theCutsDoNotMatter() {
    var dice = Dice(seed: 11)
    let pieces: [[UInt8]] = [
      [0x0A], [0x0A, 0x0A], Array("text".utf8), Array("é".utf8), Array("€".utf8), Array("😀".utf8),
      Array(repeating: 0x61, count: 20),
      [0], [0xFF], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
    ]
    for _ in 0..<2000 {
      // The later pieces make it no text.
      let usable = Bool.random(using: &dice) ? pieces.count : 7
      let bytes = (0..<Int.random(in: 0...12, using: &dice)).flatMap { _ in
        pieces[Int.random(in: 0..<usable, using: &dice)]
      }
      let value = Array(bytes.reversed().drop { $0 == 0x0A }.reversed())
      let whole = summary(bytes, cutEvery: max(1, bytes.count))
      #expect(whole.isText == (String(validating: value, as: UTF8.self) != nil && !value.contains(0)), "\(bytes)")
      #expect(whole.length == value.count)
      for step in 1...9 { #expect(summary(bytes, cutEvery: step) == whole) }
    }
  }
}

/// Random numbers that are the same in every run.
private struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
