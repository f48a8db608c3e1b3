internal import IonWorkflow

/// Text for terminals: nothing in it can move the cursor, and it fits.
enum TerminalText {
  /// The text's first line without control characters and escape sequences.
  static func plain(_ text: String) -> String {
    var result = ""
    var isEscape = false
    for scalar in text.unicodeScalars {
      if scalar == "\n" { break }
      if scalar == "\u{1B}" { isEscape = true; continue }
      if isEscape {
        // A sequence ends with a letter; `[` only opens it.
        if scalar != "[" && (scalar.properties.isAlphabetic || scalar == "~" || scalar == "\\") { isEscape = false }
        continue
      }
      if scalar == "\t" {
        result += " "
      } else if scalar.value >= 32 && scalar.value != 127 {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A file's path in one line: what can't be seen of it is spelt as programs do.
  static func path(_ path: String) -> String {
    path.unicodeScalars.map { scalar in
      switch scalar {
      case "\n": "\\n"
      case "\t": "\\t"
      case "\r": "\\r"
      case _ where scalar.value < 32 || (127..<160).contains(scalar.value): "\\x" + String(scalar.value, radix: 16)
      default: String(scalar)
      }
    }.joined()
  }

  /// At most so many characters, the last an ellipsis where something was cut.
  static func cut(_ text: String, to columns: Int) -> String {
    guard text.count > columns else { return text }
    return columns < 1 ? "" : text.prefix(columns - 1) + "…"
  }

  /// Rows of cells as lines in which every cell but the last is as wide as the widest of its column.
  static func columns(_ rows: [[String]]) -> [String] {
    var widths: [Int] = []
    for row in rows {
      for (index, cell) in row.dropLast().enumerated() {
        if index == widths.count { widths.append(0) }
        widths[index] = max(widths[index], plain(cell).count)
      }
    }
    return rows.map { row in
      var line = ""
      for (index, cell) in row.enumerated() where row[index...].contains(where: { !plain($0).isEmpty }) {
        line += index == 0 ? "" : "  "
        let isLast = row[(index + 1)...].allSatisfy { plain($0).isEmpty }
        line += cell + (isLast ? "" : String(repeating: " ", count: max(0, widths[index] - plain(cell).count)))
      }
      return line
    }
  }

  /// Milliseconds in a few characters: `0.3s`, `12s`, `3m04s`, `1h02m`.
  static func duration(_ milliseconds: Int64) -> String {
    let milliseconds = max(0, milliseconds)
    let seconds = milliseconds / 1000
    if seconds < 10 { return "\(seconds).\(milliseconds % 1000 / 100)s" }
    if seconds < 60 { return "\(seconds)s" }
    if seconds < 3600 { return "\(seconds / 60)m\(twoDigits(seconds % 60))s" }
    return "\(seconds / 3600)h\(twoDigits(seconds % 3600 / 60))m"
  }

  private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// The sign that stands for a node's status.
enum StatusMark {
  private static let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

  static func of(_ status: NodeStatus, frame: Int = 0, style: Style) -> String {
    switch status {
    case .pending: style.dim("○")
    case .running: style.cyan(style.isOn ? spinner[frame % spinner.count] : "…")
    case .awaitingApproval: style.yellow("?")
    case .succeeded: style.green("✓")
    case .failed: style.red("✗")
    case .skipped: style.dim("–")
    case .cancelled: style.yellow("■")
    case .interrupted: style.yellow("!")
    case .unknown: style.yellow("?")
    }
  }

  static func of(_ status: RunStatus, style: Style) -> String {
    switch status {
    case .queued: style.dim("○")
    case .running: style.cyan("…")
    case .awaitingApproval: style.yellow("?")
    case .paused, .interrupted: style.yellow("!")
    case .succeeded: style.green("✓")
    case .failed: style.red("✗")
    case .cancelled: style.yellow("■")
    }
  }
}
