import Foundation
import Glibc
import IonEngine
import IonJSON
import IonRPC
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

@Suite struct ArtifactMethodTests {
  private static let making = """
      - id: make
        output_type: report
        bash: |
          mkdir -p "$ARTIFACTS_DIR/deep"
          printf '# Größe\\n' > "$ARTIFACTS_DIR/a b.md"
          printf 'x\\0y' > "$ARTIFACTS_DIR/deep/data.bin"
          printf other > "$ARTIFACTS_DIR/deep/other.txt"
    """

  private func artifact(_ name: String, _ run: RunShape, _ desk: MethodDesk) async throws -> ArtifactShape {
    let list = try await desk.call(ListArtifacts.self, ["runId": run.runId.json])
    return try #require(list.artifacts.first { $0.name == name })
  }

  private func folder(_ run: RunShape, _ desk: MethodDesk) -> AbsolutePath {
    desk.codebase.path(of: RunFile(.artifacts), in: run.runId)
  }

  @Test func whatARunMadeIsListedWithItsURIs() async throws {
    let desk = try await MethodDesk(nodes: Self.making)
    let run = try await desk.run()
    let list = try await desk.call(ListArtifacts.self, ["runId": run.runId.json])
    #expect(list.artifacts.map(\.name) == ["a b.md", "deep/data.bin", "deep/other.txt"])
    let report = list.artifacts[0]
    #expect(report.uri.description == "ion://\(desk.codebase.id)/\(run.runId)/artifacts/a%20b.md")
    #expect(FileManager.default.fileExists(atPath: report.fileUri.path.text))
    #expect(report.nodeId == "make")
    #expect(report.type == "report")
    #expect(report.mediaType == "text/markdown")
    #expect(report.size == 10)
  }

  @Test func listsAreFilteredAndPaged() async throws {
    let desk = try await MethodDesk(nodes: Self.making)
    _ = try await desk.run()
    _ = try await desk.run()
    #expect(try await desk.call(ListArtifacts.self, ["prefix": "deep/d"]).artifacts.count == 2)
    #expect(try await desk.call(ListArtifacts.self, ["prefix": "DEEP"]).artifacts.isEmpty)
    var names: [String] = []
    var cursor: String?
    repeat {
      let page = try await desk.call(ListArtifacts.self, ["limit": 4, "cursor": cursor.map(JSONValue.string) ?? .null])
      names += page.artifacts.map { "\($0.runId)/\($0.name)" }
      cursor = page.nextCursor
    } while cursor != nil
    #expect(names.count == 6)
    #expect(Set(names).count == 6)
    let both: JSONValue = ["runId": "r", "codebaseId": "c"]
    #expect(await desk.refusal(ListArtifacts.self, both)?.path == "/params/runId")
  }

  @Test func wholeFileIsComparedWithItsRecord() async throws {
    let desk = try await MethodDesk(nodes: Self.making)
    let run = try await desk.run()
    let report = try await artifact("a b.md", run, desk)
    let uri = JSONValue.string(report.uri.description)
    let read = try await desk.call(ReadArtifact.self, ["uri": uri])
    #expect(read.content == "# Größe\n")
    #expect(read.encoding == .utf8)
    #expect(read.size == 10)
    #expect(read.eof)
    #expect(read.changed == false)
    #expect(read.mediaType == "text/markdown")
    try Data("# Grösse\n ".utf8).write(to: URL(filePath: report.fileUri.path.text))
    #expect(try await desk.call(ReadArtifact.self, ["uri": uri]).changed == true)
  }

  @Test func partIsOnlyComparedBySize() async throws {
    let desk = try await MethodDesk(nodes: Self.making)
    let run = try await desk.run()
    let report = try await artifact("a b.md", run, desk)
    let uri = JSONValue.string(report.uri.description)
    let part = try await desk.call(ReadArtifact.self, ["uri": uri, "offset": 2, "length": 4])
    #expect(part.content == "Grö")
    #expect(part.offset == 2)
    #expect(part.nextOffset == 6)
    #expect(!part.eof)
    #expect(part.changed == nil)
    try Data("short".utf8).write(to: URL(filePath: report.fileUri.path.text))
    #expect(try await desk.call(ReadArtifact.self, ["uri": uri, "length": 4]).changed == true)
  }

