import IonEngine
import IonJSON
import IonWorkflow
import Testing

@testable import IonServer

@Suite struct FileURITests {
  @Test(arguments: [
    ("file:///a/b.c", "/a/b.c"), ("file://localhost/a", "/a"), ("FILE:///a", "/a"), ("file:/a/b", "/a/b"),
    ("file:///a%20b", "/a b"), ("file:///c%23/%C3%A9", "/c#/é"), ("file:///a/../b/./c/", "/b/c"), ("file:///", "/"),
    ("file:///a%3Ab", "/a:b"), ("file:///a+b", "/a+b"),
  ])
  func fileURIsAreRead(uri: String, path: String) throws {
    #expect(try FileURI.parse(uri).path.text == path)
  }

  @Test(arguments: [
    "", "/a/b", "http://x/a", "file://other/a", "file:a", "file:///a?b", "file:///a#b", "file:///a%2", "file:///%zz",
    "file:///%FF", "file:///a%00b", "untitled:Untitled-1",
  ])
  func whatIsNoFileOfThisMachineIsRefused(uri: String) {
    #expect(throws: URIFault.self) { try FileURI.parse(uri) }
  }

  @Test(arguments: ["/a b/ü#?%&+.txt", "/", "/~user/x_y-z.1", "/a:b;c,d"])
  func pathsSurviveTheWire(text: String) throws {
    let path = try #require(AbsolutePath(text))
    let uri = FileURI(path).description
    #expect(uri.hasPrefix("file:///"))
    #expect(try FileURI.parse(uri).path == path)
    #expect(uri.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
  }

  @Test func whatIsRefusedSaysWhereItStands() {
    let params: JSONValue = ["rootUri": "http://x/a"]
    #expect(throws: JSONDecodingFailure.self) { let _: RegisterCodebase.Params = try params.decode(at: "/params") }
    do {
      let _: RegisterCodebase.Params = try params.decode(at: "/params")
    } catch {
      #expect(error.pointer == "/params/rootUri")
      #expect(error.description.contains("`http://x/a` is no `file:` URI"))
    }
  }
}

@Suite struct RunFileURITests {
  @Test(arguments: [
    ("ion://c-1/r-1/artifacts/a/b.md", RunFile.Area.artifacts, ["a", "b.md"]),
    ("ION://c-1/r-1/logs/build/1/stdout", .logs, ["build", "1", "stdout"]),
    ("ion://c-1/r-1/artifacts/", .artifacts, []), ("ion://c-1/r-1/artifacts", .artifacts, []),
    ("ion://c-1/r-1/artifacts/a%20b%2F", nil, nil), ("ion://c-1/r-1/artifacts/%C3%A9%3F", .artifacts, ["é?"]),
    ("ion://c-1/r-1/logs/build%5Blinux%5D/1", .logs, ["build[linux]", "1"]),
  ])
  func urisOfRunsAreRead(uri: String, area: RunFile.Area?, components: [String]?) throws {
    guard let area, let components else {
      #expect(throws: URIFault.self) { try RunFileURI.parse(uri) }
      return
    }
    let read = try RunFileURI.parse(uri)
    #expect(read.codebase == "c-1")
    #expect(read.run == "r-1")
    #expect(read.file == RunFile(area, components: components))
  }

  @Test(arguments: [
    "", "ion:", "ion://c-1", "ion://c-1/r-1", "ion:///r-1/artifacts/a", "ion://c 1/r-1/artifacts/a",
    "ion://c-1//artifacts/a", "ion://c-1/r-1/secrets/a", "ion://c-1/r-1/artifacts/../x",
    "ion://c-1/r-1/artifacts/%2e%2e/x",
    "ion://c-1/r-1/artifacts/.", "ion://c-1/r-1/artifacts/a%2Fb", "ion://c-1/r-1/artifacts/%00", "file:///a",
    "ion://../r-1/artifacts/a", "ion://c-1/r%2F1/artifacts/a", "ion://c-1/r-1/artifacts/%FF",
  ])
  func whatLeadsNowhereOrOutIsRefused(uri: String) {
    #expect(throws: URIFault.self) { try RunFileURI.parse(uri) }
  }

