internal import IonWorkflow
internal import IonWorkflowFile

/// A workflow to start from: a file of `Templates`, which the program carries.
enum WorkflowTemplate: String, CaseIterable {
  case hello
  case planImplementReview = "plan-implement-review"
  case fixIssue = "fix-issue"
  case release
  case nightlyChecks = "nightly-checks"

  /// `config.yaml` with everything in it, as comments.
  static let configuration = PackageResources.config_yaml

  /// The template of a name; one that nothing has is told what is near it.
  static func named(_ name: String) throws(CommandFailure) -> WorkflowTemplate {
    if let template = WorkflowTemplate(rawValue: name) { return template }
    let hint = Spelling.hint(for: name, among: allCases.map(\.rawValue)).map { "; \($0)" } ?? "."
    throw CommandFailure("There is no template `\(name)`\(hint) `ion new --list` lists them.", code: .usage)
  }

  private var bytes: [UInt8] {
    switch self {
    case .hello: PackageResources.hello_yaml
    case .planImplementReview: PackageResources.plan_implement_review_yaml
    case .fixIssue: PackageResources.fix_issue_yaml
    case .release: PackageResources.release_yaml
    case .nightlyChecks: PackageResources.nightly_checks_yaml
    }
  }

  /// What the workflow is for.
  var summary: String { WorkflowReader.read(bytes).definition?.description ?? "" }

  /// The text of a workflow of another name, in its comments too.
  func text(named name: String) -> String {
    var text = String(decoding: bytes, as: UTF8.self)
    for command in ["ion run ", "ion plan "] {
      text = text.split(separator: command + rawValue, omittingEmptySubsequences: false).joined(
        separator: command + name)
    }
    // YAML takes this one word for nothing at all.
    let spelled = name.lowercased() == "null" ? "'\(name)'" : name
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { $0 == "name: \(rawValue)" ? "name: \(spelled)" : String($0) }.joined(separator: "\n")
  }
}
