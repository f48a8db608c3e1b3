import Foundation

/// No file of the repository knows the machine that it was written on.
struct MachinePathRule {
  /// The folder that this checkout lives in.
  let root: String

  /// Names that a sample path may use as somebody's home.
  static let samples: Set<String> = ["ada", "me", "you", "user", "someone"]

  func findings(in file: SourceFile) -> [Finding] {
    file.lines.enumerated().compactMap { index, line in
      guard let path = Self.machinePath(in: line, root: root) else { return nil }
      return Finding(
        file, line: index + 1, "names \(path); use a path from the repository's root, or one made in the test")
    }
  }

  private static func machinePath(in line: Substring, root: String) -> String? {
    if root.split(separator: "/").count > 1, line.contains(root) { return root }
    for home in ["/home/", "/Users/", "/root/"] {
      for part in line.components(separatedBy: home).dropFirst() {
        let name = part.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        if !name.isEmpty, home == "/root/" || !samples.contains(String(name)) { return home + name }
      }
    }
    return nil
  }
}

/// Nothing in the repository is left for later in a comment.
struct MarkerRule {
  let exceptions: [Exception]

  static let markers = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]

  func findings(in file: SourceFile) -> [Finding] {
    let markers = Self.markers.filter(file.text.contains)
    guard !markers.isEmpty else { return [] }
    return file.lines.enumerated().flatMap { index, line in
      markers.filter { marker in
        WordRule.contains(line, marker) && !exceptions.contains { $0.path == file.path && $0.word == marker }
      }.map {
        Finding(file, line: index + 1, "has a \($0); do it, or say in the documentation what Ion doesn't do yet")
      }
    }
  }
}

/// A file's name says what is in it.
struct NameRule {
  /// Names that other people gave.
  static let terms: Set<String> = ["CoreSchema"]
  static let words = ["Core", "Common", "Util", "Utils", "Utilities", "Helper", "Helpers", "Manager", "Misc"]

  func findings(in file: SourceFile) -> [Finding] {
    let folders = file.path.split(separator: "/").dropLast().map(String.init)
    return (folders + [file.stem]).filter { !Self.terms.contains($0) }.flatMap { name in
      Self.words.filter { Self.isWord($0, of: name) }
        .map { Finding(file, "\(name) says \($0), which could hold anything; name it by its subject") }
    }
  }

  /// Whether a camel-case name has a word, whole.
  private static func isWord(_ word: String, of name: String) -> Bool {
    name.ranges(of: word).contains { $0.upperBound == name.endIndex || !name[$0.upperBound].isLowercase }
  }
}

/// Relative links between the pages lead somewhere.
struct LinkRule {
  /// Whether a path from the repository's root is there.
  let exists: (String) -> Bool

  func findings(in file: SourceFile) -> [Finding] {
    var isFenced = false
    return file.lines.enumerated().flatMap { index, line -> [Finding] in
      if line.hasPrefix("```") { isFenced.toggle() }
      if isFenced { return [] }
      return Self.links(in: line).filter { !exists(Self.resolve($0, from: file.path)) }
        .map { Finding(file, line: index + 1, "links to \($0), which isn't there; fix the path or drop the link") }
    }
  }

  /// The relative targets of `[text](target)`, without fragments.
  static func links(in line: Substring) -> [String] {
    line.components(separatedBy: "](").dropFirst().compactMap { rest in
      guard let end = rest.firstIndex(of: ")") else { return nil }
      let target = rest[..<end].prefix { $0 != "#" && $0 != " " }
      return target.isEmpty || target.contains(":") ? nil : String(target)
    }
  }

  private static func resolve(_ link: String, from page: String) -> String {
    var parts = link.hasPrefix("/") ? [] : page.split(separator: "/").dropLast().map(String.init)
    for part in link.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
    }
    return parts.joined(separator: "/")
  }
}

/// Public types and functions say what they are. Fields, initialisers, nested types and members that satisfy a protocol
/// may speak for themselves.
struct DocumentationRule {
  private static let types: Set<Substring> = ["struct", "enum", "class", "actor", "protocol", "typealias"]
  private static let modifiers: Set<Substring> = [
    "final", "indirect", "static", "class", "mutating", "consuming", "borrowing", "nonmutating", "nonisolated",
    "override",
  ]
  /// Names of functions that protocols require and document: those of the standard library, and those of the sources.
  let requirements: Set<String>

  init(protocolsIn files: [SourceFile] = []) {
    requirements = files.reduce(into: ["==", "<", "hash", "encode"]) { $0.formUnion(Self.requirements(in: $1)) }
  }

  /// The functions that the protocols in a file require.
  private static func requirements(in file: SourceFile) -> [String] {
    var isInside = false
    return file.codeLines.compactMap { line in
      if line.first != " ", line.contains("protocol ") { isInside = !line.hasSuffix("}") }
      if line == "}" { isInside = false }
      guard isInside, let name = line.split(separator: "func ", maxSplits: 1).dropFirst().first else { return nil }
      return String(name.prefix { $0 != "(" && $0 != "<" })
    }
  }

  func findings(in file: SourceFile) -> [Finding] {
    let lines = file.lines
    var conformance: Substring?
    return file.codeLines.enumerated().compactMap { index, line in
      if let indentation = conformance, line == indentation + "}" { conformance = nil }
      if conformance == nil, Self.opensConformance(line) { conformance = line.prefix { $0 == " " } }
      guard conformance == nil, let name = Self.declaration(in: line), !requirements.contains(name),
        !Self.isDocumented(index, in: lines)
      else {
        return nil
      }
      return Finding(file, line: index + 1, "\(name) is public and undocumented; say in one clause what it is")
    }
  }

  /// Whether a line opens an extension that adds a conformance and ends on a later line.
  private static func opensConformance(_ line: Substring) -> Bool {
    let words = line.split(separator: " ")
    return (words.first == "extension" || words.dropFirst().first == "extension") && line.contains(":")
      && !line.hasSuffix("}")
  }

  /// The name of the public function or top-level type that a line declares.
  private static func declaration(in line: Substring) -> String? {
    var words = line.split(separator: " ").drop { $0.hasPrefix("@") }
    guard let access = words.popFirst(), access == "public" || access == "open" else { return nil }
    while let word = words.first, modifiers.contains(word), words.dropFirst().first.map(isKeyword) == true {
      words.removeFirst()
    }
    guard let kind = words.popFirst(), kind == "func" || (types.contains(kind) && line.first != " ") else { return nil }
    guard let word = words.first else { return nil }
    let name = word.prefix { !"(<:{".contains($0) }
    let symbol = name.isEmpty ? word.prefix { $0 != "(" } : name
    return String(symbol)
  }

  private static func isKeyword(_ word: Substring) -> Bool {
    word == "func" || types.contains(word) || modifiers.contains(word) || word == "var" || word == "let"
  }

  private static func isDocumented(_ index: Int, in lines: [Substring]) -> Bool {
    for line in lines[..<index].reversed() {
      let text = line.drop { $0 == " " }
      if text.hasPrefix("///") || text.hasSuffix("*/") { return true }
      guard text.hasPrefix("@") || text.hasPrefix("#if") else { return false }
    }
    return false
  }
}
