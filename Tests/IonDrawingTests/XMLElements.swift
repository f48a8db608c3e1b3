import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The elements of a text that must be well-formed XML.
final class XMLElements: NSObject, XMLParserDelegate {
  struct Malformed: Error, CustomStringConvertible { var description: String }

  private(set) var elements: [(name: String, attributes: [String: String])] = []
  private(set) var texts: [String] = []

  init(_ text: String) throws {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    guard parser.parse() else {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let line = lines.indices.contains(parser.lineNumber - 1) ? lines[parser.lineNumber - 1] : ""
      throw Malformed(description: "line \(parser.lineNumber), column \(parser.columnNumber): \(line)")
    }
  }

  var names: Set<String> { Set(elements.map(\.name)) }

  func count(_ name: String, ofClass kind: String) -> Int {
    elements.count { $0.name == name && ($0.attributes["class"] ?? "").split(separator: " ").contains(Substring(kind)) }
  }

  func attributes(_ attribute: String, of name: String) -> [String] {
    elements.compactMap { $0.name == name ? $0.attributes[attribute] : nil }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) { elements.append((name, attributes)) }

  func parser(_ parser: XMLParser, foundCharacters text: String) { texts.append(text) }
}
