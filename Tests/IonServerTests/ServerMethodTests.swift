import Glibc
import IonEngine
import IonJSON
import IonRPC
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

@Suite struct ServerMethodTests {
  @Test func statusSaysWhatTheProcessIsAndDoes() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: '\(MethodDesk.waiting)'}")
    let idle = try await desk.call(ServerStatus.self)
    #expect(idle.version == "0.0.0-test")
    #expect(idle.protocolVersion == 1)
    #expect(idle.pid == Int(getpid()))
    #expect(idle.activeRuns.isEmpty)
    #expect((idle.memoryBytes ?? 0) > 1_000_000)
    #expect(idle.stores.map(\.codebaseId) == [desk.codebase.id])
    #expect(idle.stores.first?.bytes == nil)
    let run = try await desk.start()
    let busy = try await desk.call(ServerStatus.self)
    #expect(busy.activeRuns.map(\.runId) == [run])
    #expect(busy.uptimeMs >= idle.uptimeMs)
    #expect((busy.stores.first?.bytes ?? 0) > 0)
    #expect(busy.stores.first?.storeId != nil)
    #expect(busy.stores.first?.ownerPid == Int(getpid()))
    #expect(busy.stores.first?.error == nil)
    desk.letGo()
    _ = try await desk.end(of: run)
  }

  @Test func discoveredDocumentIsTheExportedOne() async throws {
    let desk = try await MethodDesk()
    let document = try await desk.json(DiscoverProtocol.self)
    #expect(document == OpenRPCDocument.make(version: "0.0.0-test"))
    let names = (document["methods"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
    #expect(names == Catalog.requests.map { $0.method } + Catalog.notifications.map { $0.method })
  }

  @Test func everyReferenceOfTheDocumentLeadsSomewhere() {
    let document = OpenRPCDocument.make(version: "1")
    var open = [document]
    var count = 0
    while let value = open.popLast() {
      if let reference = value["$ref"]?.stringValue {
        var target: JSONValue? = document
        for step in reference.split(separator: "/").dropFirst() { target = target?[String(step)] }
        #expect(target != nil, "\(reference)")
        count += 1
      }
      open += value.objectValue?.members.map(\.value) ?? []
      open += value.arrayValue ?? []
    }
    #expect(count > 50)
  }
}

@Suite struct AnsweringTests {
  /// Raises whatever it is asked to.
  private enum Raiser: ServedRequest {
    static let method = "test/raise"
    static let ordering = Ordering.concurrent
    static let spec = Spec<Self>(summary: "Raises.", errors: [.nodeNotFound], examples: [])

    struct Params: WireShape {
      static let notes: [String: String] = [:]
      var kind: ErrorKind

      func check() throws(JSONDecodingFailure) {
        if kind == .tooLarge { throw JSONDecodingFailure("/kind", "is too large") }
      }
    }

    typealias Result = Nothing

    static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result {
      throw Failure(params.kind, "as asked")
    }
  }

  @Test func failuresThatTheSpecListsGoOut() async throws {
    let error = try await MethodDesk().refusal(Raiser.self, ["kind": "nodeNotFound"])
    #expect(error?.kind == "nodeNotFound")
  }

  @Test func othersAreFoundOut() {
    #expect(Raiser.specifies(Failure(.nodeNotFound, "")))
    #expect(Raiser.specifies(.cancelled))
    #expect(!Raiser.specifies(Failure(.runNotFound, "")))
  }

  @Test func checksOfAShapeNameTheirPlace() async throws {
    let error = try await MethodDesk().refusal(Raiser.self, ["kind": "tooLarge"])
    #expect(error?.code == -32602)
    #expect(error?.path == "/params/kind")
    #expect(error?.message == "/params/kind: is too large")
  }

  @Test func absentParamsAreAnEmptyObject() async throws {
    #expect(try await ListCodebases.answer(nil, in: MethodDesk().session)["codebases"] != nil)
    #expect(try await MethodDesk().refusal(Raiser.self, [:])?.path == "/params/kind")
  }

  @Test func unknownMembersAreIgnored() async throws {
    #expect(try await MethodDesk().refusal(Raiser.self, ["kind": "nodeNotFound", "other": 1])?.kind == "nodeNotFound")
  }
}

@Suite struct PagingTests {
  @Test func pagesTogetherAreTheList() throws {
    let items = (0..<7).map { "item \($0)/ü" }
    for size in 1...8 {
      var seen: [String] = []
      var cursor: String?
      repeat {
        let page = try Paging.page(of: items, after: cursor, limit: PageLimit(size)) { $0 }
        seen += page.items
        cursor = page.nextCursor
      } while cursor != nil
      #expect(seen == items)
    }
  }

  @Test func entriesThatComeInBetweenMoveNothing() throws {
    let first = try Paging.page(of: ["b", "d", "f"], after: nil, limit: 2) { $0 }
    let second = try Paging.page(of: ["a", "b", "c", "d", "e", "f"], after: first.nextCursor, limit: 2) { $0 }
    #expect(Array(second.items) == ["e", "f"])
  }

  @Test func cursorOfAnotherListIsRefused() {
    #expect(throws: Failure.self) { try Paging.page(of: ["a"], after: "k1-b", limit: nil) { $0 } }
    #expect(throws: Failure.self) { try Paging.page(of: ["a"], after: "", limit: nil) { $0 } }
  }

  @Test func absentLimitIsAHundred() throws {
    let page = try Paging.page(of: Array(0..<150), after: nil, limit: nil) { "\($0)" }
    #expect(page.items.count == 100)
  }
}
