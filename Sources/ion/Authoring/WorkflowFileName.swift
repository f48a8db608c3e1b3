internal import IonWorkflow

/// What a workflow's file may be called.
enum WorkflowFileName {
  /// Checks a name: letters, digits, `-` and `_`, from a letter or a digit on.
  static func check(_ name: String) throws(CommandFailure) {
    func isWordPart(_ byte: UInt8) -> Bool { byte.isASCIILetter || byte.isASCIIDigit }
    let isRight =
      name.utf8.first.map(isWordPart) == true && name.utf8.count <= 100
      && name.utf8.allSatisfy { isWordPart($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    guard !isRight else { return }
    let stem =
      name.hasSuffix(".yaml") ? String(name.dropLast(5)) : name.hasSuffix(".yml") ? String(name.dropLast(4)) : nil
    let hint =
      stem.map { "leave the ending out: `ion new \($0)`" } ?? "use letters, digits, `-` and `_`: `fix-issue`, say"
    throw CommandFailure("A workflow can't be called `\(name)`; \(hint).", code: .usage)
  }
}
