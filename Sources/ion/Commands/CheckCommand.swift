internal import ArgumentParser
internal import IonJSON
internal import IonServer
internal import IonWorkflow
internal import IonWorkflowFile

/// `ion check`
struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check workflow files and configurations: those given, or all that count here.",
    discussion: """
      Prints `file:line:column: severity: message`, as compilers do. Exits with 1 where a file has errors.

      EXAMPLES
        ion check
        ion check .ion/workflows/build.yaml
        ion check .ion/config.yaml
      """)

  @Argument(help: "The files.")
  var files: [String] = []

  @OptionGroup var common: WorkspaceOptions

  func run() async throws {
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      var uris = files.map { WorkflowURI(invocation.root.appending($0)) }
      if files.isEmpty {
        let page = try await invocation.client.call(
          ListWorkflows.self, ["codebaseId": .string(invocation.codebase.rawValue), "limit": 1000])
        uris = invocation.configurations + page.workflows.filter { $0.scope != .builtin }.map(\.uri)
      }
      var broken = 0
      for uri in uris {
        let answer = try await invocation.client.call(
          ValidateWorkflow.self,
          ["codebaseId": .string(invocation.codebase.rawValue), "uri": .string(uri.description)])
        if !answer.valid { broken += 1 }
        if invocation.isJSON {
          Console.line(
            JSONValue.object([
              "uri": .string(uri.description), "valid": .bool(answer.valid),
              "diagnostics": .array(answer.diagnostics.map { Decoded.json($0) }),
            ]).serializedText())
        } else {
          DiagnosticText(root: invocation.root).show(answer.diagnostics, of: uri)
        }
      }
      if !invocation.isJSON {
        Console.line("\(uris.count) checked, " + (broken == 0 ? "no errors" : "\(broken) with errors"))
      }
      return broken == 0 ? .succeeded : .failed
    }
  }
}
