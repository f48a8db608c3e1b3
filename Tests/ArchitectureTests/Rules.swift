/// Imports go down only, and a third party stays behind its owner.
struct ImportRule {
  let layers: [String: Set<String>]

  /// Everything that a target may import: its row, and what the Ion targets in it may import of Ion.
  func allowed(in target: String) -> Set<String> {
    var allowed = layers[target] ?? []
    var open = allowed.filter { layers[$0] != nil }
    while let next = open.popFirst() {
      let below = (layers[next] ?? []).filter { layers[$0] != nil && !$0.hasPrefix("C") && !allowed.contains($0) }
      allowed.formUnion(below)
      open.formUnion(below)
    }
    return allowed
  }

  func findings(in file: SourceFile) -> [Finding] {
    guard let target = file.target else { return [] }
    guard layers[target] != nil else {
      return [Finding(file, "the target \(target) has no row in Layers.swift; add one that says what it may import")]
    }
    let allowed = allowed(in: target)
    return file.codeLines.enumerated().compactMap { index, line in
      guard let module = Self.module(importedBy: line), !allowed.contains(module) else { return nil }
      let advice =
        owner(of: module).map { "\(module) stays behind \($0); ask \($0) for what you need" }
        ?? "\(target) may not import \(module): move the code up to a target that may, or what it needs down"
      return Finding(file, line: index + 1, advice)
    }
  }

  private func owner(of module: String) -> String? { owners[module] }

  /// The module that a line of code imports, without its submodule; nil for any other line.
  static func module(importedBy line: Substring) -> String? {
    var words = line.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == ";" })[...]
    let access = ["public", "package", "internal", "fileprivate", "private"]
    while let word = words.first, word.hasPrefix("@") || access.contains(String(word)) { words.removeFirst() }
    guard words.first == "import", words.count > 1 else { return nil }
    words.removeFirst()
    let kinds = ["struct", "class", "enum", "func", "protocol", "typealias", "let", "var"]
    if let word = words.first, words.count > 1, kinds.contains(String(word)) { words.removeFirst() }
    return words.first.map { String($0.prefix { $0 != "." }) }
  }
}

/// Words that a group of files may not contain, outside comments and literals.
struct WordRule {
  let words: [String]
  let advice: String
  var exceptions: [Exception] = []

  func findings(in file: SourceFile) -> [Finding] {
    let words = words.filter(file.mentions)
    guard !words.isEmpty else { return [] }
    return file.codeLines.enumerated().flatMap { index, line in
      words.filter { Self.contains(line, $0) && !isExcepted($0, in: file) }
        .map { Finding(file, line: index + 1, "uses \($0); \(advice)") }
    }
  }

  /// Exceptions that nothing needs any more; they must go, so that the list only shrinks.
  func stale(among files: [SourceFile]) -> [Finding] {
    exceptions.filter { exception in
      !files.contains { file in
        file.path == exception.path && file.codeLines.contains { Self.contains($0, exception.word) }
      }
    }.map { Finding(path: $0.path, "has no \($0.word) any more; take its entry out of Exceptions.swift") }
  }

  private func isExcepted(_ word: String, in file: SourceFile) -> Bool {
    exceptions.contains { $0.path == file.path && $0.word == word }
  }

  /// Whether a line contains a word that isn't part of a longer identifier.
  static func contains(_ line: Substring, _ word: String) -> Bool {
    let line = Array(line.utf8), word = Array(word.utf8)
    guard let first = word.first, let last = word.last, line.count >= word.count else { return false }
    return (0...line.count - word.count).contains { start in
      let end = start + word.count
      return line[start] == first && line[start..<end].elementsEqual(word)
        && !(start > 0 && isIdentifier(first) && isIdentifier(line[start - 1]))
        && !(end < line.count && isIdentifier(last) && isIdentifier(line[end]))
    }
  }

  private static func isIdentifier(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}

/// Files are short; those that aren't are listed, and their list may only shrink.
struct SizeRule {
  let limit: Int
  let oversized: [String: Int]

  func findings(in file: SourceFile) -> [Finding] {
    let count = file.lines.count
    switch oversized[file.path] {
    case nil where count > limit:
      return [Finding(file, "has \(count) lines, \(limit) at most: split it by subject")]
    case let ceiling? where count > ceiling:
      return [Finding(file, "grew to \(count) lines from \(ceiling): split it by subject")]
    case .some where count <= limit:
      return [Finding(file, "is within the limit now; take its entry out of Exceptions.swift")]
    case let ceiling? where count < ceiling:
      return [Finding(file, "shrank to \(count) lines; lower its entry in Exceptions.swift to that")]
    default:
      return []
    }
  }
}

/// Every file in IonServer/Methods is served, and its wire name is in the exported specification.
struct MethodRule {
  /// The catalog, where there is one.
  let catalog: SourceFile?
  /// The exported OpenRPC document, where there is one.
  let specification: String?

  func findings(in file: SourceFile) -> [Finding] {
    guard let catalog, WordRule.contains(catalog.code[...], "\(file.stem).self") else {
      return [Finding(file, "is not served; add \(file.stem).self to Sources/IonServer/Catalog.swift")]
    }
    guard let method = Self.method(declaredIn: file) else {
      return [Finding(file, "has no `static let method = \"noun/verb\"`; a method file declares its wire name")]
    }
    if let specification, specification.contains("\"\(method)\"") { return [] }
    return [Finding(file, "\(method) is not in protocol-spec; run `ion spec protocol-spec` and commit what it writes")]
  }

  static func method(declaredIn file: SourceFile) -> String? {
    guard let line = file.lines.first(where: { $0.contains("static let method") }) else { return nil }
    let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
    return parts.count > 2 ? String(parts[1]) : nil
  }
}
