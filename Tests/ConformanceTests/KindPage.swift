import IonJSON
import IonWorkflow
import Testing

@testable import IonWorkflowFile

/// A page of `protocol-spec/kinds`: what it says of a kind, its example and what comes of that.
struct KindPage: Sendable {
  let text: String
  /// The files of the example by their paths in a workspace, the workflow first; it stands at `example`.
  let files: [(path: String, text: String)]
  /// What comes of it.
  let result: JSONValue

  static let example = ".ion/workflows/example.yaml"

  /// The page of a kind; nil where there is none, or none with an example and its result.
  init?(of kind: String) {
    guard let text = Checkout.text("protocol-spec/kinds/\(kind).md") else { return nil }
    self.text = text
    var files: [(path: String, text: String)] = []
    var result: JSONValue?
    for block in Self.blocks(in: text) {
      switch block.info {
      case ["yaml"]: files.insert((Self.example, block.text), at: 0)
      case ["yaml", "result"]: result = YAMLText.read(Array(block.text.utf8), limits: .standard).root?.json
      case let info where info.count == 2: files.append((info[1], block.text))
      default: return nil
      }
    }
    guard files.first?.path == Self.example, let result else { return nil }
    self.files = files
    self.result = result
  }

  /// The fenced blocks, with the words behind their fences.
  private static func blocks(in text: String) -> [(info: [String], text: String)] {
    var blocks: [(info: [String], text: String)] = []
    var open: (info: [String], lines: [Substring])?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let block = open {
        if line == "```" {
          blocks.append((block.info, block.lines.joined(separator: "\n") + "\n"))
          open = nil
        } else {
          open?.lines.append(line)
        }
      } else if line.hasPrefix("```") {
        open = (line.dropFirst(3).split(separator: " ").map(String.init), [])
      }
    }
    return blocks
  }

  /// The example's workflow, read with what it includes.
  var reading: WorkflowReading {
    let resolver: IncludeResolver = { [files] name throws(CatalogFailure) in
      let path = ".ion/workflows/\(name).yaml"
      guard let file = files.first(where: { $0.path == path }), let absolute = AbsolutePath("/w/\(path)") else {
        throw CatalogFailure.notFound(name, near: [])
      }
      return IncludedFile(path: absolute, bytes: Array(file.text.utf8))
    }
    return WorkflowReader.read(Array((files.first?.text ?? "").utf8), fileName: "example.yaml", including: resolver)
  }
}
