internal import Glibc
internal import IonJSON
internal import IonWorkflow

/// What Codex writes down of its sessions, for itself: a file of lines for each, below a folder for the day that it began.
///
/// It is read for what a turn isn't told: what was used in a session before, and by a turn that was cut off. `sessions/YYYY/MM/DD/rollout-*-ID.jsonl`
/// has a line of the type `token_count` after each answer of the model.
struct CodexRecords: Sendable {
  /// How much of the end of a file is looked through, in bytes.
  private static let reach: off_t = 4 * 1024 * 1024

  private let folder: String

  /// The records of a program with this environment; nil where it has no home.
  init?(_ environment: [(String, String)]) {
    func value(_ name: String) -> String? { environment.last { $0.0 == name }.flatMap { $0.1.isEmpty ? nil : $0.1 } }
    guard let home = value("CODEX_HOME") ?? value("HOME").map({ $0 + "/.codex" }) else { return nil }
    folder = home + "/sessions"
  }

  /// What was used in a session by now; nil where that can't be found out.
  func usage(of session: String) -> AgentUsage? {
    guard let file = file(of: session), let (text, isWhole) = Self.end(of: file) else { return nil }
    let lines = text.split(separator: UInt8(ascii: "\n")).dropFirst(isWhole ? 0 : 1)
    for line in lines.reversed() {
      guard let record = JSONValue(line: Array(line))?["payload"], record["type"] == "token_count",
        let total = record["info"]?["total_token_usage"], total.objectValue != nil
      else { continue }
      return Self.usage(total)
    }
    return isWhole ? AgentUsage() : nil
  }

  /// Usage as Codex writes it, here and in what it prints.
  static func usage(_ value: JSONValue) -> AgentUsage {
    AgentUsage(
      inputTokens: AgentUsage.count(value["input_tokens"]), outputTokens: AgentUsage.count(value["output_tokens"]))
  }

  /// Its name has the local time in front, and the time is in the session's id, too (a UUID of version 7).
  private func file(of session: String) -> String? {
    let digits = session.utf8.filter { $0 != UInt8(ascii: "-") }.prefix(12)
    guard session.utf8.count == 36, let began = Int64(String(decoding: digits, as: UTF8.self), radix: 16) else {
      return nil
    }
    for days: Int64 in [0, -1, 1] {
      let day = folder + "/" + UTCText.of(began + days * 86_400_000).prefix(10).replacing("-", with: "/")
      if let name = Self.names(in: day).first(where: { $0.hasSuffix("-\(session).jsonl") }) { return day + "/" + name }
    }
    return nil
  }

  private static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names
  }

  /// The end of a file, and whether that is all of it.
  private static func end(of file: String) -> ([UInt8], isWhole: Bool)? {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let size = lseek(descriptor, 0, SEEK_END)
    guard size >= 0 else { return nil }
    let start = max(0, size - reach)
    var text = [UInt8](repeating: 0, count: Int(size - start))
    var filled = 0
    while filled < text.count {
      let count = text.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress.map { $0 + filled }, $0.count - filled, start + off_t(filled))
      }
      guard count > 0 else { break }
      filled += count
    }
    return (Array(text.prefix(filled)), isWhole: start == 0)
  }
}
