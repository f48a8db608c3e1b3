import Foundation
import IonEngine
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

/// `workflow/didChange`: workflow files that change on disk, by whatever hand.
@Suite struct SessionWatchTests {
  private static let text = "name: w\nnodes: [{id: a, bash: ':'}]\n"

  private func server(_ files: [String: String]) async throws -> ServerFixture {
    let server = try await ServerFixture.small(files: files, watches: true)
    await server.hello()
    _ = await server.client.call("test/echo")
    return server
  }

  private func path(_ server: ServerFixture, _ relative: String) -> AbsolutePath {
    server.fixture.root.appending(relative)
  }

  /// Waits until a file is told to have changed.
  private func heard(_ relative: String, _ server: ServerFixture) async -> Bool {
    let uri = JSONValue.string("file://" + path(server, relative).text)
    return await server.client.next { message in
      message["method"] == "workflow/didChange" && message.at("params.uris")?.arrayValue?.contains(uri) == true
    } != nil
  }

  @Test func changedFileIsTold() async throws {
    let server = try await server([".ion/workflows/w.yaml": Self.text])
    server.fixture.folder.write(Self.text, to: "workspace/.ion/workflows/w.yaml")
    #expect(await heard(".ion/workflows/w.yaml", server))
    let id = server.fixture.workspace.codebase.id.rawValue
    #expect(server.client.heard("workflow/didChange").allSatisfy { $0["codebaseId"] == .string(id) })
  }

  @Test func filesThatIncludeAChangedOneAreTold() async throws {
    let main = "name: main\nnodes: [{id: a, include: w}]\n"
    let server = try await server([".ion/workflows/w.yaml": Self.text, ".ion/workflows/main.yaml": main])
    server.fixture.folder.write(Self.text, to: "workspace/.ion/workflows/w.yaml")
    #expect(await heard(".ion/workflows/main.yaml", server))
  }

  @Test func removedFileIsTold() async throws {
    let server = try await server([".ion/workflows/w.yaml": Self.text])
    try FileManager.default.removeItem(atPath: path(server, ".ion/workflows/w.yaml").text)
    #expect(await heard(".ion/workflows/w.yaml", server))
  }

  @Test func foldersThatComeLaterAreWatched() async throws {
    let server = try await server([:])
    server.fixture.folder.write(Self.text, to: "workspace/.ion/workflows/deep/er/w.yml")
    #expect(await heard(".ion/workflows/deep/er/w.yml", server))
    server.fixture.folder.write(Self.text, to: "workspace/.ion/workflows/deep/er/second.yaml")
    #expect(await heard(".ion/workflows/deep/er/second.yaml", server))
  }

  @Test func folderThatIsMovedAwayAndBackIsWatchedAgain() async throws {
    let server = try await server([".ion/workflows/w.yaml": Self.text])
    try server.fixture.folder.move("workspace/.ion", to: "aside")
    _ = await server.client.next("workflow/didChange")
    try server.fixture.folder.move("aside", to: "workspace/.ion")
    #expect(await heard(".ion/workflows/w.yaml", server))
  }

  @Test func filesOfOtherKindsAreNotTold() async throws {
    let server = try await server([".ion/workflows/w.yaml": Self.text])
    server.fixture.folder.write("x", to: "workspace/.ion/workflows/notes.md")
    server.fixture.folder.write("x", to: "workspace/other.yaml")
    server.fixture.folder.write(Self.text, to: "workspace/.ion/workflows/w.yaml")
    #expect(await heard(".ion/workflows/w.yaml", server))
    let uris = server.client.heard("workflow/didChange").flatMap { $0["uris"]?.arrayValue ?? [] }
    #expect(uris.allSatisfy { $0.stringValue?.hasSuffix("/w.yaml") == true })
  }

  @Test func manyChangesAreOneNotification() async throws {
    let clock = HandClock()
    let server = try await ServerFixture.small(files: [".ion/workflows/w.yaml": Self.text], clock: clock, watches: true)
    await server.hello()
    for number in 0..<50 { server.fixture.folder.write(Self.text, to: "workspace/.ion/workflows/w\(number).yaml") }
    let last = path(server, ".ion/workflows/w49.yaml").text
    // The kernel's words come when they like; they are told when the clock says so, all that came until then at once.
    while !(server.client.heard("workflow/didChange").contains { $0.description.contains(last) }) {
      await clock.sleepers(1)
      let before = server.client.heard("workflow/didChange").count
      clock.advance(by: .milliseconds(100))
      _ = await server.client.next("workflow/didChange")
      #expect(server.client.heard("workflow/didChange").count == before + 1)
    }
  }

  @Test func clientThatWantsNoEventsIsToldNothing() async throws {
    let server = try await ServerFixture.small(files: [".ion/workflows/w.yaml": Self.text], watches: true)
    await server.hello(["experimental": ["ion": ["protocolVersion": 1, "events": false]]])
    let listener = try await ServerFixture.small(files: [".ion/workflows/w.yaml": Self.text], watches: true)
    await listener.hello()
    server.fixture.folder.write(Self.text, to: "workspace/.ion/workflows/w.yaml")
    listener.fixture.folder.write(Self.text, to: "workspace/.ion/workflows/w.yaml")
    #expect(await heard(".ion/workflows/w.yaml", listener))
    #expect(await server.goodbye() == 0)
    #expect(server.client.heard("workflow/didChange").isEmpty)
  }
}
