import Testing

/// The rules themselves, against samples that break them.
@Suite struct RuleTests {
  private func source(_ text: String, at path: String = "Sources/IonWorkflow/Sample.swift") -> SourceFile {
    SourceFile(path: path, text: text)
  }

  private func lines(_ findings: [Finding]) -> [Int?] { findings.map(\.line) }

  // MARK: Imports

  private let imports = ImportRule(layers: [
    "IonJSON": [], "IonWorkflow": ["IonJSON"], "IonStore": ["IonWorkflow", "GRDB"], "IonServer": ["IonStore"],
  ])

  @Test(arguments: [
    ("import Foundation", "Foundation"), ("public import GRDB", "GRDB"), ("@testable import IonStore", "IonStore"),
    ("  @_implementationOnly internal import Yams", "Yams"), ("import struct Foundation.URL", "Foundation"),
    ("import os.log", "os"), ("private import class Dispatch.DispatchQueue", "Dispatch"),
  ])
  func importsAreReadInEverySpelling(line: String, module: String) {
    #expect(ImportRule.module(importedBy: line[...]) == module)
  }

  @Test(arguments: ["importance(of: x)", "let import_ = 1", "// import GRDB", "import", "x.import(Yams)"])
  func otherLinesImportNothing(line: String) {
    #expect(ImportRule.module(importedBy: SwiftCode.blanked(line)[...]) == nil)
  }

  @Test func anUpwardImportIsFound() {
    let findings = imports.findings(in: source("import IonJSON\nimport IonStore\n"))
    #expect(lines(findings) == [2])
  }

  @Test func ionTargetsAreInheritedAndThirdPartiesAreNot() {
    let file = source("import IonJSON\nimport IonWorkflow\nimport GRDB\n", at: "Sources/IonServer/Sample.swift")
    #expect(lines(imports.findings(in: file)) == [3])
    #expect(imports.findings(in: file).first?.advice == "GRDB stays behind IonStore; ask IonStore for what you need")
  }

  @Test func aTargetWithoutARowIsFound() {
    #expect(imports.findings(in: source("", at: "Sources/IonUtils/Sample.swift")).count == 1)
  }

  @Test func aCycleReachesItself() {
    let rule = ImportRule(layers: ["A": ["B"], "B": ["A"]])
    #expect(rule.allowed(in: "A").contains("A"))
  }

  // MARK: Words

  private let words = WordRule(words: ["print(", ".now", "async", "Task {", "try?"], advice: "don't")

  @Test(arguments: [
    "print(x)", "let t = Clock.now", "func f() async {", "  Task { }", "let x = try? f()", "\"\\(print(1))\"",
    "/* a */ print(x)", "let s = \"//\"; print(s)",
  ])
  func forbiddenWordsAreFound(line: String) {
    #expect(lines(words.findings(in: source(line))) == [1])
  }

  @Test(arguments: [
    "fingerprint(x)", "x.nowhere", "let asynchronous = 1", "MyTask {", "// print(x)", "\"print(x)\"",
    "#\"a \"print(\" b\"#",
    "/* print( /* .now */ async */", "\"\"\"\nprint(\n\"\"\"", "\"\\\"print(\"", "#/print(/#",
  ])
  func wordsInsideOtherThingsAreNotFound(line: String) {
    #expect(words.findings(in: source(line)) == [])
  }

  @Test func blankingKeepsEveryLineInItsPlace() {
    let text = "a // b\n\"\"\"\n c \\(d)\n\"\"\"\n/* e\n f */ g\n"
    #expect(SwiftCode.blanked(text).split(separator: "\n", omittingEmptySubsequences: false).count == 7)
    #expect(SwiftCode.blanked(text).filter { !$0.isWhitespace } == "adg")
  }

  @Test func anExceptionHoldsForItsFileAndItsWordOnly() {
    let path = "Sources/IonWorkflow/Sample.swift"
    let rule = WordRule(
      words: ["try?", "try!"], advice: "don't", exceptions: [Exception(path: path, word: "try?", reason: "")])
    #expect(rule.findings(in: source("try? f()")) == [])
    #expect(lines(rule.findings(in: source("try! f()"))) == [1])
    #expect(lines(rule.findings(in: source("try? f()", at: "Sources/IonWorkflow/Other.swift"))) == [1])
    #expect(rule.stale(among: [source("try? f()")]) == [])
    #expect(rule.stale(among: [source("f()")]).count == 1)
  }

  // MARK: Sizes

  @Test func aLongFileIsFoundAndItsCeilingOnlyShrinks() {
    let long = source(String(repeating: "x\n", count: 12))
    #expect(SizeRule(limit: 12, oversized: [:]).findings(in: long) == [])
    #expect(SizeRule(limit: 11, oversized: [:]).findings(in: long).count == 1)
    #expect(SizeRule(limit: 10, oversized: [long.path: 12]).findings(in: long) == [])
    for ceiling in [11, 13] {
      #expect(SizeRule(limit: 10, oversized: [long.path: ceiling]).findings(in: long).count == 1)
    }
    #expect(SizeRule(limit: 12, oversized: [long.path: 20]).findings(in: long).count == 1)
  }

  @Test(arguments: [
    "func f(\n  a: Int\n) {\n  g()\n}", "  public init?(_ a: [Int])\n  throws {\n    g { }\n\n  }",
    "@Test func f() {\n  if a {\n  }\n\n}", "deinit {\n  // }\n  g(\"}\")\n\n}",
  ])
  func aLongFunctionIsFound(text: String) {
    #expect(lines(FunctionRule(limit: 4).findings(in: source(text))) == [1])
    #expect(FunctionRule(limit: 5).findings(in: source(text)) == [])
  }

