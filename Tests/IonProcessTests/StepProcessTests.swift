import Glibc
import IonDigest
import IonProcess
import IonWorkflow
import Testing

/// What a step gets from Ion, and how it ends by itself.
@Suite struct StepProcessTests {
  @Test(arguments: [0, 1, 3, 126, 127, 255])
  func anExitCodeIsTheEnding(code: Int32) async throws {
    let bench = try Bench()
    let result = try await bench.run(bench.bash("exit \(code)"))
    #expect(result.ending == .exited(code))
    #expect(result.exit == .exited(code))
    #expect(result.survivors == [])
  }

  @Test(arguments: [SIGKILL, SIGSEGV, SIGTERM, SIGHUP])
  func aSignalOfTheStepsOwnIsTheEnding(signal: Int32) async throws {
    let bench = try Bench()
    let result = try await bench.run(bench.bash("kill -\(signal) $$; sleep 1000"))
    #expect(result.ending == .signalled(signal))
  }

  @Test func theTwoStreamsAreKeptApart() async throws {
    let bench = try Bench()
    let result = try await bench.run(bench.bash("echo out; echo err >&2"))
    #expect(try bench.text(.stdout) == "out\n")
    #expect(try bench.text(.stderr) == "err\n")
    #expect(result.stdout == StreamSummary(length: 3, sha256: SHA256.hex(of: "out"), isText: true, size: 4))
    #expect(result.stderr == StreamSummary(length: 3, sha256: SHA256.hex(of: "err"), isText: true, size: 4))
  }

  @Test func aSilentStepLeavesNoFiles() async throws {
    let bench = try Bench()
    let result = try await bench.run(bench.bash(":"))
    #expect(access(bench.files.folder.text, F_OK) != 0)
    #expect(result.stdout == StreamSummary(length: 0, sha256: SHA256.hex(of: ""), isText: true, size: 0))
  }

  @Test func theFilesAreTheUsersAlone() async throws {
    let bench = try Bench()
    _ = try await bench.run(bench.bash("echo out; echo err >&2"))
    for path in [bench.files.folder, bench.files.file(.stdout), bench.files.file(.stderr), bench.files.arrival] {
      var status = stat()
      try #require(stat(path.text, &status) == 0)
      #expect(status.st_mode & 0o077 == 0)
    }
  }

  @Test func theEnvironmentIsTheOneGiven() async throws {
    let bench = try Bench()
    var command = bench.command("/usr/bin/env")
    command.environment = [
      ("A", "1"), ("B", "x=y"), ("A", "2"), ("EMPTY", ""), ("e\u{301}", "apart"), ("\u{e9}", "one"),
    ]
    _ = try await bench.run(command)
    #expect(
      try bench.text(.stdout).split(separator: "\n").map(String.init) == [
        "A=2", "B=x=y", "EMPTY=", "e\u{301}=apart", "\u{e9}=one", bench.marker, "SHLVL=0",
      ])
  }

  @Test func aGivenShellLevelStands() async throws {
    let bench = try Bench()
    var command = bench.command("/usr/bin/env")
    command.environment = [("SHLVL", "7")]
    _ = try await bench.run(command)
    #expect(try bench.text(.stdout) == "SHLVL=7\n\(bench.marker)\n")
  }

  @Test func stdinIsEmpty() async throws {
    let bench = try Bench()
    let result = try await bench.run(bench.bash("cat; readlink /proc/self/fd/0"))
    #expect(result.ending == .exited(0))
    #expect(try bench.text(.stdout) == "/dev/null\n")
  }

  @Test func theStepStartsInItsWorkingDirectory() async throws {
    let bench = try Bench()
    _ = try await bench.run(bench.bash("pwd -P"))
    #expect(try bench.text(.stdout) == bench.folder.text + "\n")
  }

  @Test func theStepHasNoOtherDescriptors() async throws {
    let bench = try Bench()
    _ = try await bench.run(bench.python("import os; print(sorted(map(int, os.listdir('/proc/self/fd'))))"))
    // The fourth is the folder that is being listed.
    #expect(try bench.text(.stdout) == "[0, 1, 2, 3]\n")
  }

  @Test func noSignalIsIgnoredOrBlocked() async throws {
    let bench = try Bench()
    _ = try await bench.run(bench.command("grep", ["-E", "^Sig(Blk|Ign)", "/proc/self/status"]))
    #expect(try bench.text(.stdout) == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n")
  }

  @Test func theStepLeadsItsSession() async throws {
    let bench = try Bench()
    let step = try await bench.start(bench.command("cat", ["/proc/self/stat"]))
    _ = await step.process.result()
    let fields = try bench.text(.stdout).split(separator: " ").map(String.init)
    let pid = String(step.process.facts.pid)
    #expect([fields[0], fields[4], fields[5]] == [pid, pid, pid])
  }

  @Test func argumentsArriveAsTheyAre() async throws {
    let bench = try Bench()
    let arguments = ["", " a  b ", "$HOME", "'\"\\", "é\n", "*"]
    _ = try await bench.run(bench.command("python3", ["-c", "import sys; print(ascii(sys.argv[1:]))"] + arguments))
    #expect(try bench.text(.stdout) == #"['', ' a  b ', '$HOME', '\'"\\', '\xe9\n', '*']"# + "\n")
  }

  @Test func theFactsNameTheRunningProcess() async throws {
    let bench = try Bench()
    let gate = try bench.gate("go")
    let step = try await bench.start(bench.bash("read < go"))
    #expect(step.process.facts.isAlive)
    #expect(ProcessIdentity(of: step.process.facts.pid) == step.process.facts)
    gate.open()
    #expect(await step.process.result().ending == .exited(0))
    #expect(!step.process.facts.isAlive)
  }

  @Test func everybodyWhoAsksGetsTheResult() async throws {
    let bench = try Bench()
    let gate = try bench.gate("go")
    let process = try await bench.start(bench.bash("read < go; exit 5")).process
    await withTaskGroup { group in
      for _ in 0..<10 { group.addTask { await process.result().ending } }
      gate.open()
      for await ending in group { #expect(ending == .exited(5)) }
    }
    #expect(await process.result().ending == .exited(5))
  }
}
