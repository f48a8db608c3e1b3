internal import ArgumentParser
internal import Glibc
internal import IonJSON
internal import IonServer
internal import IonWorkflow

/// `ion report`
struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Draw a run: its graph, what ran when, and every node's details.",
    discussion: """
      A page or a drawing stands alone and loads nothing, so that it can be mailed or kept.

      EXAMPLES
        ion report 7k2m --output run.html          a page; open it in a browser
        ion report 7k2m --output run.svg           a drawing; the file's ending says what is wanted
        ion report 7k2m --format mermaid           a chart for Markdown, on stdout
        ion report 7k2m --json | jq '.nodes[] | select(.status == "failed")'
      """)

  @Argument(help: "The run's id, or its first characters.")
  var run: String

  @Option(name: .long, help: "What to draw; by the ending of --output, or html, where nothing is said.")
  var format: ReportFormat?

  @Option(name: [.short, .long], help: "The file to write; what is in it is replaced. Stdout where nothing is said.")
  var output: String?

  @OptionGroup var common: WorkspaceOptions

  func validate() throws {
    if common.json, let format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) exclude each other.")
    }
    guard output == nil, wanted == .html, Console.isTerminal else { return }
    throw ValidationError("A page is nothing for a terminal: say where to write it with --output FILE.")
  }

  func run() async throws {
    try await Invocation.run(common) { invocation throws(CommandFailure) in
      let id = try await invocation.run(run)
      let report = try await invocation.client.call(
        ReportRun.self, ["runId": .string(id.rawValue), "format": .string(wanted.rawValue)])
      let text = report.text ?? report.picture.map { Decoded.json($0).serializedText() + "\n" } ?? ""
      guard let output else {
        Console.write(text)
        return .succeeded
      }
      let path = try common.root().appending(output)
      guard TextFile.write(Array(text.utf8), to: path) else {
        throw CommandFailure("\(path) can't be written: \(String(cString: strerror(errno)))")
      }
      return .succeeded
    }
  }

  private var wanted: ReportFormat {
    if common.json { return .json }
    return format ?? output.flatMap(Self.format) ?? .html
  }

  /// What a file's name says that it holds; nil for an ending that says nothing.
  private static func format(ofFile name: String) -> ReportFormat? {
    let name = name.lowercased()
    let endings: [(String, ReportFormat)] = [
      (".html", .html), (".htm", .html), (".svg", .svg), (".mmd", .mermaid), (".mermaid", .mermaid), (".json", .json),
    ]
    return endings.first { name.hasSuffix($0.0) }?.1
  }
}
