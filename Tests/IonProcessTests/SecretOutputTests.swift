import IonDigest
import IonProcess
import IonWorkflow
import Testing

/// What a step prints of its secrets.
@Suite struct SecretOutputTests {
  private func hiding(_ secret: String, in command: StepCommand) -> StepCommand {
    var command = command
    command.secrets = SecretMask([secret])
    return command
  }

  @Test func aSecretIsInNoFile() async throws {
    let bench = try Bench()
    let script = "echo a s3cret-text b; echo s3cret-text >&2; printf 's3cret-te'"
    let result = try await bench.run(hiding("s3cret-text", in: bench.bash(script)))
    #expect(try bench.text(.stdout) == "a *** b\ns3cret-te")
    #expect(try bench.text(.stderr) == "***\n")
    let shown = Array("a *** b\ns3cret-te".utf8)
    #expect(
      result.stdout
        == StreamSummary(length: shown.count, sha256: SHA256.hex(of: shown), isText: true, size: shown.count))
  }

  @Test func aSecretInTwoWritesIsHidden() async throws {
    let bench = try Bench()
    let gate = try bench.gate("go")
    let script = """
      printf 'one s3cre'; printf 'two s3cre' >&2; printf .; read < go; printf 't-text end'; printf 't-text end\\n' >&2
      printf 's3cre'; echo now >&2; read < go; printf 't-text\\n'
      """
    let step = try await bench.start(hiding("s3cret-text", in: bench.bash(script)))
    try await step.waitForText("one s3cre.")
    gate.open()
    try await step.waitForText("two *** end\nnow", in: .stderr)
    #expect(try bench.text(.stdout) == "one s3cre.t-text end")
    gate.open()
    _ = await step.process.result()
    #expect(try bench.text(.stdout) == "one s3cre.t-text end***\n")
    let both = try bench.text(.merged)
    #expect(both.hasPrefix("one ") && both.hasSuffix("*** end\nnow\n***\n") && !both.contains("s3cret-text"), "\(both)")
  }

  @Test func whatMayBeASecretIsShownWhileTheStepWaits() async throws {
    let bench = try Bench()
    let gate = try bench.gate("go")
    let step = try await bench.start(
      hiding("s3cret-text", in: bench.bash("printf 'sure? [y/n] s'; read < go; printf '3cret-text'")))
    try await step.waitForText("sure? [y/n] s")
    gate.open()
    _ = await step.process.result()
    #expect(try bench.text(.stdout) == "sure? [y/n] s***")
  }

  @Test func chunksSayWhereTheShownBytesAre() async throws {
    let bench = try Bench()
    let step = try await bench.start(
      hiding("s3cret-text", in: bench.bash("for i in $(seq 300); do echo $i s3cret-text; echo s3cret-text >&2; done")))
    let result = await step.process.result()
    var ends: [StepStream: Int] = [:]
    for await chunk in step.chunks {
      #expect(chunk.offset == ends[chunk.stream, default: 0] && chunk.count > 0)
      ends[chunk.stream, default: 0] += chunk.count
    }
    #expect(ends == [.stdout: result.stdout.size, .stderr: result.stderr.size])
    #expect(ends[.stderr] == 300 * 4)
  }
}
