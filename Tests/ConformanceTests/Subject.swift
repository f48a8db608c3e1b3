import IonJSON
import Testing

/// One subject of the language: its table, and what the product makes of a row.
struct Subject: Sendable {
  /// How a field of a row is held against what came out.
  enum Match: Sendable {
    /// The same value.
    case exactly
    /// A part of the text that came out.
    case mention
    /// Some members of what came out, each the same.
    case members
  }

  let name: String
  /// The fields that go in.
  let takes: Set<String>
  /// The fields that may come out.
  let gives: [String: Match]
  /// What has to be said wherever it comes out: a row that expects something else must not pass.
  let always: Set<String>
  let table: Table
  private let outcome: @Sendable (TableRow, Table) async throws -> JSONObject

  init(
    _ name: String, takes: Set<String>, gives: [String: Match], always: Set<String> = [],
    outcome: @escaping @Sendable (TableRow, Table) async throws -> JSONObject
  ) {
    (self.name, self.takes, self.gives, self.always, self.outcome) = (name, takes, gives, always, outcome)
    table = Table(name)
  }

  var rows: [TableRow] { table.rows }

  /// Holds what comes of a row against what the row says.
  func check(_ row: TableRow) async throws {
    for difference in differences(row, try await outcome(row, table)) { Issue.record("\(row.place): \(difference)") }
  }

  /// What is wrong about a row by itself.
  func faults(of row: TableRow) -> [String] {
    var faults = row.fields.keys.filter { !takes.contains($0) && gives[$0] == nil && $0 != "note" }
      .map { "\(row.place) has a field that means nothing here: \($0)" }
    if !row.fields.keys.contains(where: { gives[$0] != nil }) { faults.append("\(row.place) expects nothing") }
    for (key, match) in gives {
      guard let value = row[key] else { continue }
      if match == .mention, value.stringValue?.isEmpty != false {
        faults.append("\(row.place): \(key) mentions nothing")
      }
      if match == .members, value.objectValue?.isEmpty != false { faults.append("\(row.place): \(key) has no members") }
    }
    return faults
  }

  /// How what came out differs from what a row says; empty where the row holds.
  func differences(_ row: TableRow, _ outcome: JSONObject) -> [String] {
    var differences: [String] = []
    for key in gives.keys.sorted() {
      switch (row[key], outcome[key]) {
      case (nil, nil): break
      case (nil, let found?):
        if always.contains(key) { differences.append("`\(key)` came out, and nobody expects it: \(found)") }
      case (let wanted?, nil):
        differences.append(
          "`\(key)` should be \(wanted), and there is none; what came out is \(JSONValue.object(outcome))")
      case (let wanted?, let found?):
        if gives[key].map({ Self.holds(wanted, found, $0) }) != true {
          differences.append("`\(key)` should be \(wanted), and is \(found)")
        }
      }
    }
    return differences
  }

  private static func holds(_ wanted: JSONValue, _ found: JSONValue, _ match: Match) -> Bool {
    switch match {
    case .exactly: return wanted == found
    case .mention:
      guard let wanted = wanted.stringValue, let found = found.stringValue else { return false }
      return found.contains(wanted)
    case .members:
      guard let wanted = wanted.objectValue, let found = found.objectValue else { return false }
      return wanted.members.allSatisfy { member in found[member.key].map { $0 == member.value } ?? false }
    }
  }
}
