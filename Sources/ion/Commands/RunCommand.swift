internal import ArgumentParser
internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// `ion run`
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a workflow here, and show it live.",
    discussion: """
      The first Ctrl-C cancels the run, the second kills it. Exit codes: 0 succeeded, 1 failed, 2 wrong usage, \
      3 waiting for an approval, 130 cancelled.

      EXAMPLES
        ion run survey
        ion run .ion/workflows/build.yaml --input target=arm64 --input fast=true
        ion run fix-issue --message "the login page is slow"
        ion run build --no-cache
        ion run build --queue                     when what runs here has ended
        ion run fix-issue --isolation worktree    in a git worktree of its own; ion changes shows what it did
        ion run build --json | jq .params.status
      """)

  @Argument(help: "The workflow's name, or its file.")
  var workflow: String

  @Option(name: [.short, .long], help: "An input, as name=value; may be repeated.")
  var input: [String] = []

  @Option(name: [.short, .long], help: "What the run is about: $USER_MESSAGE.")
  var message: String?

  @Option(name: .long, help: "The agent provider to use instead of the workflow's.")
  var provider: String?

  @Option(name: .long, help: "The model to use instead of the workflow's.")
  var model: String?

  @Option(name: .long, help: "Free text that comes along: $CONTEXT.")
  var context: String?

  @Flag(name: .long, inversion: .prefixedNo, help: "Whether nodes with `cache` may take over earlier successes.")
  var cache = true

  @Option(
    name: .long,
    help: "Where it works: worktree is one of its own, made from the last commit; else what the workflow says.")
  var isolation: Isolation?

  @Flag(name: .long, help: "Wait while another run uses this folder, instead of failing.")
  var queue = false

  @OptionGroup var common: WorkspaceOptions

  func run() async throws {
    let signals = SignalWatch()
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      let target = try WorkflowTarget(workflow, root: invocation.root)
      // Inputs are read by the types that the workflow declares, and its graph is drawn; else nothing is asked twice.
      var workflow: GetWorkflow.Result?
      if invocation.isLive || !input.isEmpty {
        workflow = try await invocation.client.call(
          GetWorkflow.self, target.params.merging(["codebaseId": .string(invocation.codebase.rawValue)]))
      }
      let inputs = try InputArguments.read(input, workflow?.inputs ?? [])
      var params = target.params
      params["codebaseId"] = .string(invocation.codebase.rawValue)
      params["cwdUri"] = .string(FileURI(invocation.root).description)
      params["message"] = .optional(message)
      params["inputs"] = .object(inputs)
      params["provider"] = .optional(provider)
      params["model"] = .optional(model)
      if !cache { params["cache"] = false }
      params["isolation"] = .optional(isolation?.rawValue)
      params["queue"] = queue ? true : .null
      if let context { params["context"] = ["text": .string(context)] }
      let started = try await StartingRun(invocation: invocation, waits: queue, signals: signals.signals).start(params)
      let graph = (workflow?.nodes ?? []).map { (id: $0.nodeId, dependsOn: $0.dependsOn) }
      return try await RunFollower(
        invocation: invocation, run: started.runId, signals: signals.signals, graph: graph
      ).follow()
    }
  }
}
