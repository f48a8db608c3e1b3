import IonWorkflow
import Testing

@testable import IonWorkflowFile

/// The files that `ion init` and `ion new` write.
@Suite struct TemplateTests {
  @Test func theConfigurationIsRightAsItIsAndWithoutItsCommentMarks() throws {
    let text = try #require(Checkout.text("Sources/ion/Templates/config.yaml"))
    #expect(ConfigReader.read(Array(text.utf8)).diagnostics == [])
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("# ") }.map { $0.dropFirst(2) }
    let settings = lines.filter { line in
      line.hasPrefix("  ")
        || line.prefix { $0.isLowercase || $0 == "_" }.count == line.firstIndex(of: ":")?.utf16Offset(in: line)
    }
    #expect(settings.count > 5)
    let reading = ConfigReader.read(Array(settings.joined(separator: "\n").utf8))
    #expect(reading.diagnostics == [])
    let configuration = try #require(reading.configuration)
    #expect(
      configuration.provider == "helper" && configuration.providers.map(\.id) == ["helper"]
        && configuration.workflowPaths.count == 1)
  }

  @Test func templatesSayNothingButWhatThisVersionDoesNotDo() throws {
    let paths = Checkout.files(below: "Sources/ion/Templates").filter { !$0.hasSuffix("config.yaml") }
    #expect(paths.count == 3)
    for path in paths {
      let reading = WorkflowReader.read(try #require(Checkout.text(path)))
      let definition = try #require(reading.definition, "\(path): \(reading.diagnostics)")
      #expect(path.hasSuffix("/\(definition.name).yaml"))
      #expect(definition.description?.isEmpty == false)
      #expect(reading.diagnostics.allSatisfy { ["notRunnable", "notActedOn"].contains($0.code) }, "\(path)")
    }
  }

  @Test func thereIsNothingToSayOfTheWorkflowsThatComeWithIon() throws {
    let paths = Checkout.files(below: "Sources/IonWorkflowFile/Builtin")
    #expect(
      Set(paths.map { $0.split(separator: "/").last.map(String.init) }) == Set(BuiltinWorkflow.all.map(\.path.name)))
    for workflow in BuiltinWorkflow.all {
      let reading = WorkflowReader.read(workflow.bytes)
      #expect(reading.diagnostics == [], "\(workflow.name)")
      #expect(reading.definition?.name == workflow.name && reading.definition?.description?.isEmpty == false)
      #expect(BuiltinWorkflow.at(workflow.path) == workflow)
    }
  }
}