  @Test func urisSurviveTheWire() throws {
    let file = try #require(RunFile(.artifacts, components: ["a b", "ü#?%", "x:y"]))
    let uri = RunFileURI(codebase: "c", run: "r", file: file)
    #expect(try RunFileURI.parse(uri.description) == uri)
  }
}

@Suite struct TimestampTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (1_772_357_400_250, "2026-03-01T09:30:00.250Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
      (4_107_542_399_999, "2100-02-28T23:59:59.999Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
    ] as [(Int64, String)])
  func momentsAreWrittenInUTC(wallTime: Int64, text: String) {
    #expect(Timestamp(wallTime).description == text)
    #expect(Timestamp(text)?.wallTime == wallTime)
  }

  @Test(
    arguments: [
      ("2026-03-01T09:30:00Z", 1_772_357_400_000), ("2026-03-01t09:30:00z", 1_772_357_400_000),
      ("2026-03-01T10:30:00+01:00", 1_772_357_400_000), ("2026-03-01T04:00:00.5-05:30", 1_772_357_400_500),
      ("2026-03-01T09:30:00.123456789Z", 1_772_357_400_123), ("2016-12-31T23:59:60Z", 1_483_228_800_000),
    ] as [(String, Int64)])
  func offsetsAndFractionsAreRead(text: String, wallTime: Int64) {
    #expect(Timestamp(text)?.wallTime == wallTime)
  }

  @Test(arguments: [
    "", "2026-03-01", "2026-03-01T09:30:00", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
    "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
    "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00Zx",
    "26-01-01T00:00:00Z", " 2026-01-01T00:00:00Z",
  ])
  func otherTextsAreNoTime(text: String) { #expect(Timestamp(text) == nil) }

  /// Every day of four centuries, which is when the calendar repeats.
  @Test func everyDaySurvivesTheWire() {
    for day in Int64(0)..<146_097 {
      let time = Timestamp(day * 86_400_000)
      #expect(Timestamp(time.description) == time)
    }
  }
}

@Suite struct BoundedTests {
  @Test(arguments: [(1, true), (1000, true), (0, false), (1001, false), (-1, false)])
  func onlyNumbersWithinTheBoundsAreTaken(number: Int64, isTaken: Bool) throws {
    let params: JSONValue = ["limit": .integer(number)]
    if isTaken {
      let read: ListRuns.Params = try params.decode()
      #expect(read.limit?.value == Int(number))
    } else {
      #expect(throws: JSONDecodingFailure(pointer: "/limit", reason: .refused("must be 1 to 1000, but is \(number)"))) {
        let _: ListRuns.Params = try params.decode()
      }
    }
  }

  @Test(arguments: ["\"7\"", "1.5", "true", "{}"])
  func onlyWholeNumbersAreTaken(text: String) throws {
    let params = try JSONParser().parse(Array("{\"limit\": \(text)}".utf8))
    #expect(throws: JSONDecodingFailure.self) { let _: ListRuns.Params = try params.decode() }
  }

  @Test func openEndsHaveNoMaximum() {
    #expect(Offset.schema == ["type": "integer", "minimum": 0])
  }
}

@Suite struct ProgressTokenTests {
  @Test(arguments: ["\"ion/build#7\"", "7"]) func textsAndIntegersAreTokens(text: String) throws {
    let json = try JSONParser().parse(Array(text.utf8))
    let token: ProgressToken = try json.decode()
    #expect(try JSONValue(encoding: token) == json)
  }

  @Test(arguments: ["1.5", "true", "[]", "{}"]) func nothingElseIsAToken(text: String) throws {
    let json = try JSONParser().parse(Array(text.utf8))
    #expect(throws: JSONDecodingFailure.self) { let _: ProgressToken = try json.decode() }
  }
}
