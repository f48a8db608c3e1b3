import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@Suite(.timeLimit(.minutes(10))) struct CrashTests {
  /// Five steps in a row, each of which says in a file that it ran.
  static let names = ["one", "two", "three", "four", "five"]
  static let chain =
    "name: chain\nnodes:\n"
    + zip(names, [nil] + names).map { name, before in
      "  - {id: \(name), depends_on: [\(before ?? "")], bash: 'echo \(name) >> done.txt; echo out of \(name)'}\n"
    }.joined()

  /// Kills the server when it has told so many things, and checks that a second one brings the run to its end: whatever
  /// had ended isn't run again, and of what ran at that moment nothing is lost.
  @Test(arguments: 0...12) func killedServerCostsAtMostTheRunningStep(_ told: Int) async throws {
    let ion = BuiltIon(files: [".ion/workflows/chain.yaml": Self.chain])
    let first = try Editor(ion)
    try await first.initialize(ion)
    let run = try #require(try await first.call("workflow/execute", ["workflow": "chain"])["runId"])
    if told > 0 { await first.heard.turns(told) }
    first.kill()
    _ = await first.exitCode()

    let second = try Editor(ion)
    try await second.initialize(ion)
    let status = try await second.call("workflow/status", ["runId": run])["status"]
    #expect(status == "interrupted" || status == "succeeded")
    #expect(ion.processesOfSteps().isEmpty)
    if status == "interrupted" {
      #expect(try await second.call("workflow/resume", ["runId": run])["attempt"] == 2)
      #expect(try await second.call("workflow/wait", ["runId": run])["status"] == "succeeded")
    }
    let lines = (ion.folder.read("workspace/done.txt") ?? "").split(separator: "\n").map(String.init)
    var kept: [String] = []
    for line in lines where line != kept.last { kept.append(line) }
    #expect(kept == Self.names)
    #expect(lines.count <= Self.names.count + 1)
    for name in Self.names {
      let log = try await second.call("run/log", ["runId": run, "nodeId": .string(name), "stream": "stdout"])
      #expect(log["text"]?.stringValue == "out of \(name)\n")
    }
    #expect(try await second.quit() == 0)
    #expect(ion.processesOfSteps().isEmpty)
  }

  /// A step that wants to stay: it ignores the request to end, and so do its children, in the background, in a session of
  /// their own, and those whose parents are gone.
  static func stubborn(_ ready: Rendezvous) -> String {
    """
    name: stubborn
    nodes:
      - id: stay
        bash: |
          trap '' TERM
          sleep 1000 &
          setsid sleep 1000 &
          (setsid bash -c 'sleep 1000 & exec sleep 1000' &)
          echo up >> started.txt
          echo up > \(ready.path)
          if [ ! -e go ]; then sleep 1000; fi
    """
  }

  @Test func whatAKilledServerLeftBehindIsEndedBeforeItsRunIsToldOf() async throws {
    let ion = BuiltIon()
    let ready = Rendezvous(ion, "ready")
    ion.folder.write(Self.stubborn(ready), to: "workspace/.ion/workflows/stubborn.yaml")
    let first = try Editor(ion)
    try await first.initialize(ion)
    let run = try #require(try await first.call("workflow/execute", ["workflow": "stubborn"])["runId"])
    #expect(await ready.line() == "up")
    #expect(ion.processesOfSteps().count >= 5)
    first.kill()
    _ = await first.exitCode()

    let second = try Editor(ion)
    try await second.initialize(ion)
    let status = try await second.call("workflow/status", ["runId": run])
    #expect(status["status"] == "interrupted")
    #expect(status["resumable"] == true)
    #expect(ion.processesOfSteps().isEmpty)
    ion.folder.write("", to: "workspace/go")
    _ = try await second.call("workflow/resume", ["runId": run])
    #expect(try await second.call("workflow/wait", ["runId": run])["status"] == "succeeded")
    #expect(ion.folder.read("workspace/started.txt") == "up\nup\n")
    #expect(try await second.quit() == 0)
    #expect(ion.processesOfSteps().isEmpty)
  }

  /// Killed while it ends in good order, between the request to its step and the end of that step's grace.
  @Test func serverThatIsKilledWhileItEndsLeavesARunThatResumes() async throws {
    let ion = BuiltIon()
    let ready = Rendezvous(ion, "ready")
    ion.folder.write(
      """
      name: slow
      nodes:
        - id: slow
          bash: |
            trap 'echo asked > \(ready.path)' TERM
            echo up > \(ready.path)
            if [ ! -e go ]; then while :; do sleep 1000; done; fi
      """, to: "workspace/.ion/workflows/slow.yaml")
    let editor = try Editor(ion)
    try await editor.initialize(ion)
    let run = try #require(try await editor.call("workflow/execute", ["workflow": "slow"])["runId"]?.stringValue)
    #expect(await ready.line() == "up")
    editor.hangUp()
    #expect(await ready.line() == "asked")
    editor.kill()
    _ = await editor.exitCode()
    #expect(try await ion.status(of: run) == "interrupted")
    #expect(ion.processesOfSteps().isEmpty)
    ion.folder.write("", to: "workspace/go")
    #expect(try await ion.run("resume", run).status == 0)
  }

  /// One workspace that dies again and again, in every way and at every turn: nothing runs twice but what was running, and
  /// the log has no gap.
  @Test func manyDeathsLeaveASoundLog() async throws {
    let ion = BuiltIon(files: [".ion/workflows/chain.yaml": Self.chain])
    var begun = 0
    for death in 0..<12 {
      let editor = try Editor(ion)
      try await editor.initialize(ion)
      let runs = try await editor.call("run/list")["runs"]?.arrayValue ?? []
      #expect(runs.allSatisfy { $0["status"] == "interrupted" || $0["status"] == "succeeded" })
      if let left = runs.first(where: { $0["status"] == "interrupted" })?["runId"] {
        _ = try await editor.call("workflow/resume", ["runId": left])
      } else {
        _ = try await editor.call("workflow/execute", ["workflow": "chain"])
      }
      begun += 1
      await editor.heard.turns(death % 5 + 1)
      if death % 3 == 2 { editor.hangUp() } else { editor.kill(death % 3 == 0 ? SIGKILL : SIGTERM) }
      _ = await editor.exitCode()
      #expect(ion.processesOfSteps().isEmpty || death % 3 == 0)
    }
    let last = try Editor(ion)
    try await last.initialize(ion)
    let runs = try await last.call("run/list")["runs"]?.arrayValue ?? []
    if let left = runs.first(where: { $0["status"] == "interrupted" })?["runId"] {
      _ = try await last.call("workflow/resume", ["runId": left])
      #expect(try await last.call("workflow/wait", ["runId": left])["status"] == "succeeded")
    }
    let lines = (ion.folder.read("workspace/done.txt") ?? "").split(separator: "\n")
    #expect(lines.count <= runs.count * Self.names.count + begun)
    for name in Self.names { #expect(lines.count { $0 == name } >= runs.count) }
    var numbers: [Int64] = []
    while true {
      let page = try await last.call("events/replay", ["afterSeq": .integer(numbers.last ?? 0), "limit": 50])
      let more = (page["events"]?.arrayValue ?? []).compactMap { $0["seq"]?.integerValue }
      if more.isEmpty { break }
      numbers += more
    }
    #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
    #expect(try await last.call("events/replay", ["afterSeq": 0])["lastSeq"]?.integerValue ?? 0 < 1_000)
    #expect(try await last.quit() == 0)
  }

  /// Killed while it makes the store.
  @Test func serverThatIsKilledAtItsFirstBreathIsNoHindrance() async throws {
    let ion = BuiltIon(files: [".ion/workflows/chain.yaml": Self.chain])
    for patience in [0, 50, 200, 800, 3200] {
      let command = try ion.start(["run", "chain"])
      for _ in 0..<patience where !ion.folder.exists("workspace/.ion/codebases") { await Task.yield() }
      command.kill(SIGKILL)
      for await _ in command.ended {}
      let listed = try await ion.run("runs")
      #expect(listed.status == 0, "\(listed.errors)")
      let made = ion.workspace.appending(".ion/codebases").text
      if ion.folder.exists("workspace/.ion/codebases") { try FileManager.default.removeItem(atPath: made) }
    }
    #expect(try await ion.run("run", "chain").status == 0)
  }

  /// A run goes on with the definition that it was started with, whatever became of the file.
  @Test(arguments: ["name: chain\nnodes: [{id: one, bash: exit 9}]\n", "nodes: [", nil])
  func resumedRunKeepsTheDefinitionThatItBeganWith(_ text: String?) async throws {
    let ion = BuiltIon(files: [".ion/workflows/chain.yaml": Self.chain])
    let first = try Editor(ion)
    try await first.initialize(ion)
    let run = try #require(try await first.call("workflow/execute", ["workflow": "chain"])["runId"]?.stringValue)
    await first.heard.turns(2)
    first.kill()
    _ = await first.exitCode()
    if let text {
      ion.folder.write(text, to: "workspace/.ion/workflows/chain.yaml")
    } else {
      try removeAtOnce(ion.workspace.appending(".ion/workflows").text)
    }
    // Where the kill came late, the run is at its end.
    if try await ion.status(of: run) == "interrupted" { #expect(try await ion.run("resume", run).status == 0) }
    #expect(try await ion.status(of: run) == "succeeded")
    let lines = (ion.folder.read("workspace/done.txt") ?? "").split(separator: "\n").map(String.init)
    #expect(Set(lines) == Set(Self.names) && lines.last == "five")
  }

  @Test func resumeWithTheCurrentDefinitionRunsWhatWasMended() async throws {
    func chain(_ second: String) -> String {
      "name: w\nnodes:\n  - {id: one, bash: echo one >> done.txt}\n"
        + "  - {id: two, depends_on: [one], bash: \(second)}\n"
    }
    let ion = BuiltIon(files: [".ion/workflows/w.yaml": chain("exit 1")])
    #expect(try await ion.run("run", "w").status == 1)
    let listed = try JSONParser().parse(try await ion.run("runs", "--json").output)["runs"]?.arrayValue
    let run = try #require(listed?.first?["runId"]?.stringValue)
    ion.folder.write(chain("echo two >> done.txt"), to: "workspace/.ion/workflows/w.yaml")
    #expect(try await ion.run("resume", run).status == 1)
    #expect(try await ion.run("resume", run, "--current").status == 0)
    #expect(ion.folder.read("workspace/done.txt") == "one\ntwo\n")
  }

  @Test func killedCommandIsToldTheTruthAboutAtOnce() async throws {
    let ion = BuiltIon()
    let ready = Rendezvous(ion, "ready")
    ion.folder.write(Self.stubborn(ready), to: "workspace/.ion/workflows/stubborn.yaml")
    let command = try ion.start(["run", "stubborn"])
    #expect(await ready.line() == "up")
    command.kill(SIGKILL)
    // Until the kernel has taken it away it owns the store.
    for await _ in command.ended {}
    let listed = try await ion.run("runs", "--status", "interrupted", "--json")
    let runs = try JSONParser().parse(listed.output)["runs"]?.arrayValue ?? []
    #expect(runs.count == 1)
    #expect(ion.processesOfSteps().isEmpty)
    ion.folder.write("", to: "workspace/go")
    #expect(try await ion.run("resume", try #require(runs.first?["runId"]?.stringValue)).status == 0)
    // The pipes of a killed command end with the last process of its steps.
    #expect(try await command.end().status == SIGKILL)
  }
}
