import Foundation
import IonDigest
import IonWorkflow
import Testing

@testable import IonDrawing

@Suite struct ReportPageTests {
  /// The page without its style and its script, which are no XML.
  private func elements(_ picture: RunPicture) throws -> XMLElements {
    let page = ReportPage.html(picture)
    let body = page.replacing("<style>\(PageStyle.text)</style>", with: "<style/>")
      .replacing("<script>\(PageScript.text)</script>", with: "<script/>")
    return try XMLElements(body)
  }

  @Test func pagesAreWellFormedWhateverARunSays() throws {
    for picture in Pictures.all.flatMap({ [$0, Pictures.withoutStart($0)] }) {
      let elements = try elements(picture)
      #expect(elements.elements.count { $0.name == "script" } == 1)
      #expect(elements.elements.count { $0.name == "style" } == 1)
      #expect(elements.count("a", ofClass: "node") == picture.nodes.count)
      #expect(elements.count("article", ofClass: "detail") == picture.nodes.count)
      #expect(!elements.names.contains { ["img", "iframe", "object", "link", "form", "base"].contains($0) })
      for element in elements.elements {
        #expect(!element.attributes.keys.contains { $0.hasPrefix("on") || $0 == "style" || $0 == "src" })
      }
    }
  }

  @Test func nothingIsLinkedToButThePageAndFiles() throws {
    for picture in Pictures.all {
      let elements = try elements(picture)
      let ids = Set(elements.elements.compactMap { $0.attributes["id"] })
      for href in elements.elements.compactMap({ $0.attributes["href"] }) {
        #expect(href.hasPrefix("#") ? ids.contains(String(href.dropFirst())) : href.hasPrefix("file://"), "\(href)")
      }
    }
    #expect(try elements(Pictures.small).attributes("href", of: "a").contains("file:///home/ada/engine/app"))
  }

  @Test func idsAreUniqueAndLabelsLeadSomewhere() throws {
    let elements = try elements(Pictures.loop)
    let ids = elements.elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    for label in elements.elements.compactMap({ $0.attributes["aria-labelledby"] }) { #expect(ids.contains(label)) }
    for element in elements.elements where ["button", "input"].contains(element.name) {
      #expect(element.name == "button" || element.attributes["aria-label"] != nil)
    }
  }

  @Test func pageMayRunItsOwnScriptAlone() throws {
    let style = Data(try #require(Self.bytes(SHA256.hex(of: Array(PageStyle.text.utf8))))).base64EncodedString()
    let script = Data(try #require(Self.bytes(SHA256.hex(of: Array(PageScript.text.utf8))))).base64EncodedString()
    #expect(PageSecurity.styleHash == style, "the style changed: PageSecurity.styleHash is \(style) now")
    #expect(PageSecurity.scriptHash == script, "the script changed: PageSecurity.scriptHash is \(script) now")
    let page = ReportPage.html(Pictures.small)
    #expect(page.contains("default-src &#39;none&#39;") || page.contains("default-src 'none'"))
    #expect(!PageSecurity.policy.contains("unsafe"))
    // Nothing in either may end its element.
    #expect(!PageScript.text.contains("</") && !PageStyle.text.contains("</"))
  }

  @Test func pageSaysWhatIsKnownOfEachNode() throws {
    let texts = try elements(Pictures.small).texts.joined()
    for text in [
      "Compiles.", "compiled", "1.2 KB before it", "app", "12.3 KB", "exit code 1: one < two",
      "$build.output == \"ok\"", "not run: test failed", "2026-03-01 09:30:00 UTC", "/home/ada/engine", "Attempts",
    ] { #expect(texts.contains(text), "\(text)") }
  }

  private static func bytes(_ hex: String) -> [UInt8]? {
    let digits = Array(hex)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16) ?? 0 }
  }
}

/// Small drawings as they are meant to be. `ION_RECORD=1` writes them anew, and fails the run.
@Suite struct GoldenReportTests {
  @Test(arguments: ["small", "loop"])
  func drawingsAreWhatTheyWere(name: String) throws {
    let picture = name == "small" ? Pictures.small : Pictures.loop
    let texts = [
      ("svg", ReportDrawing.svg(picture)), ("mmd", MermaidText.chart(picture)), ("html", ReportPage.html(picture)),
    ]
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    let records = ProcessInfo.processInfo.environment["ION_RECORD"] == "1"
    for (ending, text) in texts {
      // Style and script have tests of their own.
      let text = text.replacing(PageStyle.text, with: "").replacing(PageScript.text, with: "")
      let path = folder.appending(path: "\(name).\(ending)")
      if records { try text.write(to: path, atomically: true, encoding: .utf8) }
      let kept = try String(contentsOf: path, encoding: .utf8)
      #expect(kept == text, "\(path.lastPathComponent) differs; look at it, and record it with ION_RECORD=1")
    }
    #expect(!records, "the drawings were recorded")
  }
}
