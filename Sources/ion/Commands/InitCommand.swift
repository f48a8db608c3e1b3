internal import ArgumentParser
internal import IonJSON
internal import IonWorkflow

/// `ion init`
struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make a first workflow and a configuration in this folder.",
    discussion: """
      Writes .ion/workflows/hello.yaml and .ion/config.yaml, both with comments that say what they do. Files that are \
      there already stay as they are.

      EXAMPLES
        ion init
        ion init -C ../other
      """)

  @OptionGroup var common: WorkspaceOptions

  func run() async throws {
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      let files = [
        (".ion/workflows/hello.yaml", Array(WorkflowTemplate.hello.text(named: "hello").utf8), "a first workflow"),
        (".ion/config.yaml", WorkflowTemplate.configuration, "what holds for all workflows here"),
      ]
      var made: [String] = []
      var kept: [String] = []
      for (path, bytes, purpose) in files {
        let isMade = try TextFile.create(bytes, at: invocation.root.appending(path))
        if isMade { made.append(path) } else { kept.append(path) }
        if !invocation.isJSON {
          Console.line(isMade ? "made \(path): \(purpose)" : "kept \(path), which was there already")
        }
      }
      if invocation.isJSON {
        Console.line(
          JSONValue.object([
            "made": .array(made.map { .string($0) }), "kept": .array(kept.map { .string($0) }),
          ]).serializedText())
      } else {
        Console.lines([
          "", "What to do next:", "  ion run hello     run the workflow",
          "  ion check         see whether every workflow here is right",
          "  ion new --list    more workflows to start from",
        ])
      }
      return .succeeded
    }
  }
}
