internal import IonServer
internal import IonWorkflow

/// What is said of files, as compilers say it: `file:line:column: severity: message`.
struct DiagnosticText {
  /// The folder that paths are told from.
  let root: AbsolutePath

  func show(_ diagnostics: [DiagnosticShape], of uri: WorkflowURI) {
    let style = Style(isOn: Console.isColoured)
    let file = path(of: uri)
    for diagnostic in diagnostics {
      let place = "\(file):\(diagnostic.range.start.line + 1):\(diagnostic.range.start.character + 1)"
      let word =
        switch diagnostic.severity {
        case 1: style.red("error")
        case 2: style.yellow("warning")
        case 3: style.cyan("information")
        default: style.dim("hint")
        }
      // A hint stands in a line of its own, below what it belongs to.
      let text = diagnostic.message.split(separator: "\n").joined(separator: "\n    ")
      Console.line("\(place): \(word): \(text)")
      for related in diagnostic.relatedInformation ?? [] {
        let start = related.location.range.start
        let message = related.message.split(separator: "\n").joined(separator: " ")
        Console.line("    \(path(of: related.location.uri)):\(start.line + 1):\(start.character + 1): \(message)")
      }
    }
  }

  private func path(of uri: WorkflowURI) -> String { uri.path.relative(to: root) ?? uri.place }
}
