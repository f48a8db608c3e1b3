internal import IonWorkflow
internal import IonWorkflowFile

/// A workflow to start from: a file of `Templates`, which the program carries, or one that comes with Ion.
struct WorkflowTemplate {
  let name: String
  private let bytes: [UInt8]

  static let hello = WorkflowTemplate(name: "hello", bytes: PackageResources.hello_yaml)

  static let all =
    [hello] + BuiltinWorkflow.all.map { WorkflowTemplate(name: $0.name, bytes: $0.bytes) } + [
      WorkflowTemplate(name: "release", bytes: PackageResources.release_yaml),
      WorkflowTemplate(name: "nightly-checks", bytes: PackageResources.nightly_checks_yaml),
    ]

  /// `config.yaml` with everything in it, as comments.
  static let configuration = PackageResources.config_yaml

  /// The template of a name; one that nothing has is told what is near it.
  static func named(_ name: String) throws(CommandFailure) -> WorkflowTemplate {
    if let template = all.first(where: { $0.name == name }) { return template }
    let hint = Spelling.hint(for: name, among: all.map(\.name)).map { "; \($0)" } ?? "."
    throw CommandFailure("There is no template `\(name)`\(hint) `ion new --list` lists them.", code: .usage)
  }

  /// What the workflow is for.
  var summary: String { WorkflowReader.read(bytes).definition?.description ?? "" }

  /// The text of a workflow of another name, in its comments too.
  func text(named new: String) -> String {
    var text = String(decoding: bytes, as: UTF8.self)
    for command in ["ion run ", "ion plan "] {
      text = text.split(separator: command + name, omittingEmptySubsequences: false).joined(
        separator: command + new)
    }
    // YAML takes this one word for nothing at all.
    let spelled = new.lowercased() == "null" ? "'\(new)'" : new
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { $0 == "name: \(name)" ? "name: \(spelled)" : String($0) }.joined(separator: "\n")
  }
}
