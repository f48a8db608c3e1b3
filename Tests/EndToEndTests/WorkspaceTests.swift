import Foundation
import IonTestSupport
import IonWorkflow
import Testing

@Suite(.timeLimit(.minutes(10))) struct WorkspaceTests {
  static let workflow = "name: w\nnodes: [{id: a, bash: echo hi}]\n"

  @Test func fileInThePlaceOfTheFolderIsNamedAndLeftAlone() async throws {
    let ion = BuiltIon(files: ["w.yaml": Self.workflow, ".ion": "mine\n"])
    let refused = try await ion.run("run", "w.yaml")
    #expect(refused.status == 1)
    #expect(refused.errors.contains(ion.workspace.appending(".ion").text))
    #expect(ion.folder.read("workspace/.ion") == "mine\n")
  }

  @Test(arguments: ["/nowhere/at/all", ".ion"])
  func linkThatLeadsNowhereIsNamed(_ target: String) async throws {
    let ion = BuiltIon(files: ["w.yaml": Self.workflow])
    let link = ion.workspace.appending(".ion").text
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    let refused = try await ion.run("run", "w.yaml")
    #expect(refused.status == 1)
    #expect(refused.errors.contains(link))
  }

  @Test func folderElsewhereBehindALinkIsUsed() async throws {
    let ion = BuiltIon(files: ["w.yaml": Self.workflow])
    ion.folder.write("", to: "elsewhere/.keep")
    try FileManager.default.createSymbolicLink(
      atPath: ion.workspace.appending(".ion").text, withDestinationPath: "../elsewhere")
    #expect(try await ion.run("run", "w.yaml").status == 0)
    #expect(ion.folder.exists("elsewhere/codebases"))
    #expect(try await ion.run("runs").output.contains("succeeded"))
  }

  @Test func fileInThePlaceOfTheStoreIsNamed() async throws {
    let ion = BuiltIon(files: ["w.yaml": Self.workflow])
    #expect(try await ion.run("run", "w.yaml").status == 0)
    let store = try ion.store().appending("store.sqlite").text
    try removeAtOnce(store)
    try FileManager.default.createDirectory(atPath: store, withIntermediateDirectories: false)
    let refused = try await ion.run("run", "w.yaml")
    #expect(refused.status == 1)
    #expect(refused.errors.contains(try ion.store().text))
  }

  /// Whatever a step leaves behind is ended with it: daemons, other sessions, cleared environments, who holds its pipes.
  @Test func stepsLeaveNothingBehindAndMayPrintAnything() async throws {
    let ion = BuiltIon(files: [
      ".ion/workflows/w.yaml": """
      name: w
      nodes:
        - {id: daemon, bash: 'setsid nohup sleep 1000 >/dev/null 2>&1 & echo d'}
        - {id: double, bash: '(setsid sh -c "sleep 1000 & exit" &); echo e'}
        - {id: cleared, bash: '(env -i setsid sleep 1000 &); echo f'}
        - {id: holder, bash: 'sleep 1000 & echo g'}
        - {id: many, bash: 'for i in {1..200}; do sleep 1000 & done; echo h'}
        - {id: deaf, bash: 'exec >&- 2>&-; sleep 0.01; echo into nothing || true'}
        - {id: bytes, bash: 'head -c 65537 /dev/zero; printf "\\\\377\\\\303\\\\n"'}
        - {id: endless, bash: 'head -c 30000000 /dev/zero | tr "\\\\0" x'}
      """
    ])
    let outcome = try await ion.run("run", "w", "--json")
    #expect(outcome.status == 0)
    #expect(ion.processesOfSteps().isEmpty)
    let log = try ion.store().appending("logs").text
    let run = try #require(try FileManager.default.contentsOfDirectory(atPath: log).first)
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(log)/\(run)/endless/1/stdout")
    #expect(attributes[.size] as? Int == 30_000_000)
  }
}
