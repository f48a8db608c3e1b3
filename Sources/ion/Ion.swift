internal import ArgumentParser
internal import Glibc
internal import IonWorkflow

@main
struct Ion: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ion",
    abstract: "Runs workflows of shell steps, scripts and agents, and remembers everything.",
    discussion: """
      A workflow is a YAML file in .ion/workflows: a graph of steps. `ion run` runs one here and shows it live; editors \
      start `ion serve --stdio` and speak JSON-RPC with it.

      EXAMPLES
        ion init                            make a first workflow here
        ion run survey                      run .ion/workflows/survey.yaml
        ion run build --input target=arm64  with an input
        ion resume 7k2m                     go on where a run failed or was killed
        ion approve 7k2m                    say yes at a gate that a run waits at
        ion log 7k2m test --follow          what a step prints
        ion report 7k2m -o run.html         a run as a page, drawn
        ion changes 7k2m                    what an isolated run changed; ion apply takes it
        ion check                           check every workflow file here
        ion plan build --stub test=ok       what a run would do, without doing it
      """,
    version: Version.current,
    subcommands: [
      InitCommand.self, NewCommand.self, ServeCommand.self, RunCommand.self, PlanCommand.self, ResumeCommand.self,
      RerunCommand.self, ApproveCommand.self, RejectCommand.self, GatesCommand.self, CancelCommand.self,
      ListCommand.self, RunsCommand.self, ShowCommand.self, WhyCommand.self, LogCommand.self, ReportCommand.self,
      ArtifactsCommand.self, ChangesCommand.self, ApplyCommand.self, DiscardCommand.self,
      CheckCommand.self, DoctorCommand.self, SpecCommand.self, SchemaCommand.self,
    ])

  /// Wrong usage ends with the same code wherever it is noticed, and a misspelt subcommand is told what is near it.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
      let hint = misspelling(Array(CommandLine.arguments.dropFirst())).map { "\n\($0)" } ?? ""
      Console.write(fullMessage(for: error) + hint + "\n", to: STDERR_FILENO)
      exit(withError: ExitCode(ExitStatus.usage.rawValue))
    }
  }

  /// What the first word may have meant; nil where it is a subcommand, or near none.
  private static func misspelling(_ arguments: [String]) -> String? {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    guard let word = arguments.first, !word.hasPrefix("-"), !(names + ["help"]).contains(word) else { return nil }
    return Spelling.hint(for: word, among: names).map { "There is no command `\(word)`; \($0)" }
  }
}
