import IonEngine
import IonJSON
import IonStore
import IonTestSupport
import IonWorkflow
import IonWorkflowFile
import Testing

/// The pages of `protocol-spec/kinds`, held against the reader's tables and the engine.
@Suite struct KindPageTests {
  @Test(arguments: NodeKind.names) func everyKindHasAPageWithAnExampleOfIt(kind: String) throws {
    let page = try #require(KindPage(of: kind))
    #expect(page.text.hasPrefix("# `\(kind)`\n"))
    for heading in ["## Keys", "## Output", "## Failure", "## Example"] {
      #expect(page.text.contains("\n\(heading)\n"), "\(kind).md has no part \(heading)")
    }
    #expect(page.text.contains("\n    \(kind):") || page.text.contains("- id: ") && page.text.contains(" \(kind):"))
    #expect(Checkout.text("protocol-spec/kinds/README.md")?.contains("[\(kind)](\(kind).md)") == true)
  }

  @Test(arguments: NodeKind.names) func everyKeyOfAKindIsOnItsPage(kind: String) throws {
    let page = try #require(KindPage(of: kind))
    var keys = WorkflowLanguage.node.keys.filter { $0.kinds == [kind] }
    // The first mapping is the file itself.
    if let mapping = WorkflowLanguage.mappings.dropFirst().first(where: { $0.name == kind }) { keys += mapping.keys }
    for key in keys { #expect(page.text.contains(key.name), "\(kind).md doesn't say \(key.name)") }
  }

  @Test func everyOtherKeyOfNodesIsOnTheFirstPageOrThatOfAgents() throws {
    let text = try #require(Checkout.text("protocol-spec/kinds/README.md"))
    let agents = try #require(KindPage(of: "prompt")).text
    for key in WorkflowLanguage.node.keys where !NodeKind.names.contains(key.name) && key.kinds.count != 1 {
      let isForeign = key.summary.hasPrefix("A key of other engines")
      let isSaid = text.contains("`\(key.name)`") || agents.contains("`\(key.name)`")
      #expect(isForeign || isSaid, "no page says \(key.name)")
    }
  }

  /// What comes of an example is what its page says. One with a kind that this version doesn't run is only read.
  @Test(arguments: NodeKind.names) func examplesComeToWhatTheySay(kind: String) async throws {
    let page = try #require(KindPage(of: kind))
    let reading = page.reading
    let definition = try #require(reading.definition, "\(kind).md: \(reading.diagnostics.map(\.message))")
    guard definition.allNodes.allSatisfy(\.kind.isRunnable) else {
      #expect(reading.diagnostics.allSatisfy { ["notRunnable", "notActedOn"].contains($0.code) })
      return
    }
    #expect(reading.diagnostics == [], "\(kind).md")
    let files = Dictionary(page.files.map { ($0.path, $0.text) }) { first, _ in first }
    let fixture = try await EngineFixture(files: files)
    let (run, nodes) = try await end(of: page, in: fixture, definition.name)
    try expect(page.result, run, nodes, kind)
  }

  private func end(
    of page: KindPage, in fixture: EngineFixture, _ name: String
  ) async throws -> (run: RunRecord, nodes: [NodeID: NodeRecord]) {
    let started = try await fixture.start(name, message: page.result["message"]?.stringValue ?? "")
    for member in page.result["answers"]?.objectValue?.members ?? [] {
      _ = try await fixture.workspace.wait(for: started.id, until: .standstill, timeout: nil)
      let gates = try await fixture.workspace.gates(of: started.id).map(\.gate)
      let gate = try #require(gates.first { $0.node.rawValue == member.key && $0.state == .pending })
      var answer = GateAnswer(
        decision: member.value["decision"]?.stringValue ?? "", comment: member.value["comment"]?.stringValue,
        decidedBy: "Ada")
      for field in member.value["form"]?.objectValue?.members ?? [] { answer.form[field.key] = field.value }
      _ = try await fixture.workspace.answer(gate.id, answer, secrets: [:])
    }
    return try await fixture.end(of: started.id)
  }

  private func expect(_ result: JSONValue, _ run: RunRecord, _ nodes: [NodeID: NodeRecord], _ kind: String) throws {
    #expect(run.status.rawValue == result["run"]?.stringValue, "\(kind).md: \(run.error ?? "")")
    if let why = result["why"]?.stringValue { #expect(run.error == why, "\(kind).md") }
    for member in result["outputs"]?.objectValue?.members ?? [] {
      #expect(nodes[NodeID(member.key)]?.output?.text == member.value.stringValue, "\(kind).md: \(member.key)")
    }
    for member in result["statuses"]?.objectValue?.members ?? [] {
      #expect(nodes[NodeID(member.key)]?.status.rawValue == member.value.stringValue, "\(kind).md: \(member.key)")
    }
    for member in result["errors"]?.objectValue?.members ?? [] {
      let error = try #require(nodes[NodeID(member.key)]?.error, "\(kind).md: \(member.key)")
      #expect(error.contains(member.value.stringValue ?? ""), "\(kind).md: \(member.key)")
    }
    let known: Set<String> = ["run", "why", "message", "answers", "outputs", "statuses", "errors"]
    #expect(Set(result.objectValue?.keys ?? []).subtracting(known) == [], "\(kind).md")
    #expect(result["outputs"] != nil || result["statuses"] != nil, "\(kind).md says nothing of any node")
  }
}
