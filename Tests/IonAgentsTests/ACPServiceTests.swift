import Foundation
import IonAgents
import IonJSON
import IonWorkflow
import Testing

@testable import IonAgents

/// What agents have done for them: files and terminals, permissions, sessions, settings, servers.
@Suite struct ACPServiceTests {
  private let acp = ACPBench()

  /// Has an agent make requests one after the other, and says what came of each: a result, or an error's code.
  private func requests(
    _ requests: [(String, JSONValue)], in request: AgentRequest
  ) async throws -> (lines: [String], turn: Bench.Turn) {
    let list = JSONValue.array(requests.map { [.string($0.0), $0.1] })
    let turn = try await acp.run(["requests", list.serializedText()], request)
    guard case .answered(let text) = turn.outcome else {
      Issue.record("\(turn.outcome)")
      return ([], turn)
    }
    return (text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init), turn)
  }

  private func text(_ path: AbsolutePath) -> String? {
    FileManager.default.contents(atPath: path.text).map { String(decoding: $0, as: UTF8.self) }
  }

  // MARK: Files

  @Test func filesBelowTheWorkingPathAreReadAndWritten() async throws {
    let request = try acp.request()
    let path = request.workingPath
    try "one\ntwo\nthree\n".write(toFile: path.appending("a.txt").text, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path.appending("a.txt").text)
    let (lines, turn) = try await requests(
      [
        ("fs/read_text_file", ["path": .string(path.appending("a.txt").text)]),
        ("fs/read_text_file", ["path": .string(path.appending("a.txt").text), "line": 2, "limit": 1]),
        ("fs/read_text_file", ["path": .string(path.appending("a.txt").text), "line": 9]),
        ("fs/write_text_file", ["path": .string(path.appending("a.txt").text), "content": "é"]),
        ("fs/write_text_file", ["path": .string(path.appending("new/b.txt").text), "content": ""]),
        ("fs/read_text_file", ["path": .string(path.appending("missing").text)]),
        ("fs/read_text_file", ["path": .string(path.text)]),
      ], in: request)
    #expect(
      lines == [
        #"{"content": "one\ntwo\nthree\n"}"#, #"{"content": "two\n"}"#, #"{"content": ""}"#, "{}", "{}", "-32002",
        "-32602",
      ])
    #expect(text(path.appending("a.txt")) == "é" && text(path.appending("new/b.txt")) == "")
    let mode = try FileManager.default.attributesOfItem(atPath: path.appending("a.txt").text)[.posixPermissions]
    #expect(mode as? Int == 0o640)
    #expect(
      turn.edits == [
        FileEdit(path.appending("a.txt").text, .changed), FileEdit(path.appending("new/b.txt").text, .made),
      ])
    #expect(try FileManager.default.contentsOfDirectory(atPath: path.text).sorted() == ["a.txt", "new"])
  }

  @Test func nothingOutsideIsReachedByAnyWay() async throws {
    let request = try acp.request()
    let path = request.workingPath
    let outside = path.parent.appending("secret.txt")
    try "secret".write(toFile: outside.text, atomically: true, encoding: .utf8)
    let links = [
      "file": outside.text, "up": "..", "absolute": path.parent.text,
      "dangling": path.parent.appending("made.txt").text,
      "loop": "loop",
    ]
    for (name, target) in links {
      try FileManager.default.createSymbolicLink(
        atPath: path.appending(name).text, withDestinationPath: target)
    }
    let paths =
      [outside.text, path.text + "/../secret.txt", "/etc/passwd", "a.txt", "./a.txt", ""]
      + ["file", "up/secret.txt", "absolute/secret.txt", "dangling", "loop", "up/work/../secret.txt"]
      .map { path.text + "/" + $0 }
    let (lines, turn) = try await requests(
      paths.flatMap { path -> [(String, JSONValue)] in
        [
          ("fs/read_text_file", ["path": .string(path)]),
          ("fs/write_text_file", ["path": .string(path), "content": "overwritten"]),
        ]
      }, in: request)
    #expect(lines == Array(repeating: "-32602", count: 2 * paths.count))
    #expect(text(outside) == "secret" && turn.edits.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: path.parent.appending("made.txt").text))
  }

  @Test func linksInsideAreFollowed() async throws {
    let request = try acp.request()
    let path = request.workingPath
    try FileManager.default.createDirectory(atPath: path.appending("deep").text, withIntermediateDirectories: true)
    for (name, target) in ["near": "deep/file.txt", "folder": path.appending("deep").text] {
      try FileManager.default.createSymbolicLink(atPath: path.appending(name).text, withDestinationPath: target)
    }
    let (lines, _) = try await requests(
      [
        ("fs/write_text_file", ["path": .string(path.appending("near").text), "content": "1"]),
        ("fs/read_text_file", ["path": .string(path.appending("folder/file.txt").text)]),
        ("fs/write_text_file", ["path": .string(path.text + "/deep/../folder/other.txt"), "content": "2"]),
      ], in: request)
    #expect(lines == ["{}", #"{"content": "1"}"#, "{}"])
    #expect(text(path.appending("deep/other.txt")) == "2", "the link stays, what it names changes")
  }

  @Test func whatIsNoTextIsNotRead() async throws {
    let request = try acp.request()
    let path = request.workingPath
    try Data([0xFF, 0xFE]).write(to: URL(fileURLWithPath: path.appending("bytes").text))
    #expect(mkfifo(path.appending("pipe").text, 0o600) == 0)
    let (lines, _) = try await requests(
      [
        ("fs/read_text_file", ["path": .string(path.appending("bytes").text)]),
        ("fs/read_text_file", ["path": .string(path.appending("pipe").text)]),
        ("fs/write_text_file", ["path": .string(path.appending("pipe").text), "content": ""]),
        ("fs/write_text_file", ["path": .string(path.appending("bytes").text)]),
      ], in: request)
    #expect(lines == ["-32603", "-32602", "-32602", "-32602"])
  }

  // MARK: Terminals

  @Test func terminalsRunWhatAnAgentWants() async throws {
    let request = try acp.request()
    let (lines, _) = try await requests(
      [
        ("terminal/create", ["command": "pwd"]), ("terminal/wait_for_exit", ["terminalId": "terminal-1"]),
        ("terminal/output", ["terminalId": "terminal-1"]),
        (
          "terminal/create",
          ["command": "echo $NAME >&2; exit 3", "env": [["name": "NAME", "value": "v"]], "cwd": "/"]
        ),
        ("terminal/wait_for_exit", ["terminalId": "terminal-2"]),
        ("terminal/output", ["terminalId": "terminal-2"]), ("terminal/release", ["terminalId": "terminal-2"]),
        ("terminal/kill", ["terminalId": "terminal-2"]), ("terminal/create", ["command": "no-such-command"]),
        ("terminal/create", ["command": "ls", "cwd": "relative"]), ("terminal/create", ["command": ""]),
        ("terminal/output", ["terminalId": "terminal-99"]),
        ("terminal/create", ["command": "printf", "args": ["ééé"], "outputByteLimit": 3]),
        ("terminal/wait_for_exit", ["terminalId": "terminal-4"]),
        ("terminal/output", ["terminalId": "terminal-4"]),
      ], in: request)
    let done = #"{"exitCode": 0, "signal": null}"#
    #expect(
      lines == [
        #"{"terminalId": "terminal-1"}"#, done,
        #"{"exitStatus": \#(done), "output": "\#(request.workingPath)\n", "truncated": false}"#,
        #"{"terminalId": "terminal-2"}"#, #"{"exitCode": 3, "signal": null}"#,
        #"{"exitStatus": {"exitCode": 3, "signal": null}, "output": "v\n", "truncated": false}"#, "{}", "-32002",
        "-32603", "-32602", "-32602", "-32002", #"{"terminalId": "terminal-4"}"#, done,
        #"{"exitStatus": \#(done), "output": "\u00e9", "truncated": true}"#,
      ])
  }

  // MARK: What the node's tools refuse

  @Test func whatIsRefusedIsNotDoneAndSaidToBothSides() async throws {
    var request = try acp.request()
    let path = request.workingPath
    try "secret".write(toFile: path.appending("a.txt").text, atomically: true, encoding: .utf8)
    request.refusal = { work, _ in work.kind == .execute && work.input == "echo 'a b'" ? nil : "nobody wants it" }
    let (lines, turn) = try await requests(
      [
        ("fs/read_text_file", ["path": .string(path.appending("a.txt").text)]),
        ("fs/write_text_file", ["path": .string(path.appending("new/b.txt").text), "content": "x"]),
        ("terminal/create", ["command": "touch", "args": ["c.txt"]]), ("terminal/create", ["command": "touch c.txt"]),
        ("terminal/create", ["command": "/bin/sh", "args": ["-c", "touch c.txt"]]),
        ("terminal/create", ["command": "echo", "args": ["a b"]]),
        ("terminal/wait_for_exit", ["terminalId": "terminal-1"]),
      ], in: request)
    #expect(
      lines == Array(repeating: "-32001", count: 5) + [
        #"{"terminalId": "terminal-1"}"#, #"{"exitCode": 0, "signal": null}"#,
      ])
    #expect(try FileManager.default.contentsOfDirectory(atPath: path.text) == ["a.txt"] && turn.edits.isEmpty)
    #expect(
      turn.notes.split(separator: "\n") == [
        "Ion doesn't read \(path)/a.txt: nobody wants it", "Ion doesn't write \(path)/new/b.txt: nobody wants it",
        "Ion doesn't run `touch c.txt`: nobody wants it", "Ion doesn't run `touch c.txt`: nobody wants it",
        "Ion doesn't run `touch c.txt`: nobody wants it",
      ])
  }

  @Test func whatALinkLeadsToIsRefusedByItsOwnPath() async throws {
    var request = try acp.request()
    let path = request.workingPath
    try FileManager.default.createDirectory(atPath: path.appending("kept").text, withIntermediateDirectories: true)
    try "secret".write(toFile: path.appending("kept/a.txt").text, atomically: true, encoding: .utf8)
    for (name, target) in ["file": "kept/a.txt", "folder": path.appending("kept").text] {
      try FileManager.default.createSymbolicLink(atPath: path.appending(name).text, withDestinationPath: target)
    }
    request.refusal = { work, _ in work.paths.contains { $0.hasPrefix(path.text + "/kept/") } ? "it is kept" : nil }
    let (lines, turn) = try await requests(
      [
        ("fs/read_text_file", ["path": .string(path.appending("file").text)]),
        ("fs/write_text_file", ["path": .string(path.appending("folder/a.txt").text), "content": "x"]),
        ("fs/write_text_file", ["path": .string(path.text + "/folder/../b.txt"), "content": "x"]),
      ], in: request)
    #expect(lines == ["-32001", "-32001", "{}"])
    #expect(text(path.appending("kept/a.txt")) == "secret" && turn.edits.count == 1)
    #expect(turn.notes.contains("Ion doesn't read \(path)/kept/a.txt: it is kept"))
  }

  // MARK: Permissions

  @Test(arguments: [("yes", "yes"), ("perhaps", "perhaps"), ("other", nil), (nil, nil)])
  func aPermissionIsWhatWasChosenOrNothing(_ option: String?, _ given: String?) async throws {
    let turn = try await acp.run(["asks"]) { event, turn in
      guard case .permissionRequested(let request) = event else { return }
      turn.answer("permission-9", with: "yes")
      turn.answer(request.id, with: option)
    }
    let outcome = given.map { #"{"optionId": "\#($0)", "outcome": "selected"}"# } ?? #"{"outcome": "cancelled"}"#
    #expect(turn.outcome == .answered(outcome))
    let request = turn.events.compactMap { if case .permissionRequested(let request) = $0 { request } else { nil } }
      .first
    #expect(request?.title == "Write b.txt" && request?.tool?.kind == .edit)
    #expect(request?.tool?.id == "never told" && request?.tool?.input == #"{"path":"b.txt"}"#)
    #expect(request?.diff == "--- /dev/null\n+++ b/w/b.txt\n@@ -0,0 +1,1 @@\n+new\n")
    #expect(request?.options.map(\.kind) == [.allowOnce, .rejectOnce, .other])
  }

  @Test func twoRequestsOfOneIdAreTwo() async throws {
    let turn = try await acp.run(["asks_twice_with_one_id"]) { event, turn in
      guard case .permissionRequested(let request) = event else { return }
      turn.answer(request.id, with: request.id == "permission-1" ? "yes" : "no")
    }
    #expect(turn.outcome == .answered("yes no"))
  }

  // MARK: Sessions

  struct SessionRow: Sendable {
    var capabilities: String
    var refused = "[]"
    var use = SessionRequest.Use.resume
    var answer: String
    var session: AgentSession
  }

  static let resume = #"{"sessionCapabilities": {"resume": {}}}"#
  static let load = #"{"loadSession": true}"#
  static let both = #"{"loadSession": true, "sessionCapabilities": {"resume": {}, "fork": {}}}"#
  static let lost = "the agent answered `session/load` with an error (-32002): no such session"

  static let sessions: [SessionRow] = [
    SessionRow(
      capabilities: resume, answer: "session/resume session/prompt: do it", session: AgentSession("old-one", .resumed)),
    SessionRow(
      capabilities: load, answer: "session/load session/prompt: do it", session: AgentSession("old-one", .resumed)),
    SessionRow(
      capabilities: both, answer: "session/resume session/prompt: do it", session: AgentSession("old-one", .resumed)),
    SessionRow(
      capabilities: both, refused: #"["session/resume"]"#,
      answer: "session/resume session/load session/prompt: do it", session: AgentSession("old-one", .resumed)),
    SessionRow(
      capabilities: both, refused: #"["session/resume", "session/load"]"#,
      answer: "session/resume session/load session/new session/prompt: what was said\n\ndo it",
      session: AgentSession("new-one", .replaced(reason: lost))),
    SessionRow(
      capabilities: "{}", answer: "session/new session/prompt: what was said\n\ndo it",
      session: AgentSession("new-one", .replaced(reason: "the agent doesn't go on in earlier sessions"))),
    SessionRow(
      capabilities: both, use: .fork, answer: "session/fork session/prompt: do it",
      session: AgentSession("new-one", .forked)),
    SessionRow(
      capabilities: load, use: .fork, answer: "session/new session/prompt: what was said\n\ndo it",
      session: AgentSession("new-one", .replaced(reason: "the agent makes no copies of sessions"))),
  ]

  @Test(arguments: sessions) func anEarlierSessionIsGoneOnWithAsFarAsTheAgentCan(_ row: SessionRow) async throws {
    var request = try acp.request()
    request.session = SessionRequest("old-one", row.use, summary: "what was said")
    let turn = try await acp.run(["sessions", row.capabilities, row.refused], request)
    #expect(turn.outcome == .answered(row.answer), "what is told again of a session isn't the turn's")
    #expect(turn.text == row.answer)
    #expect(turn.session == row.session)
  }

  @Test func theSessionIsKnownBeforeThePrompt() async throws {
    var request = try acp.request()
    request.systemPrompt = "Be brief."
    let turn = try await acp.run(["sessions", "{}", "[]"], request)
    #expect(turn.outcome == .answered("session/new session/prompt: Be brief.\n\ndo it"))
    let known = turn.events.firstIndex(of: .sessionKnown(AgentSession("new-one")))
    let said = turn.events.firstIndex { if case .text = $0 { true } else { false } }
    #expect(try #require(known) < #require(said))
  }

  @Test func secretsAreHiddenInWhatIsPrinted() async throws {
    var request = try acp.request("the pa\"ss\\wörd\nfor you")
    request.secrets = SecretMask(["pa\"ss\\wörd\nfor"])
    let turn = try await acp.run(["sessions", "{}", "[]"], request)
    #expect(turn.outcome == .answered("session/new session/prompt: the pa\"ss\\wörd\nfor you"))
    let printed = try #require(text(request.folder.appending("stdout")))
    #expect(printed.contains("the *** you") && !printed.contains("00f6") && !printed.contains("nfor"))
  }

  // MARK: Settings

  static let options = """
    {"configOptions": [
      {"id": "m", "name": "Model", "category": "model", "type": "select", "currentValue": "small", "options": [
        {"value": "small", "name": "Small"}, {"value": "large", "name": "The Large One"}, {"value": "broken", "name": "B"}]},
      {"id": "effort", "name": "Effort", "type": "select", "currentValue": "low", "options": [
        {"group": "all", "name": "All", "options": [{"value": "low", "name": "Low"}, {"value": "high", "name": "High"}]}]},
      {"id": "mode", "name": "Mode", "category": "mode", "type": "select", "currentValue": "ask", "options": [
        {"value": "ask", "name": "Ask"}, {"value": "code", "name": "Code"}]},
      {"id": "web", "name": "Web", "type": "boolean", "currentValue": true}]}
    """
  static let older = """
    {"models": {"currentModelId": "small", "availableModels": [{"modelId": "small", "name": "Small"}, {"modelId": "large", "name": "L"}]},
     "modes": {"currentModeId": "ask", "availableModes": [{"id": "ask", "name": "Ask"}, {"id": "code", "name": "Code"}]}}
    """

  @Test func whatCanBeChosenIsChosen() async throws {
    var request = try acp.request()
    (request.model, request.effort) = ("the large one", "high")
    let turn = try await acp.run(["chooses", Self.options], request, mode: "code")
    let method = "session/set_config_option"
    #expect(turn.outcome == .answered("\(method) mode code, \(method) m large, \(method) effort high"))
    request = try acp.request()
    (request.model, request.effort) = ("large", "high")
    let other = try await acp.run(["chooses", Self.older], request, mode: "code")
    #expect(other.outcome == .answered("session/set_mode code, session/set_model large"))
    #expect(other.notes.contains("effort") && other.notes.contains("`high` counts for nothing"))
  }

  @Test func whatIsSoAlreadyIsNotAskedFor() async throws {
    var request = try acp.request()
    (request.model, request.effort) = ("small", "low")
    #expect(try await acp.run(["chooses", Self.options], request, mode: "ask").outcome == .answered(""))
  }

  @Test func whatTheCommandLineSaysIsNotSaidAgain() async throws {
    var request = try acp.request()
    request.model = "huge"
    #expect(try await acp.run(["chooses", Self.options, "--model={model}"], request).outcome == .answered(""))
  }

  @Test func aModelThatIsNotThereIsNamed() async throws {
    var request = try acp.request()
    request.model = "huge"
    let failure = try await acp.run(["chooses", Self.options], request).failure
    #expect(failure?.kind == .unsupported)
    #expect(failure?.message == "the agent has no model `huge`; it offers `small`, `large`, `broken`")
    request = try acp.request()
    request.model = "broken"
    #expect(try await acp.run(["chooses", Self.options], request).failure?.message.contains("can't be set") == true)
    request = try acp.request()
    (request.model, request.effort) = ("small", "most")
    let turn = try await acp.run(["chooses", Self.options], request)
    let words = "the agent has no effort `most`; it offers `low`, `high`"
    #expect(turn.outcome == .answered("") && turn.notes.contains(words))
    #expect(turn.events.contains(.wentWithout(.effort, words)))
    request = try acp.request()
    (request.model, request.effort) = ("small", "high")
    let other = try await acp.run(["Agent"], request)
    #expect(other.outcome == .answered("hello"))
    let without = other.events.compactMap { if case .wentWithout(let what, _) = $0 { what } else { nil } }
    #expect(without == [.model, .effort] && other.notes.contains("doesn't let its model be chosen"))
  }

  @Test(arguments: [["chooses", options], ["chooses", older], ["Agent"]])
  func aModeThatIsNotThereIsNoOther(_ behaviour: [String]) async throws {
    let failure = try await acp.run(behaviour, try acp.request(), mode: "dance").failure
    #expect(failure?.kind == .unsupported)
    #expect(
      failure?.message
        == (behaviour.count == 1
          ? "the agent has no modes; take `mode: dance` from its provider"
          : "the agent has no mode `dance`; it offers `ask`, `code`"))
  }

  @Test func theAgentIsToldWhoAsks() async throws {
    let turn = try await acp.run(["greeted"])
    #expect(turn.outcome == .answered(#"{"name": "ion", "title": "Ion", "version": "7.1-test"}"#))
  }

  // MARK: Servers

  @Test func serversAreGivenAsTheProtocolHasThem() async throws {
    var request = try acp.request()
    request.mcpServers = [
      "files": ["command": "sh", "args": ["-c", "x"], "env": ["A": "${ONE}"]],
      "web": ["type": "http", "url": "https://example.com/mcp", "headers": ["Authorization": "Bearer ${T:-t}"]],
    ]
    request.environment.append(("ONE", "1"))
    let turn = try await acp.run(["servers"], request)
    guard case .answered(let text) = turn.outcome, let list = try JSONParser().parse(text).arrayValue else {
      Issue.record("\(turn.outcome)")
      return
    }
    #expect(list[0]["command"]?.stringValue?.hasSuffix("/bin/sh") == true)
    #expect(
      list[0]["env"] == [["name": "A", "value": "1"]] && list[0]["args"] == ["-c", "x"] && list[0]["type"] == nil)
    #expect(list[1]["type"] == "http" && list[1]["url"] == "https://example.com/mcp")
    #expect(list[1]["headers"] == [["name": "Authorization", "value": "Bearer t"]])
    request = try acp.request()
    request.mcpServers = ["web": ["type": "sse", "url": "https://example.com/sse"]]
    let failure = try await acp.run(["servers"], request).failure
    #expect(failure?.kind == .unsupported && failure?.message.contains("`web`") == true)
  }

  // MARK: Trials

  @Test func aTrialSaysWhatTheAgentIs() async throws {
    let found = try await acp.provider(["closes_sessions"]).checkUp(try acp.request())
    #expect(found.failure == nil && found.version == "1.2.3" && found.protocolVersion == "ACP 1")
    #expect(found.authentication == .done && found.signIns.map(\.id) == ["browser", "key"])
    #expect(found.program?.hasSuffix("python3") == true && found.stderr.contains("session/close session-1"))
    let refused = try await acp.provider(["wants_sign_in"]).checkUp(try acp.request())
    #expect(refused.authentication == .needed && refused.failure?.kind == .authentication)
    #expect(try await acp.provider(["Agent"]).checkUp(try acp.request()).authentication == .unknown)
    let ended = try await acp.provider(["exits", "start", "2"]).checkUp(try acp.request())
    #expect(ended.failure?.kind == .exited(2) && ended.stderr.contains("it can't go on"))
  }
}
