import IonEngine
import IonJSON
import IonRPC
import IonTestSupport
import IonWorkflow
import Testing

@testable import IonServer

@Suite struct CodebaseMethodTests {
  @Test func registeringOpensTheStoreAndSaysWhatToRemember() async throws {
    let desk = try await MethodDesk()
    let codebase = try await desk.call(RegisterCodebase.self, ["rootUri": desk.uri("")])
    #expect(codebase.codebaseId == desk.codebase.id)
    #expect(codebase.rootUri.path == desk.root)
    #expect(codebase.name == "workspace")
    #expect(!codebase.storeId.isEmpty)
    #expect(codebase.lastSeq == 0)
    #expect(codebase.trusted)
    #expect(desk.fixture.workspace.hasStore)
  }

  @Test func registeringAgainChangesNothingButTrust() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: 'true'}")
    let first = try await desk.call(RegisterCodebase.self, ["rootUri": desk.uri("")])
    _ = try await desk.run()
    let second = try await desk.call(RegisterCodebase.self, ["rootUri": desk.uri(""), "trusted": false])
    #expect(second.storeId == first.storeId)
    #expect(second.lastSeq > 0)
    #expect(!second.created)
    #expect(!second.trusted)
    #expect(await desk.refusal(ExecuteWorkflow.self, ["workflow": "w"])?.kind == "workspaceNotTrusted")
  }

  @Test func folderWithinARepositoryStandsForTheWhole() async throws {
    let desk = try await MethodDesk()
    desk.folder.write("", to: "repository/.git/HEAD")
    desk.folder.write("", to: "repository/deep/er/file")
    let uri = FileURI(desk.folder.path.appending("repository/deep/er")).description
    let codebase = try await desk.call(
      RegisterCodebase.self, ["rootUri": .string(uri), "codebaseId": "mine", "name": "Mine"])
    #expect(codebase.rootUri.path == desk.folder.path.appending("repository"))
    #expect(codebase.codebaseId == "mine")
    #expect(codebase.name == "Mine")
    #expect(codebase.created)
  }

  @Test(arguments: [
    (#"{}"#, "/params/rootUri"), (#"{"rootUri": 3}"#, "/params/rootUri"),
    (#"{"rootUri": "http://x/y"}"#, "/params/rootUri"), (#"{"rootUri": "file://host/y"}"#, "/params/rootUri"),
    (#"{"rootUri": "file:///%ff"}"#, "/params/rootUri"),
    (#"{"rootUri": "file:///", "trusted": "yes"}"#, "/params/trusted"),
  ])
  func wrongShapesAreRefusedWithTheirPlace(params: String, path: String) async throws {
    let desk = try await MethodDesk()
    let error = await desk.refusal(RegisterCodebase.self, try JSONParser().parse(Array(params.utf8)))
    #expect(error?.code == -32602)
    #expect(error?.path == path)
  }

  @Test func wrongIDAndMissingFolderAreToldApart() async throws {
    let desk = try await MethodDesk()
    let wrong = await desk.refusal(RegisterCodebase.self, ["rootUri": desk.uri(""), "codebaseId": "a/b"])
    #expect(wrong?.kind == "inputInvalid")
    #expect(wrong?.path == "/params/codebaseId")
    #expect(await desk.refusal(RegisterCodebase.self, ["rootUri": desk.uri("nowhere")])?.kind == "unusable")
  }

  @Test func listSaysOfEachWhetherItHasAStore() async throws {
    let desk = try await MethodDesk()
    let before = try await desk.call(ListCodebases.self).codebases
    #expect(before.map(\.codebaseId) == [desk.codebase.id])
    #expect(before.first?.storeId == nil)
    #expect(before.first?.error == nil)
    #expect(!desk.fixture.workspace.hasStore)
    let registered = try await desk.call(RegisterCodebase.self, ["rootUri": desk.uri("")])
    let after = try await desk.call(ListCodebases.self).codebases
    #expect(after.first?.storeId == registered.storeId)
    #expect(after.first?.activeRuns == 0)
  }

  @Test func damagedStoreIsListedWithTheReason() async throws {
    let desk = try await MethodDesk()
    desk.folder.write("", to: "workspace/.ion/codebases/\(desk.codebase.id)/store.sqlite/occupied")
    let codebase = try await desk.call(ListCodebases.self).codebases.first
    #expect(codebase?.storeId == nil)
    #expect(codebase?.error != nil)
  }

  @Test func unregisteredCodebaseIsForgottenAndItsStoreStays() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: 'true'}")
    let run = try await desk.run()
    let id = JSONValue.string(desk.codebase.id.rawValue)
    #expect(
      try await desk.call(UnregisterCodebase.self, ["codebaseId": id]) == UnregisterCodebase.Result(deleted: false))
    #expect(await desk.refusal(ListRuns.self, ["codebaseId": id])?.kind == "codebaseNotRegistered")
    #expect(await desk.refusal(GetStatus.self, ["runId": run.runId.json])?.kind == "runNotFound")
    _ = try await desk.call(RegisterCodebase.self, ["rootUri": desk.uri("")])
    #expect(try await desk.call(ListRuns.self).runs.map(\.runId) == [run.runId])
  }

  @Test func storeIsDeletedOnlyWhenAskedForAndIdle() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: sleep 1000}")
    let started = try await desk.call(ExecuteWorkflow.self, ["workflow": "w"])
    let params: JSONValue = ["codebaseId": .string(desk.codebase.id.rawValue), "deleteStore": true]
    let refused = await desk.refusal(UnregisterCodebase.self, params)
    #expect(refused?.kind == "invalidState")
    #expect(refused?.data?["runId"] == started.runId.json)
    _ = try await desk.call(CancelWorkflow.self, ["runId": started.runId.json, "force": true])
    _ = try await desk.end(of: started.runId)
    #expect(try await desk.call(UnregisterCodebase.self, params).deleted)
    #expect(!desk.folder.exists("workspace/.ion/codebases/\(desk.codebase.id)"))
    let again = try await desk.call(RegisterCodebase.self, ["rootUri": desk.uri("")])
    #expect(again.lastSeq == 0)
  }

  @Test func severalCodebasesMustBeToldApart() async throws {
    let desk = try await MethodDesk(nodes: "  - {id: a, bash: 'true'}")
    desk.folder.write("name: other\nnodes: [{id: a, bash: 'true'}]\n", to: "other/.ion/workflows/other.yaml")
    let other = try await desk.call(
      RegisterCodebase.self, ["rootUri": .string(FileURI(desk.folder.path.appending("other")).description)])
    let error = await desk.refusal(ListRuns.self)
    #expect(error?.kind == "inputInvalid")
    #expect(error?.path == "/params/codebaseId")
    let named = try await desk.call(ListWorkflows.self, ["codebaseId": .string(other.codebaseId.rawValue)])
    #expect(named.workflows.map(\.name) == ["other"])
    // A file says by itself whose it is.
    let uri = FileURI(desk.folder.path.appending("other/.ion/workflows/other.yaml")).description
    let run = try await desk.run(["uri": .string(uri)])
    #expect(run.codebaseId == other.codebaseId)
  }

  @Test func workflowIsFoundInTheOnlyCodebaseThatHasIt() async throws {
    let desk = try await MethodDesk(files: MethodDesk.files("  - {id: a, bash: 'true'}", name: "far-build"))
    for (folder, name) in [("second", "build"), ("second", "lint"), ("third", "lint")] {
      desk.folder.write("nodes: [{id: a, bash: 'true'}]\n", to: "\(folder)/.ion/workflows/\(name).yaml")
    }
    var ids: [CodebaseID] = []
    for folder in ["second", "third"] {
      let uri = JSONValue.string(FileURI(desk.folder.path.appending(folder)).description)
      ids.append(try await desk.call(RegisterCodebase.self, ["rootUri": uri]).codebaseId)
    }
    #expect(try await desk.run(["workflow": "far-build"]).codebaseId == desk.codebase.id)
    // The name itself, though the first codebase has one that ends so.
    #expect(try await desk.run(["workflow": "build"]).codebaseId == ids[0])
    #expect(try await desk.call(GetWorkflow.self, ["workflow": "build"]).first.name == "build")

    let several = await desk.refusal(ExecuteWorkflow.self, ["workflow": "lint"])
    #expect(several?.kind == "inputInvalid")
    #expect(several?.path == "/params/codebaseId")
    for id in ids { #expect(several?.message.contains("`\(id)`") == true) }
    #expect(try await desk.run(["workflow": "lint", "codebaseId": .string(ids[1].rawValue)]).codebaseId == ids[1])

    let none = await desk.refusal(ExecuteWorkflow.self, ["workflow": "lnit"])
    #expect(none?.kind == "workflowNotFound")
    #expect(none?.data?["suggestions"] == ["lint"])
  }
}
