internal import ArgumentParser

@main
struct Ion: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ion",
    abstract: "Runs workflows of shell steps, scripts and agents, and remembers everything.",
    discussion: """
      A workflow is a YAML file in .ion/workflows: a graph of steps. `ion run` runs one here and shows it live; editors
      start `ion serve --stdio` and speak JSON-RPC with it.

      EXAMPLES
        ion run survey                      run .ion/workflows/survey.yaml
        ion run build --input target=arm64  with an input
        ion resume 7k2m                     go on where a run failed or was killed
        ion log 7k2m test --follow          what a step prints
        ion check                           check every workflow file here
      """,
    version: Version.current,
    subcommands: [
      ServeCommand.self, RunCommand.self, ResumeCommand.self, RerunCommand.self, CancelCommand.self, ListCommand.self,
      RunsCommand.self, ShowCommand.self, LogCommand.self, ArtifactsCommand.self, CheckCommand.self, DoctorCommand.self,
      SpecCommand.self, SchemaCommand.self,
    ])
}
