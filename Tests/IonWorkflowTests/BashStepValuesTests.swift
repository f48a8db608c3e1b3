import Foundation
import Testing

@testable import IonWorkflow

/// How values get to a step's shell.
@Suite struct BashStepValuesTests {
  private func rewriting(_ body: String) -> BashRewriting { BashBody.parse(body).body.rewritten() }

  private func folder() throws -> AbsolutePath { try #require(AbsolutePath("/values/of 'this'\u{301} step")) }

  @Test func smallValuesAreEnvironment() throws {
    let step = try StepValues(rewriting("echo $a.output $b.output"), values: ["1", ""], folder: folder())
    #expect(step.environment.map(\.name) == ["ION_V0", "ION_V1"])
    #expect(step.environment.map(\.value) == ["1", ""])
    #expect(step.files == [])
    #expect(step.text == "echo \"${ION_V0}\" \"${ION_V1}\"")
    #expect(!step.needsFile)
  }

  @Test func largeValuesAreFiles() throws {
    let limit = StepValues.valueLimit
    let values = [String(repeating: "a", count: limit), String(repeating: "b", count: limit + 1)]
    let step = try StepValues(rewriting("echo $a.output $b.output"), values: values, folder: folder())
    #expect(step.environment.map(\.name) == ["ION_V0"])
    #expect(step.files.map(\.name) == ["ION_V1", "load.bash"])
    let isWhole = step.files[0].bytes == Array(values[1].utf8)
    #expect(isWhole)
    let loading = ". '/values/of '\\''this'\\''\u{301} step/load.bash' || exit 125; "
    #expect(step.text == loading + "echo \"${ION_V0}\" \"${ION_V1}\"")
  }

  @Test func theEnvironmentHoldsNoMoreThanItsTotal() throws {
    let count = StepValues.totalLimit / StepValues.valueLimit + 3
    let body = "echo " + (0..<count).map { "$n\($0).output" }.joined(separator: " ")
    let value = String(repeating: "é", count: StepValues.valueLimit / 2)
    let step = try StepValues(
      rewriting(body), values: (0..<count).map { $0 == count - 1 ? "" : value }, folder: folder())
    #expect(step.environment.map(\.value.utf8.count).reduce(0, +) == StepValues.totalLimit)
    #expect(step.environment.count == count - 2)
    #expect(step.environment.last?.name == "ION_V\(count - 1)")
    #expect(step.files.count == 3)
  }

  @Test func aLongBodyNeedsAFile() throws {
    let body = "echo $n.output #"
    let long = body + String(repeating: "x", count: StepValues.argumentLimit)
    #expect(try !StepValues(rewriting(body), values: [""], folder: folder()).needsFile)
    #expect(try StepValues(rewriting(long), values: [""], folder: folder()).needsFile)
  }

  @Test func aNULIsRefused() throws {
    #expect(throws: StepValueFailure(reference: Reference(.output("n")), reason: .nul)) {
      _ = try StepValues(rewriting("echo $n.output"), values: ["a\0b"], folder: folder())
    }
  }

