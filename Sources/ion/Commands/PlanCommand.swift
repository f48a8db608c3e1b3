internal import ArgumentParser
internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// `ion plan`
struct PlanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Say what a run would do, without doing any of it.",
    discussion: """
      Each step is taken to succeed; what it would print is unknown, unless --stub says it. What hangs on an unknown \
      output is marked with ? and says on which. Agents are named, and their programs looked for; nothing is started or \
      written. Exit codes: 0 there is a plan, 1 the workflow is invalid or could not start, 2 wrong usage.

      EXAMPLES
        ion plan build --input target=arm64
        ion plan build --stub list=@list.json --stub version=1.2
        ion plan build --assume test=failed
        ion plan build --json | jq -r '.nodes[] | select(.verdict == "run").nodeId'
      """)

  @Argument(help: "The workflow's name, or its file.")
  var workflow: String

  @Option(name: [.short, .long], help: "An input, as name=value; may be repeated.")
  var input: [String] = []

  @Option(name: .long, help: "What a node prints, as node=text or node=@file; may be repeated.")
  var stub: [String] = []

  @Option(name: .long, help: "How a node comes out, as node=failed or node=skipped; may be repeated.")
  var assume: [String] = []

  @Option(name: [.short, .long], help: "What the run would be about: $USER_MESSAGE.")
  var message: String?

  @OptionGroup var common: WorkspaceOptions

  func run() async throws {
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      let stubs = try StubArguments.read(stub, assume, root: invocation.root)
      var params = try WorkflowTarget(workflow, root: invocation.root).params
      params["codebaseId"] = .string(invocation.codebase.rawValue)
      if !input.isEmpty {
        let shape = try await invocation.client.call(GetWorkflow.self, params)
        params["inputs"] = .object(try InputArguments.read(input, shape.inputs))
      }
      params["message"] = .optional(message)
      params["stubs"] = .object(stubs)
      let plan = try await invocation.client.call(PlanWorkflow.self, params)
      if invocation.isJSON {
        Console.line(Decoded.json(plan).serializedText())
      } else {
        let style = Style(isOn: Console.isColoured)
        Console.lines(PlanText(plan, style: style, columns: Console.isTerminal ? Console.size.columns : nil).lines)
      }
      return plan.problem == nil ? .succeeded : .failed
    }
  }
}
