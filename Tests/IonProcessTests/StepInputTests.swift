import Glibc
import IonProcess
import IonWorkflow
import Synchronization
import Testing

/// Programs whose stdin stays open, and what they print as it is.
@Suite struct StepInputTests {
  private func launched(_ bench: Bench, _ script: String, limits: StepLimits = StepLimits()) async throws -> LiveStep {
    var command = bench.bash(script)
    command.input = .open
    return try await bench.start(command, limits: limits)
  }

  @Test func whatIsWrittenIsReadAtOnce() async throws {
    let bench = try Bench()
    let step = try await launched(bench, "while read -r line; do echo \"got $line\"; done; echo end")
    step.process.write(Array("one\n".utf8))
    try await step.waitForText("got one\n")
    step.process.write(Array("two\n".utf8))
    try await step.waitForText("got two\n")
    step.process.closeInput()
    #expect(await step.process.result().ending == .exited(0))
    #expect(try bench.text(.stdout) == "got one\ngot two\nend\n")
  }

  @Test func whatIsNotReadYetIsKept() async throws {
    let bench = try Bench()
    let gate = try bench.gate("gate")
    let step = try await launched(bench, "echo up; read -r _ < gate; wc -c")
    try await step.waitForText("up")
    for _ in 0..<64 { step.process.write([UInt8](repeating: 65, count: 64 * 1024)) }
    step.process.closeInput()
    gate.open()
    _ = await step.process.result()
    #expect(try bench.text(.stdout) == "up\n\(64 * 64 * 1024)\n")
  }

  @Test func whoDoesNotReadIsNotWaitedFor() async throws {
    let bench = try Bench()
    let step = try await launched(bench, "exec <&-; echo closed; read -r _ < /dev/null; exit 3")
    try await step.waitForText("closed")
    step.process.write([UInt8](repeating: 65, count: 1 << 20))
    step.process.closeInput()
    #expect(await step.process.result().ending == .exited(3))
    step.process.write([65])
  }

  @Test func silenceIsAllowedWhileSomebodyElseHasTheWord() async throws {
    let bench = try Bench()
    var command = bench.bash("sleep 0.2; read -r line; echo \"$line\"; exec sleep 1000")
    command.input = .open
    let holder = Holder()
    let result = await withCheckedContinuation { continuation in
      StepProcess.launch(
        command, output: bench.files, limits: StepLimits(idleTimeout: .milliseconds(50)),
        onBytes: { _, _ in holder.process.withLock { $0 }?.setPatient(false) },
        onStart: { process in
          holder.process.withLock { $0 = process }
          process.setPatient(true)
          process.write(Array("on\n".utf8))
        }, onEnd: { continuation.resume(returning: $0) })
    }
    #expect(try result.get().ending == .idledOut)
    #expect(try bench.text(.stdout) == "on\n", "it was silent for longer than it may be, and went on")
  }

  @Test func bytesComeAsTheyAre() async throws {
    let bench = try Bench()
    var command = bench.bash("printf 'a\\0\\377secret'; printf e >&2")
    command.secrets = SecretMask(["secret"])
    let (bytes, sink) = AsyncStream<(StepStream, [UInt8])>.makeStream()
    _ = await withCheckedContinuation { continuation in
      StepProcess.launch(
        command, output: bench.files, onBytes: { sink.yield(($0, Array($1))) }, onStart: { _ in },
        onEnd: { continuation.resume(returning: $0) })
    }
    sink.finish()
    var all: [StepStream: [UInt8]] = [:]
    for await (stream, piece) in bytes { all[stream, default: []] += piece }
    #expect(all[.stdout] == [97, 0, 255] + Array("secret".utf8))
    #expect(all[.stderr] == [101])
    #expect(try !bench.text(.stdout).contains("secret"))
  }
}

/// The process of a test, for whoever hears of it.
private final class Holder: Sendable {
  let process = Mutex<StepProcess?>(nil)
}
