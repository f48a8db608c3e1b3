import IonEngine
import IonJSON
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

/// What plain language-server clients see of a run (LSP 3.17, "Work Done Progress").
@Suite struct PlatformProgressTests {
  private static let files = [
    ".ion/workflows/long.yaml": """
    name: long
    nodes:
      - id: quick
        bash: echo hi
      - id: slow
        depends_on: [quick]
        bash: while [ ! -e go ]; do sleep 0.05; done
      - id: last
        depends_on: [slow]
        bash: ':'
    """,
    ".ion/workflows/bad.yaml": "name: bad\nnodes: [{id: a, bash: 'exit 3'}]\n",
  ]
  private static let shows: JSONValue = ["window": ["workDoneProgress": true]]

  private struct Scene {
    var server: ServerFixture
    var clock: HandClock
    var run: JSONValue

    /// Lets the run end.
    func go() { server.fixture.folder.write("", to: "workspace/go") }
  }

  /// Starts `long` by the hands of a clock, and returns once its second node runs and the platform sleeps.
  private func scene(_ capabilities: JSONValue = shows, token: JSONValue? = nil) async throws -> Scene {
    let clock = HandClock()
    let server = try await ServerFixture.small(files: Self.files, clock: clock)
    await server.hello(capabilities)
    var params: JSONObject = ["workflow": "long"]
    params["workDoneToken"] = token
    let run = try #require(await server.client.call("workflow/execute", .object(params))?.at("result.runId"))
    let id = RunID(try #require(run.stringValue))
    _ = try await server.fixture.workspace.subscribe(server.fixture.platform, run: id, after: 0, output: false)
    await server.fixture.platform.until("slow", is: .running)
    return Scene(server: server, clock: clock, run: run)
  }

  private func values(_ client: WireClient, _ kind: String) -> [JSONValue] {
    client.heard("$/progress").compactMap { $0["value"] }.filter { $0["kind"] == .string(kind) }
  }

  @Test func silentRunStillShowsItsBegin() async throws {
    let scene = try await scene()
    let client = scene.server.client
    await scene.clock.sleepers(1)
    scene.clock.advance(by: ProgressReporter.firstAfter)
    let create = try #require(await client.next("window/workDoneProgress/create"))
    #expect(create.at("params.token") == "ion/long#1")
    client.reply(to: create)
    let begin = try #require(await client.next("$/progress"))
    #expect(begin.at("params.token") == "ion/long#1")
    #expect(begin.at("params.value.kind") == "begin")
    #expect(begin.at("params.value.title") == "long")
    #expect(begin.at("params.value.percentage") == 33)
    #expect(begin.at("params.value.message") == "1 of 3: slow")
    #expect(begin.at("params.value.cancellable") == true)
    scene.go()
    let shown = try #require(await client.first("window/showMessage"))
    #expect(shown.at("params.type") == 3)
    #expect(shown.at("params.message")?.stringValue?.hasPrefix("long succeeded") == true)
    #expect(client.heard("$/progress").last?.at("value.kind") == "end")
    #expect(client.heard("$/progress").last?.at("value.message") == "3 of 3")
    #expect(await scene.server.goodbye() == 0)
    #expect(values(client, "end").count == 1 && values(client, "begin").count == 1)
  }

  @Test func reportsAreAtMostTenASecondAndPercentNeverFalls() async throws {
    let scene = try await scene()
    let client = scene.server.client
    await scene.clock.sleepers(1)
    scene.clock.advance(by: ProgressReporter.firstAfter)
    client.reply(to: try #require(await client.next("window/workDoneProgress/create")))
    _ = await client.next("$/progress")
    // The clock stands still: however much happens, no report is due.
    await scene.clock.sleepers(1)
    scene.go()
    _ = await client.first("window/showMessage")
    #expect(values(client, "report").isEmpty)
    let percents = client.heard("$/progress").compactMap { $0.at("value.percentage")?.integerValue }
    #expect(percents == percents.sorted() && percents.allSatisfy { (0...100).contains($0) })
  }

  @Test func everyReportSaysSomethingNew() async throws {
    let scene = try await scene()
    let client = scene.server.client
    await scene.clock.sleepers(1)
    scene.clock.advance(by: ProgressReporter.firstAfter)
    client.reply(to: try #require(await client.next("window/workDoneProgress/create")))
    _ = await client.next("$/progress")
    await scene.clock.sleepers(1)
    scene.clock.advance(by: ProgressReporter.interval)
    scene.go()
    _ = await client.first("window/showMessage")
    let said = client.heard("$/progress").dropLast().compactMap { $0.at("value.message")?.stringValue }
    #expect(zip(said, said.dropFirst()).allSatisfy { $0 != $1 }, "\(said)")
  }

  @Test func shortRunMakesNoNoise() async throws {
    let server = try await ServerFixture.small(files: Self.files, clock: HandClock())
    await server.hello(Self.shows)
    _ = await server.client.call("workflow/execute", ["workflow": "bad"])
    let shown = try #require(await server.client.first("window/showMessage"))
    #expect(shown.at("params.type") == 1)
    #expect(shown.at("params.message")?.stringValue?.hasPrefix("bad failed (run ") == true)
    #expect(await server.goodbye() == 0)
    #expect(server.client.heard("$/progress").isEmpty && server.client.asked.isEmpty)
  }

  @Test(arguments: [true, false])
  func nothingIsSentOnATokenThatWasRefused(isAnswered: Bool) async throws {
    let scene = try await scene()
    let client = scene.server.client
    await scene.clock.sleepers(1)
    scene.clock.advance(by: ProgressReporter.firstAfter)
    let create = try #require(await client.next("window/workDoneProgress/create"))
    if isAnswered {
      client.refuse(create)
    } else {
      // Told that it is too late, the client answers all the same.
      _ = await client.next("$/cancelRequest")
      client.reply(to: create)
    }
    scene.go()
    _ = await client.first("window/showMessage")
    #expect(await scene.server.goodbye() == 0)
    #expect(client.heard("$/progress").isEmpty)
  }

  @Test func clientWithoutProgressIsAskedForNothing() async throws {
    let scene = try await scene([:])
    scene.go()
    _ = await scene.server.client.first("window/showMessage")
    #expect(await scene.server.goodbye() == 0)
    #expect(scene.server.client.asked.isEmpty && scene.server.client.heard("$/progress").isEmpty)
  }

  @Test(arguments: ["mine", 7] as [JSONValue])
  func tokenOfTheRequestIsUsedAsItIs(token: JSONValue) async throws {
    let scene = try await scene([:], token: token)
    let begin = try #require(await scene.server.client.next("$/progress"))
    #expect(begin.at("params.value.kind") == "begin")
    scene.go()
    _ = await scene.server.client.first("window/showMessage")
    let told = scene.server.client.heard("$/progress")
    #expect(told.allSatisfy { $0["token"] == token })
    #expect(told.last?.at("value.kind") == "end")
    #expect(scene.server.client.asked.isEmpty)
  }

  @Test func cancelOnTheProgressCancelsTheRun() async throws {
    let scene = try await scene([:], token: "t")
    let client = scene.server.client
    _ = await client.next("$/progress")
    client.notify("window/workDoneProgress/cancel", ["token": "other"])
    client.notify("window/workDoneProgress/cancel", ["token": "t"])
    let shown = try #require(await client.first("window/showMessage"))
    #expect(shown.at("params.message")?.stringValue?.contains("was cancelled") == true)
    #expect(client.heard("$/progress").last?.at("value.kind") == "end")
    #expect(await client.call("workflow/wait", ["runId": scene.run])?.at("result.status") == "cancelled")
  }

  @Test func progressEndsWhenTheServerIsShutDown() async throws {
    let scene = try await scene([:], token: "t")
    let client = scene.server.client
    _ = await client.next("$/progress")
    _ = await client.call("shutdown")
    while client.heard("$/progress").last?.at("value.kind") != "end" { guard await client.next() != nil else { break } }
    #expect(client.heard("$/progress").last?.at("value.kind") == "end")
    client.notify("exit")
    #expect(await client.exitCode() == 0)
  }

  @Test func tokensOfTheServersAreUsedOnce() {
    var followed = FollowedRuns()
    let run = RunRecord(
      id: "r", number: 7, workflow: "build", definitionHash: "", definitionPath: nil, status: .running,
      request: RunRequest(workingPath: AbsolutePath("/")!), createdAt: 0)
    #expect([followed.token(for: run), followed.token(for: run)] == ["ion/build#7", "ion/build#7.2"])
  }
}
