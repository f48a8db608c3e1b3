import Foundation
import Glibc
import IonProcess
import IonWorkflow
import Testing

/// Steps that can't be started, and what is said about it.
@Suite struct StartFailureTests {
  /// What starting a command fails with; nil where it starts.
  private func failure(_ bench: Bench, _ command: StepCommand) async -> ProcessFailure? {
    do throws(ProcessFailure) {
      _ = try await StepProcess.start(command, output: bench.files).result()
      return nil
    } catch {
      return error
    }
  }

  @Test func aMissingProgramIsNamedWithThePathThatWasSearched() async throws {
    let bench = try Bench()
    var command = bench.command("no-such-program")
    command.environment = [("PATH", "/usr/bin:sub:")]
    let failure = await failure(bench, command)
    #expect(
      failure
        == .missing(
          program: "no-such-program", searched: ["/usr/bin", bench.folder.text + "/sub", bench.folder.text]))
    #expect(failure?.description.contains("no-such-program is not on the PATH") == true)
    #expect(failure?.isTransient == false)
  }

  @Test func aMissingPathIsNamed() async throws {
    let bench = try Bench()
    let path = bench.folder.appending("nothing/here").text
    #expect(await failure(bench, bench.command("./nothing/here")) == .missing(program: path, searched: []))
  }

  @Test func programsAreFoundOnTheStepsOwnPath() async throws {
    let bench = try Bench()
    try FileManager.default.createDirectory(
      atPath: bench.folder.appending("tools").text, withIntermediateDirectories: true)
    try bench.write("#!/bin/sh\necho mine\n", to: "tools/ion-own-tool", mode: 0o755)
    var command = bench.command("ion-own-tool")
    command.environment = [("PATH", "/nowhere:tools:/usr/bin:/bin")]
    #expect(try await bench.run(command).ending == .exited(0))
    #expect(try bench.text(.stdout) == "mine\n")
  }

  @Test func aProgramWithoutAnyPathIsLookedUpInTheUsualFolders() async throws {
    let bench = try Bench()
    var command = bench.command("sh", ["-c", "exit 4"])
    command.environment = []
    #expect(try await bench.run(command).ending == .exited(4))
  }

  @Test func aFileWithoutPermissionIsNotExecutable() async throws {
    let bench = try Bench()
    try bench.write("#!/bin/sh\n", to: "script")
    let path = bench.folder.appending("script").text
    #expect(await failure(bench, bench.command("./script")) == .notExecutable(path: path, errno: EACCES))
    var command = bench.command("script")
    command.environment = [("PATH", bench.folder.text)]
    #expect(await failure(bench, command) == .notExecutable(path: path, errno: EACCES))
  }

  @Test func aFileOfNoFormatIsNotExecutable() async throws {
    let bench = try Bench()
    try bench.write("echo no first line\n", to: "script", mode: 0o755)
    let path = bench.folder.appending("script").text
    #expect(await failure(bench, bench.command("./script")) == .notExecutable(path: path, errno: ENOEXEC))
  }

  @Test func aFolderIsNotExecutable() async throws {
    let bench = try Bench()
    #expect(await failure(bench, bench.command("/usr")) == .notExecutable(path: "/usr", errno: EACCES))
  }

  @Test func aMissingInterpreterIsTold() async throws {
    let bench = try Bench()
    try bench.write("#!/no/such/interpreter\n", to: "script", mode: 0o755)
    let path = bench.folder.appending("script").text
    #expect(await failure(bench, bench.command("./script")) == .missingInterpreter(of: path))
  }

  @Test func aWorkingDirectoryMustBeThere() async throws {
    let bench = try Bench()
    var command = bench.bash(":")
    command.workingDirectory = bench.folder.appending("gone")
    #expect(await failure(bench, command) == .missingWorkingDirectory(bench.folder.appending("gone"), errno: ENOENT))
    try bench.write("", to: "file")
    command.workingDirectory = bench.folder.appending("file")
    #expect(await failure(bench, command) == .missingWorkingDirectory(bench.folder.appending("file"), errno: ENOTDIR))
  }

  @Test func whatCannotBePassedOnIsRefused() async throws {
    let bench = try Bench()
    var withoutMarker = bench.bash(":")
    withoutMarker.marker = "nothing"
    var withBadName = bench.bash(":")
    withBadName.environment.append(("A=B", "c"))
    var withoutName = bench.bash(":")
    withoutName.environment.append(("", "c"))
    var withNULInValue = bench.bash(":")
    withNULInValue.environment.append(("A", "b\0c"))
    let commands = [
      bench.bash("a\0b"), bench.command("a\0b"), bench.command(""), withoutMarker, withBadName, withoutName,
      withNULInValue,
    ]
    for command in commands {
      guard case .malformed = await failure(bench, command) else {
        Issue.record("\(command) was not refused as malformed")
        continue
      }
    }
  }

  @Test func tooMuchEnvironmentIsRefused() async throws {
    let bench = try Bench()
    var command = bench.bash(":")
    command.environment = (0..<1100).map { ("V\($0)", String(repeating: "x", count: 1000)) }
    guard case .tooLarge(let bytes) = await failure(bench, command) else {
      Issue.record("was not refused")
      return
    }
    #expect(bytes > StepCommand.usualEnvironmentLimit)
  }

  @Test func anArgumentTooLongForTheKernelIsTooLarge() async throws {
    let bench = try Bench()
    guard case .tooLarge = await failure(bench, bench.command("true", [String(repeating: "x", count: 200_000)])) else {
      Issue.record("was not refused")
      return
    }
  }

  @Test func aFailureLeavesNothingOpen() async throws {
    await #expect(processExitsWith: .success) {
      let bench = try Bench()
      let isLeaking = try await leaksDescriptors(rounds: 20) {
        let commands = [bench.command("no-such-program"), bench.command("/usr"), bench.bash("a\0b")]
        for command in Array(repeating: commands, count: 20).joined() {
          await #expect(throws: ProcessFailure.self) { try await bench.run(command) }
        }
      }
      #expect(!isLeaking)
    }
  }

  /// Few rounds: about once a second libdispatch opens a file to look at its threads, and ends the process where it can't.
  @Test func withoutDescriptorsAStepFailsAndTheNextOneStarts() async throws {
    await #expect(processExitsWith: .success) {
      let bench = try Bench()
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      var refusals = 0
      let isLeaking = try await leaksDescriptors(rounds: 8) {
        for room in Array(repeating: 0..<16, count: 8).joined() {
          var tight = limit
          tight.rlim_cur = rlim_t(limitLeaving(room))
          setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &tight)
          refusals += try await outcomeWithoutDescriptors(bench)
          setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
      }
      #expect(!isLeaking)
      #expect(8..<128 ~= refusals)
      #expect(try await bench.run(bench.bash("exit 6")).ending == .exited(6))
    }
  }
}

/// The limit of descriptor numbers below which so many are free. The numbers in use have gaps: a process inherits high ones.
private func limitLeaving(_ room: Int) -> Int32 {
  var limit: Int32 = 0
  var free = 0
  while free < room || fcntl(limit, F_GETFD) != -1 {
    if fcntl(limit, F_GETFD) == -1 { free += 1 }
    limit += 1
  }
  return limit
}

/// Runs a step where there may be too few descriptors, and counts the refusals: 1 or 0.
private func outcomeWithoutDescriptors(_ bench: Bench) async throws -> Int {
  do throws(ProcessFailure) {
    let folder = bench.folder.appending("\(ContinuousClock.now)")
    let ending = try await StepProcess.start(bench.bash("echo out"), output: OutputFiles(folder)).result().ending
    if case .unrecorded(let failure) = ending {
      #expect(failure.errno == EMFILE)
    } else {
      #expect(ending == .exited(0))
    }
    return 0
  } catch {
    guard case .exhausted(_, EMFILE) = error, error.isTransient else {
      Issue.record("\(error)")
      return 1
    }
    return 1
  }
}
