internal import IonEngine
internal import IonServer
internal import IonStore
internal import IonWorkflow

/// What isolated runs changed, as lines of text.
enum ChangesText {
  /// The files, and a line that sums them up.
  static func lines(_ changes: ShowChanges.Result, style: Style) -> [String] {
    let rows = changes.files.map { file in
      let path = TerminalText.path(file.oldPath.map { "\($0) → \(file.path)" } ?? file.path)
      let size = file.binary ? "binary" : "+\(file.additions ?? 0) −\(file.deletions ?? 0)"
      let notes = [mode(of: file), file.applied ? "applied" : nil].compactMap(\.self).joined(separator: ", ")
      return ["\(mark(of: file.status, style: style)) \(path)", size, style.dim(notes)]
    }
    let hidden = changes.total - changes.files.count
    return TerminalText.columns(rows) + (hidden > 0 ? ["… and \(hidden) more"] : []) + [summary(changes)]
  }

  /// What came of taking changes.
  static func lines(_ applied: ApplyChanges.Result, style: Style) -> [String] {
    let rows = applied.files.map { file in
      ["\(style.green("✓")) \(TerminalText.path(file.path))", style.dim(word(for: file.how))]
    }
    let taken = applied.total == 0 ? "Nothing was left to take" : "\(count(applied.total)) taken"
    let left = applied.remaining == 0 ? "" : ", \(applied.remaining) left"
    let gone = applied.worktreeRemoved ? "; the worktree and its branch are gone" : ""
    return TerminalText.columns(rows) + [taken + left + gone + "."]
  }

  /// What a person may want to know and do at the end of a run.
  static func hints(_ changes: ShowChanges.Result, style: Style) -> [String] {
    let run = changes.runId.rawValue.prefix(6)
    if changes.total == 0 {
      guard changes.state != .applied, changes.state != .discarded else { return [] }
      return [style.dim("  nothing was changed in its worktree; ion discard \(run) removes that")]
    }
    return [
      "  " + summary(changes), style.dim("  ion changes \(run)   look at them (--diff)"),
      style.dim("  ion apply \(run)     take them"), style.dim("  ion discard \(run)   drop them"),
    ]
  }

  /// One line of a diff in its colour.
  static func diffLine(_ line: String, style: Style) -> String {
    guard style.isOn else { return line }
    // A terminal is told nothing by a file.
    let plain = TerminalText.plain(line)
    switch line.first {
    case "+": return style.green(plain)
    case "-": return style.red(plain)
    case "@": return style.cyan(plain)
    default: return plain
    }
  }

  private static func summary(_ changes: ShowChanges.Result) -> String {
    switch (changes.total, changes.state) {
    case (0, .applied): return "Everything was taken."
    case (0, .discarded): return "The changes were discarded."
    case (0, _): return "Nothing was changed."
    default: break
    }
    let place = changes.isolation
    return "\(count(changes.total)) changed, +\(changes.additions) −\(changes.deletions), on \(place.branch) made from "
      + "\(place.baseCommit.prefix(12))"
  }

  private static func count(_ files: Int) -> String { files == 1 ? "1 file" : "\(files) files" }

  private static func mark(of status: ChangeStatus, style: Style) -> String {
    switch status {
    case .added: style.green("A")
    case .modified: style.yellow("M")
    case .deleted: style.red("D")
    case .renamed: style.cyan("R")
    case .typeChanged: style.yellow("T")
    }
  }

  /// What a file is now where that is another thing than before.
  private static func mode(of file: ChangedFileShape) -> String? {
    switch file.mode {
    case "160000": "a repository of its own"
    case "120000": "a link"
    case "100755" where file.oldMode != "100755": "executable"
    case "100644" where file.oldMode == "100755": "not executable any more"
    default: nil
    }
  }

  private static func word(for how: TakenAs) -> String {
    switch how {
    case .written: "written"
    case .merged: "merged with your own changes"
    case .removed: "removed"
    case .alreadyThere: "was there already"
    }
  }
}
