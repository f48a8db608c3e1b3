import Foundation
import IonJSON
import IonWorkflow
import Testing

@testable import IonWorkflowFile

/// A table of the language: what goes in, and what comes out, row by row. `Tables/README.md` says how tables are written.
struct Table: Sendable {
  /// What the rows have in common.
  let given: JSONValue
  let rows: [TableRow]
  /// Why this is no table; empty for one that is.
  let faults: [String]

  /// Reads `Tables/<name>.yaml`, by the reader that reads workflow files.
  init(_ name: String) {
    let file = "\(name).yaml"
    guard let data = FileManager.default.contents(atPath: Self.folder.appending(path: file).path) else {
      self.init(faults: ["there is no \(file)"])
      return
    }
    let reading = YAMLText.read(Array(data), limits: .standard)
    guard let root = reading.root?.mapping, reading.findings.isEmpty else {
      self.init(faults: ["\(file) is no mapping: \(reading.findings.map(\.message))"])
      return
    }
    var given = JSONValue.null
    var rows: [TableRow] = []
    var faults: [String] = []
    for pair in root {
      switch (pair.key.text, pair.value.value) {
      case ("about", .scalar): break
      case ("given", _): given = pair.value.json
      case ("rows", .sequence(let items)):
        for item in items {
          let line = reading.source.position(of: item.range.lowerBound).line + 1
          guard let fields = item.json.objectValue else {
            faults.append("\(file):\(line) is no row")
            continue
          }
          rows.append(TableRow(place: "\(file):\(line)", fields: fields))
        }
      default: faults.append("\(file) has a key that means nothing here: \(pair.key.text)")
      }
    }
    if rows.isEmpty { faults.append("\(file) has no rows") }
    self.init(given: given, rows: rows, faults: faults)
  }

  private init(given: JSONValue = .null, rows: [TableRow] = [], faults: [String]) {
    self.given = given
    self.rows = rows
    self.faults = faults
  }

  private static let folder = Bundle.module.bundleURL.appending(path: "Tables")

  /// Every table that stands in the folder.
  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }()
}

/// One row.
struct TableRow: Hashable, Sendable, CustomTestStringConvertible {
  /// The file and the line, `conditions.yaml:12`.
  let place: String
  let fields: JSONObject

  var testDescription: String { "\(place) \(JSONValue.object(fields).serializedText().prefix(120))" }

  subscript(key: String) -> JSONValue? { fields[key] }

  /// The text of a field; of a number or the like the text that a workflow file would have there.
  func text(_ key: String) throws -> String {
    let value = try #require(fields[key], "\(place) needs `\(key)`")
    return value.stringValue ?? value.serializedText()
  }

  /// The members of a field that is a mapping; empty where there is none.
  func members(_ key: String) -> [JSONObject.Member] { fields[key]?.objectValue?.members ?? [] }
}