  @Test func theFirstBadValueIsNamed() throws {
    let body = rewriting("echo $a.output $((1 + $b.output)) $((1 + $c.output))")
    let failure = #expect(throws: StepValueFailure.self) {
      _ = try StepValues(body, values: ["x", "1", "$(touch pwned)"], folder: folder())
    }
    #expect(failure?.reference == Reference(.output("c")))
    #expect(failure?.message.contains("pwned") == false)
    #expect(failure?.message.contains("c.output") == true)
  }

  // MARK: In a real bash

  /// Runs a body as a step does.
  private func run(
    _ body: String, _ values: [String], environment: [String: String] = [:], losing lost: String? = nil
  ) async throws -> (status: Int32, output: Data) {
    let place = try BashBench.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: place) }
    // A quote with a combining mark behind it is one character, and still a quote.
    let folder = place.appendingPathComponent("it's '\u{301}here'")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let step = try StepValues(rewriting(body), values: values, folder: try #require(AbsolutePath(folder.path)))
    for file in step.files where file.name != lost {
      try Data(file.bytes).write(to: folder.appendingPathComponent(file.name))
    }
    var variables = environment
    for entry in step.environment { variables[entry.name] = entry.value }
    guard step.needsFile else { return try await BashBench.bash(["-c", step.text], in: place, environment: variables) }
    let script = folder.appendingPathComponent("body.bash")
    try Data(step.text.utf8).write(to: script)
    return try await BashBench.bash([script.path], in: place, environment: variables)
  }

  /// About 10 MB with every ASCII character but NUL and some beyond, and newlines at its end.
  private static let tenMegabytes: String = {
    let line = String(decoding: Array(1...127) as [UInt8], as: UTF8.self) + "é漢👩‍👩‍👧\u{2028}$(touch pwned)`x`\\\r\n"
    return String(repeating: line, count: 10 * 1024 * 1024 / line.utf8.count) + "\n\n\n"
  }()

  @Test(arguments: ["printf %s \"$n.output\"", "printf %s '$n.output'", "cat <<'EOF'\n$n.output\nEOF\n"])
  func tenMegabytesArriveByteForByte(body: String) async throws {
    let (status, output) = try await run(body, [Self.tenMegabytes])
    #expect(status == 0)
    let expected = Data((Self.tenMegabytes + (body.hasPrefix("cat") ? "\n" : "")).utf8)
    #expect(output.count == expected.count)
    // Told apart first: what differs between large values takes hours to list.
    let isWhole = output == expected
    #expect(isWhole)
  }

  @Test(arguments: [1, 2, 63, 64, 4095, 4096, 65_535, 65_536, 65_537, 131_071, 131_072, 131_073, 1 << 20])
  func valuesOfEveryLengthArrive(bytes: Int) async throws {
    let value = hostileText(bytes: bytes)
    #expect(value.utf8.count == bytes)
    let (status, output) = try await run("printf %s \"$n.output\"", [value])
    #expect(status == 0)
    let isWhole = output == Data(value.utf8)
    #expect(isWhole)
  }

  @Test func theEnvironmentCarriesHostileValuesWhole() async throws {
    let values = hostileValues + [everythingAtOnce]
    let words = values.indices.map { "\"$n\($0).output\" '$n\($0).output'" }
    let (_, output) = try await run("printf '%s\\0' " + words.joined(separator: " "), values)
    let printed = output.split(separator: 0, omittingEmptySubsequences: false).dropLast()
    let isWhole = printed.map { Data($0) } == values.flatMap { [Data($0.utf8), Data($0.utf8)] }
    #expect(isWhole)
  }

  @Test(arguments: [
    ["POSIXLY_CORRECT": "1"], ["SHELLOPTS": "errexit:nounset:noclobber:pipefail"], ["SHELLOPTS": "allexport"],
    ["LC_ALL": "C"],
    ["LC_ALL": "", "LANG": "C.UTF-8"], ["IFS": "x"],
  ])
  func filesAreReadWhateverTheShellIsToldToBe(environment: [String: String]) async throws {
    let value = String(repeating: "x é\n", count: 20_000) + "\n"
    // A program that is started later gets none of the large variables, or the kernel would refuse it.
    let body =
      "printf %s $n.output; /bin/echo \"${#LC_ALL}\" > /dev/null && printf '|%s' \"$(env | grep -c '^ION_V\\|ion_')\" ok"
    let (status, output) = try await run(body + " || :", [value], environment: environment)
    #expect(status == 0)
    let isWhole = output == Data((value + "|0|ok").utf8)
    #expect(isWhole)
  }

  @Test func theLocaleIsAsItWas() async throws {
    let value = String(repeating: "é", count: 50_000)
    let (_, output) = try await run("x=$n.output; printf '%s|' ${#x} \"${LC_ALL-}\"; type -t ion_load", [value])
    #expect(String(decoding: output, as: UTF8.self) == "50000|C.UTF-8|")
  }

  @Test func theUsersOwnStartFileStillRuns() async throws {
    let place = try BashBench.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: place) }
    try Data("mine=1; runs=$((runs + 1))\n".utf8).write(to: place.appendingPathComponent("start"))
    let value = String(repeating: "a", count: 100_000)
    let (_, output) = try await run(
      "x=$n.output; printf '%s|' $mine $runs ${#x} \"$BASH_ENV\"", [value],
      environment: ["BASH_ENV": "$PLACE/start", "PLACE": place.path])
    #expect(String(decoding: output, as: UTF8.self) == "1|1|100000|$PLACE/start|")
  }

  @Test(arguments: ["ION_V0", "load.bash"])
  func aStepWhoseValuesAreGoneDoesNotRun(lost: String) async throws {
    let value = String(repeating: "a", count: 100_000)
    let (status, output) = try await run("echo ran $n.output", [value], losing: lost)
    #expect(status == 125)
    #expect(output.isEmpty)
  }

  @Test func linesKeepTheirNumbers() async throws {
    let value = String(repeating: "a", count: 100_000)
    let (_, output) = try await run("echo $LINENO\n: $n.output\necho $LINENO", [value])
    #expect(String(decoding: output, as: UTF8.self) == "1\n3\n")
  }

  @Test func aLongBodyRunsFromItsFile() async throws {
    let body = "printf '%s|' $n.output $LINENO\n" + String(repeating: "# it's long\n", count: 10_000) + "printf end"
    let (status, output) = try await run(body, ["'v'"])
    #expect(status == 0)
    #expect(String(decoding: output, as: UTF8.self) == "'v'|1|end")
  }
}
