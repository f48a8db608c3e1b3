internal import ArgumentParser
internal import IonJSON
internal import IonServer
internal import IonWorkflow
internal import IonWorkflowFile

/// `ion new`
struct NewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Make a workflow from a template.",
    discussion: """
      Writes .ion/workflows/NAME.yaml, and never over a file that is there.

      EXAMPLES
        ion new --list
        ion new tidy
        ion new ship --template release
      """)

  @Argument(help: "What the workflow is called.")
  var name: String?

  @Option(name: [.short, .long], help: "What to start from.")
  var template: String = WorkflowTemplate.hello.name

  @Flag(name: .long, help: "List the templates.")
  var list = false

  @OptionGroup var common: WorkspaceOptions

  func validate() throws {
    guard list == (name == nil) else {
      throw ValidationError(
        list
          ? "--list makes nothing, and takes no name."
          : "Say what it is called: `ion new NAME`; --list lists templates.")
    }
  }

  func run() async throws {
    guard let name else { return showTemplates() }
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      try WorkflowFileName.check(name)
      let template = try WorkflowTemplate.named(template)
      try await refuseTaken(name, in: invocation)
      let path = ".ion/workflows/\(name).yaml"
      let file = invocation.root.appending(path)
      guard try TextFile.create(Array(template.text(named: name).utf8), at: file) else {
        throw CommandFailure("\(path) is there already; take another name, or change that file.", code: .usage)
      }
      let uri = WorkflowURI(file)
      if invocation.isJSON {
        Console.line(
          JSONValue.object([
            "uri": .string(uri.description), "name": .string(name), "template": .string(template.name),
          ]).serializedText())
        return .succeeded
      }
      Console.line("made \(path), from the template \(template.name)")
      let workflow = try await invocation.client.call(
        GetWorkflow.self,
        ["codebaseId": .string(invocation.codebase.rawValue), "uri": .string(uri.description)])
      DiagnosticText(root: invocation.root).show(workflow.diagnostics, of: uri)
      showNext(name, workflow.inputs)
      return .succeeded
    }
  }

  private func showTemplates() {
    let templates = WorkflowTemplate.all
    if common.json {
      let shapes = templates.map { ["name": .string($0.name), "description": .string($0.summary)] as JSONValue }
      Console.line(JSONValue.object(["templates": .array(shapes)]).serializedText())
      return
    }
    Console.lines(TerminalText.columns(templates.map { [$0.name, $0.summary] }))
  }

  /// A second workflow of a name would make the name mean neither.
  private func refuseTaken(_ name: String, in invocation: Invocation) async throws(CommandFailure) {
    let page = try await invocation.client.call(
      ListWorkflows.self, ["codebaseId": .string(invocation.codebase.rawValue), "limit": 1000])
    let taken = page.workflows.first { workflow in
      let file = workflow.uri.path.name
      let isNamed = workflow.name == name || file == "\(name).yaml" || file == "\(name).yml"
      return workflow.scope == .workspace && isNamed
    }
    guard let taken else { return }
    let path = taken.uri.path.relative(to: invocation.root) ?? taken.uri.path.text
    throw CommandFailure("\(path) is called `\(name)` already; take another name, or change that file.", code: .usage)
  }

  private func showNext(_ name: String, _ inputs: [InputShape]) {
    let given = inputs.filter(\.required).map { " --input \($0.name)=…" }.joined()
    Console.lines([
      "", "What to do next:", "  look at the file, and make it yours", "  ion plan \(name)\(given)",
      "  ion run \(name)\(given)",
    ])
  }
}