  @Test func pieceBeginsAndEndsAtCharacters() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: make, bash: 'printf ééé > $ARTIFACTS_DIR/e'}")
    let run = try await desk.run()
    let uri = JSONValue.string(try await artifact("e", run, desk).uri.description)
    let piece = try await desk.call(ReadArtifact.self, ["uri": uri, "offset": 1, "length": 4])
    #expect(piece.offset == 2)
    #expect(piece.content == "éé")
    #expect(piece.eof)
    let exact = try await desk.call(
      ReadArtifact.self, ["uri": uri, "offset": 1, "length": 4, "encoding": "base64"])
    #expect(Data(base64Encoded: exact.content) == Data(Array("ééé".utf8)[1..<5]))
    #expect(exact.offset == 1)
    #expect(exact.nextOffset == 5)
    #expect(!exact.eof)
    #expect(try await desk.call(ReadArtifact.self, ["uri": uri, "offset": 100]).content == "")
  }

  @Test func bytesSurviveInBase64() async throws {
    let desk = try await MethodDesk(nodes: Self.making)
    let run = try await desk.run()
    let uri = JSONValue.string(try await artifact("deep/data.bin", run, desk).uri.description)
    let read = try await desk.call(ReadArtifact.self, ["uri": uri, "encoding": "base64"])
    #expect(Data(base64Encoded: read.content) == Data("x\0y".utf8))
    #expect(read.changed == false)
  }

  @Test func previewShowsTextAndNamesBinary() async throws {
    let desk = try await MethodDesk(nodes: Self.making)
    let run = try await desk.run()
    let report = JSONValue.string(try await artifact("a b.md", run, desk).uri.description)
    let binary = JSONValue.string(try await artifact("deep/data.bin", run, desk).uri.description)
    let whole = try await desk.call(PreviewArtifact.self, ["uri": report])
    #expect(whole.contents == "# Größe\n")
    #expect(!whole.truncated)
    let start = try await desk.call(PreviewArtifact.self, ["uri": report, "maxBytes": 5])
    #expect(start.contents == "# Gr")
    #expect(start.truncated)
    #expect(!start.binary)
    let other = try await desk.call(PreviewArtifact.self, ["uri": binary])
    #expect(other.contents == "[3 bytes of binary]")
    #expect(other.binary)
    #expect(other.size == 3)
  }

  @Test func previewShowsNoSecretAndReadingDoes() async throws {
    let yaml = """
      name: w
      inputs: {pass: {type: secret}}
      nodes: [{id: make, bash: 'printf "use $INPUTS.pass now" > "$ARTIFACTS_DIR/note.txt"'}]
      """
    let desk = try await MethodDesk(files: [".ion/workflows/w.yaml": yaml])
    let run = try await desk.run(["inputs": ["pass": "open sesame"]])
    let uri = JSONValue.string(try await artifact("note.txt", run, desk).uri.description)
    #expect(try await desk.call(PreviewArtifact.self, ["uri": uri]).contents == "use *** now")
    let start = try await desk.call(PreviewArtifact.self, ["uri": uri, "maxBytes": 10])
    #expect(start.contents == "use " && start.truncated)
    #expect(try await desk.call(ReadArtifact.self, ["uri": uri]).content == "use open sesame now")
  }

  @Test func logsOfTheRunCanBeReadToo() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: echo hello}")
    let run = try await desk.run()
    let uri = "ion://\(desk.codebase.id)/\(run.runId)/logs/a/1/stdout"
    let read = try await desk.call(ReadArtifact.self, ["uri": .string(uri)])
    #expect(read.content == "hello\n")
    #expect(read.changed == nil)
    #expect(read.mediaType == nil)
  }

  /// Everything that a step may leave in place of a file, or on the way to one.
  @Test func nothingOutsideTheRunsFoldersIsRead() async throws {
    let desk = try await MethodDesk(nodes: Self.making)
    let run = try await desk.run()
    let folder = folder(run, desk)
    let secret = desk.folder.write("secret", to: "secret/file")
    try #require(link(secret, folder.appending("link")))
    try #require(link(secret.parent, folder.appending("folder")))
    try #require(pipe(folder.appending("pipe")))
    let base = "ion://\(desk.codebase.id)/\(run.runId)/artifacts"
    for name in ["link", "folder/file", "pipe", "deep", "none", "deep/none", "a%20b.md/x", ""] {
      let uri = JSONValue.string("\(base)/\(name)")
      #expect(await desk.refusal(ReadArtifact.self, ["uri": uri])?.kind == "artifactNotFound", "\(name)")
      #expect(await desk.refusal(PreviewArtifact.self, ["uri": uri])?.kind == "artifactNotFound", "\(name)")
    }
    for name in ["../secret", "%2e%2e/secret", "a%2Fb", "/etc/passwd/.."] {
      let error = await desk.refusal(ReadArtifact.self, ["uri": .string("\(base)/\(name)")])
      #expect(error?.code == -32602 || error?.kind == "artifactNotFound", "\(name)")
    }
    #expect(await desk.refusal(ReadArtifact.self, ["uri": .string(base + "/../x")])?.path == "/params/uri")
  }

  @Test func runFolderThatWasSwappedForALinkIsNotFollowed() async throws {
    let desk = try await MethodDesk(nodes: Self.making)
    let run = try await desk.run()
    let report = JSONValue.string(try await artifact("a b.md", run, desk).uri.description)
    let folder = folder(run, desk)
    try FileManager.default.removeItem(atPath: folder.text)
    desk.folder.write("secret", to: "secret/a b.md")
    try #require(link(desk.folder.path.appending("secret"), folder))
    #expect(await desk.refusal(ReadArtifact.self, ["uri": report])?.kind == "artifactNotFound")
  }

  @Test func whatIsNotRegisteredOrKnownIsNamed() async throws {
    let desk = try await MethodDesk(nodes: Self.making)
    _ = try await desk.run()
    let other = await desk.refusal(ReadArtifact.self, ["uri": "ion://other/r/artifacts/x"])
    #expect(other?.kind == "codebaseNotRegistered")
    let run = await desk.refusal(ReadArtifact.self, ["uri": .string("ion://\(desk.codebase.id)/r/artifacts/x")])
    #expect(run?.kind == "runNotFound")
    #expect(await desk.refusal(ReadArtifact.self, ["uri": "file:///etc/passwd"])?.path == "/params/uri")
  }
}
