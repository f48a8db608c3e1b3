import Foundation
import Glibc
import IonDigest
import IonProcess
import IonWorkflow
import Testing

/// What a step prints, and what is kept of it.
@Suite struct OutputTests {
  /// Output in all its shapes: a Python expression of bytes, and these bytes.
  private static let shapes: [(expression: String, bytes: [UInt8])] = [
    ("b''", []),
    ("b'\\n'", Array("\n".utf8)),
    ("b'\\n\\n\\n'", Array("\n\n\n".utf8)),
    ("b'no newline'", Array("no newline".utf8)),
    ("b'line\\n'", Array("line\n".utf8)),
    ("b'a\\n\\nb\\r\\n\\n'", Array("a\n\nb\r\n\n".utf8)),
    ("b'x' * 65536", Array(repeating: 0x78, count: 65536)),
    ("b'x' * 65537", Array(repeating: 0x78, count: 65537)),
    ("b'\\n' * 200000 + b'x'", Array(repeating: 0x0A, count: 200_000) + [0x78]),
    ("b'\\n' * 200000", Array(repeating: 0x0A, count: 200_000)),
    ("'\u{e9}\u{1F600}'.encode() * 30000", Array(repeatElement(Array("\u{e9}\u{1F600}".utf8), count: 30000).joined())),
    ("b'a\\x00b'", [0x61, 0, 0x62]),
    ("b'\\x00\\n'", [0, 0x0A]),
    ("b'\\xff\\xfe'", [0xFF, 0xFE]),
    ("b'cut \\xf0\\x9f\\x98'", Array("cut ".utf8) + [0xF0, 0x9F, 0x98]),
    ("b'surrogate \\xed\\xa0\\x80'", Array("surrogate ".utf8) + [0xED, 0xA0, 0x80]),
  ]

  @Test(arguments: shapes.indices)
  func everyByteIsKeptAndMeasured(index: Int) async throws {
    let (expression, bytes) = Self.shapes[index]
    let bench = try Bench()
    let script = "import sys; sys.stdout.buffer.write(\(expression)); sys.stderr.buffer.write(\(expression))"
    let result = try await bench.run(bench.python(script))
    #expect(try bench.output.bytes(.stdout, in: 0..<bytes.count + 1) == bytes)
    let value = Array(bytes.reversed().drop { $0 == 0x0A }.reversed())
    let isText = String(validating: value, as: UTF8.self) != nil && !value.contains(0)
    let expected = StreamSummary(length: value.count, sha256: SHA256.hex(of: value), isText: isText, size: bytes.count)
    #expect(result.stdout == expected)
    #expect(result.stderr == expected)
  }

  @Test func theStreamsAreMergedAsTheyArrive() async throws {
    let bench = try Bench()
    let gate = try bench.gate("go")
    let step = try await bench.start(
      bench.bash("for i in 1 2 3 4 5 6; do echo $i >&$((i % 3 / 2 + 1)); read < go; done"))
    var expected = ""
    for index in 1...6 {
      expected += "\(index)\n"
      try await step.waitForText(expected, in: .merged)
      gate.open()
    }
    _ = await step.process.result()
    #expect(try bench.text(.merged) == "1\n2\n3\n4\n5\n6\n")
    #expect(try bench.text(.stderr) == "2\n5\n")
  }

  @Test func chunksSayWhereTheirBytesAre() async throws {
    let bench = try Bench()
    let step = try await bench.start(bench.bash("for i in $(seq 2000); do echo out $i; echo err $i >&2; done"))
    let result = await step.process.result()
    var ends: [StepStream: Int] = [:]
    for await chunk in step.chunks {
      #expect(chunk.offset == ends[chunk.stream, default: 0])
      ends[chunk.stream, default: 0] += chunk.count
    }
    #expect(ends == [.stdout: result.stdout.size, .stderr: result.stderr.size])
  }

  @Test func outputCanBeReadWhileItIsWritten() async throws {
    let bench = try Bench()
    let gate = try bench.gate("go")
    let step = try await bench.start(bench.bash("printf 'caf\\303'; read < go; printf '\\251 noir'; read < go"))
    try await step.waitForText("caf")
    var slice = try bench.output.read(.stdout, from: 0, limit: 100, isComplete: false)
    #expect(slice == OutputSlice(text: "caf", offset: 0, nextOffset: 3, size: 4))
    gate.open()
    try await step.waitForText("noir")
    slice = try bench.output.read(.stdout, from: slice.nextOffset, limit: 100, isComplete: false)
    #expect(slice == OutputSlice(text: "é noir", offset: 3, nextOffset: 10, size: 10))
    gate.open()
    #expect(await step.process.result().stdout.isText)
  }