  @Test(arguments: [
    "func f()\n\nfunc g()\nstruct A {\n\n\n\n}", "let f = init(a) {\n\n\n\n\n}", "struct A {\n\n\n\n\n}",
  ])
  func whatHasNoBodyIsNotALongFunction(text: String) {
    #expect(FunctionRule(limit: 4).findings(in: source(text)) == [])
  }

  // MARK: Methods

  @Test func aMethodIsInTheCatalogAndInTheSpecification() {
    let method = source(
      "enum RunWorkflow {\n  static let method = \"workflow/run\"\n}\n",
      at: "Sources/IonServer/Methods/RunWorkflow.swift")
    let catalog = source("let catalog = [RunWorkflow.self]", at: "Sources/IonServer/Catalog.swift")
    let other = source("let catalog = [RerunWorkflow.self]", at: "Sources/IonServer/Catalog.swift")
    let specification = "{\"name\": \"workflow/run\"}"
    #expect(MethodRule(catalog: catalog, specification: specification).findings(in: method) == [])
    #expect(MethodRule(catalog: catalog, specification: nil).findings(in: method).count == 1)
    #expect(MethodRule(catalog: nil, specification: specification).findings(in: method).count == 1)
    #expect(MethodRule(catalog: other, specification: specification).findings(in: method).count == 1)
    #expect(MethodRule(catalog: catalog, specification: "{\"name\": \"run/list\"}").findings(in: method).count == 1)
    let nameless = source("enum RunWorkflow {}", at: method.path)
    #expect(MethodRule(catalog: catalog, specification: specification).findings(in: nameless).count == 1)
  }

  // MARK: Texts

  @Test(arguments: ["IonStore/StoreManager", "IonCore/Run", "IonStore/RunHelpers", "IonStore/Utils"])
  func namesThatCouldHoldAnythingAreFound(path: String) {
    #expect(NameRule().findings(in: source("", at: "Sources/\(path).swift")).count == 1)
  }

  @Test(arguments: ["IonStore/Utilisation", "IonStore/Commonality", "IonStore/RunRecord", "IonStore/managers"])
  func namesThatOnlyBeginLikeThemAreNotFound(path: String) {
    #expect(NameRule().findings(in: source("", at: "Sources/\(path).swift")) == [])
  }

  @Test func pathsOfAMachineAreFound() {
    let rule = MachinePathRule(root: "/srv/checkouts/ion")
    let homes = ["/home", "/Users", "/root"].map { $0 + "/somebody/ion" }
    for path in homes + ["/srv/checkouts/ion/Sources"] {
      #expect(lines(rule.findings(in: source("see \(path)"))) == [1])
    }
    for path in ["/home/ada/project", "/srv/project", "Sources/ion", "/home/$USER"] {
      #expect(rule.findings(in: source("see \(path)")) == [])
    }
    #expect(MachinePathRule(root: "/ion").findings(in: source("file:///ion/a")) == [])
  }

  @Test func markersOfUnfinishedWorkAreFound() {
    for marker in MarkerRule.markers {
      #expect(lines(MarkerRule(exceptions: []).findings(in: source("x\n# \(marker): later"))) == [2])
    }
    #expect(MarkerRule(exceptions: []).findings(in: source("mktemp -d ion.XXXXXX")) == [])
    let page = source("# \(MarkerRule.markers[0])")
    let exception = Exception(path: page.path, word: MarkerRule.markers[0], reason: "")
    #expect(MarkerRule(exceptions: [exception]).findings(in: page) == [])
  }

  @Test func deadLinksAreFound() {
    let rule = LinkRule(exists: ["README.md", "docs/a.md"].contains)
    let page = source(
      "[a](a.md) [top](../README.md#x)\n[gone](b.md)\n[web](https://swift.org) [here](#x)\n```\n[c](d)\n```\n",
      at: "docs/page.md")
    #expect(lines(rule.findings(in: page)) == [2])
  }

  @Test func undocumentedDeclarationsAreFound() {
    let rule = DocumentationRule()
    for declaration in [
      "public struct A {}", "public func f() {}", "@MainActor public final class A {}", "  public class func f() {}",
      "public static func f<A>() {}",
    ] {
      #expect(lines(rule.findings(in: source(declaration))) == [1])
      #expect(rule.findings(in: source("/// What it is.\n" + declaration)) == [])
      #expect(rule.findings(in: source("/// What it is.\n@available(*, unavailable)\n" + declaration)) == [])
    }
    let fine = [
      "struct A {}", "public var a: Int", "public init() {}", "public import GRDB", "public static func < (a: A) {}",
      "  public enum A {}",
    ]
    for declaration in fine { #expect(rule.findings(in: source(declaration)) == []) }
  }

  @Test func membersThatSatisfyAProtocolNeedNoComment() {
    let text = "extension A: B {\n  public func f() {}\n}\nextension A {\n  public func g() {}\n}\n"
    #expect(lines(DocumentationRule().findings(in: source(text))) == [5])
    let requirement = source("public protocol P {\n  /// What it does.\n  func g() async\n}\nfunc h()\n")
    #expect(DocumentationRule(protocolsIn: [requirement]).findings(in: source(text)) == [])
    #expect(lines(DocumentationRule(protocolsIn: [requirement]).findings(in: source("public func h() {}"))) == [1])
  }
}