  @Test func aSlowListenerSlowsItsStepAndLosesNothing() async throws {
    let bench = try Bench()
    let process = try await StepProcess.start(bench.bash("seq 50000"), output: bench.files) { _ in
      for _ in 0..<100 { sched_yield() }
    }
    #expect(await process.result().stdout.size == 288_894)
  }

  @Test func whatCannotBeWrittenDownStopsTheStep() async throws {
    let bench = try Bench()
    try bench.write("in the way", to: "log")
    let result = try await bench.run(bench.bash("echo lost; sleep 1000"))
    #expect(
      result.ending == .unrecorded(OutputFailure(.open, bench.files.file(.stdout), errno: ENOTDIR)))
    #expect(result.exit == .signalled(SIGTERM))
    #expect(result.stdout.size == 0)
  }

  @Test func lastWordsThatCannotBeWrittenDownAreNotASuccess() async throws {
    let bench = try Bench()
    try bench.write("in the way", to: "log")
    guard case .unrecorded = try await bench.run(bench.bash("echo lost")).ending else {
      Issue.record("the step succeeded without its output")
      return
    }
  }

  @Test func theOutputOfAnotherAttemptIsNeverMixedIn() async throws {
    let bench = try Bench()
    #expect(try await bench.run(bench.bash("echo one")).ending == .exited(0))
    let failure = OutputFailure(.open, bench.files.file(.stdout), errno: EEXIST)
    #expect(try await bench.run(bench.bash("echo two")).ending == .unrecorded(failure))
    #expect(try bench.text(.stdout) == "one\n")
  }

  @Test func folderThatWasTakenAwayIsNotMadeAgain() async throws {
    let bench = try Bench()
    let root = bench.folder.appending("root")
    let files = OutputFiles(root.appending("a/b"), below: root)
    let lost = try await StepProcess.start(bench.bash("echo out"), output: files).result().ending
    #expect(lost == .unrecorded(OutputFailure(.makeFolder, root.appending("a"), errno: ENOENT)))
    #expect(access(root.text, F_OK) != 0)
    #expect(mkdir(root.text, 0o700) == 0)
    #expect(try await StepProcess.start(bench.bash("echo out"), output: files).result().ending == .exited(0))
  }

  /// Wants a folder on a file system with less than 1 MB of room.
  @Test(.enabled(if: isAsked("ION_TEST_SMALL_DISK"))) func aFullDiskStopsTheStep() async throws {
    let bench = try Bench()
    let disk = try #require(getenv("ION_TEST_SMALL_DISK").flatMap { AbsolutePath(String(cString: $0)) })
    let files = OutputFiles(disk.appending(bench.folder.name))
    let result = try await StepProcess.start(bench.bash("yes"), output: files).result()
    guard case .unrecorded(let failure) = result.ending else {
      Issue.record("\(result)")
      return
    }
    #expect(failure.isDiskFull)
    let kept = try OutputReader(files).bytes(.stdout, in: 0..<result.stdout.size + 1)
    #expect(kept.count == result.stdout.size)
  }

  @Test func memoryStaysFlatWhateverIsPrinted() async throws {
    await #expect(processExitsWith: .success) {
      let bench = try Bench()
      let first = OutputFiles(bench.folder.appending("first"))
      #expect(try await StepProcess.start(bench.bash("echo"), output: first).result().ending == .exited(0))
      let before = try peakMemory()
      let result = try await bench.run(bench.bash("yes 0123456789abcdef | head -c 200000000"))
      #expect(try peakMemory() - before < 20 * 1024)
      #expect(result.stdout.size == 200_000_000)
      #expect(result.stdout.sha256 == "fb9c1813a4e175b4d1cd1018155b509c6432b771163d6e1fa4b0dd526530d6ee")
    }
  }
}

/// The most memory that this process has had at once, in KB.
private func peakMemory() throws -> Int {
  let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
  let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
  return try #require(line.split(separator: " ").compactMap { Int($0.filter(\.isNumber)) }.first)
}
