import IonJSON
import Testing

/// The tables themselves: whole, read by a test, and every row of them able to fail.
@Suite struct TableTests {
  @Test func everyTableIsRead() {
    #expect(Set(Table.names) == Set(Subject.all.map(\.name)), "each table has a subject, and each subject a table")
  }

  @Test(arguments: Subject.all.map(\.name)) func tablesAreWhole(name: String) throws {
    let subject = try #require(Subject.all.first { $0.name == name })
    #expect(subject.table.faults == [])
    #expect(subject.rows.flatMap(subject.faults) == [])
    let inputs = subject.rows.map { row in row.fields.members.filter { subject.takes.contains($0.key) } }
    #expect(Set(inputs).count == inputs.count, "a row stands twice in \(name).yaml")
  }

  /// What comes out of every row, changed, is noticed.
  @Test(arguments: Subject.all.map(\.name)) func everyRowCanFail(name: String) throws {
    let subject = try #require(Subject.all.first { $0.name == name })
    for row in subject.rows {
      let wanted = JSONObject(uniqueMembers: row.fields.members.filter { subject.gives[$0.key] != nil })
      #expect(subject.differences(row, wanted) == [])
      for key in wanted.keys {
        var other = wanted
        other[key] = wanted[key].map(Self.changed)
        #expect(subject.differences(row, other).count == 1, "\(row.place) says nothing by `\(key)`")
        other[key] = nil
        #expect(subject.differences(row, other).count == 1, "\(row.place) doesn't need `\(key)`")
      }
    }
  }

  @Test func whatNobodyExpectsIsNoticedWhereItHasTo() {
    let subject = Subject("none", takes: ["x"], gives: ["is": .exactly, "fails": .mention], always: ["fails"]) { _, _ in
      [:]
    }
    let row = TableRow(place: "none.yaml:1", fields: ["x": 1, "is": true])
    #expect(subject.differences(row, ["is": true]) == [])
    #expect(subject.differences(row, ["fails": "no"]).count == 2)
    #expect(subject.faults(of: TableRow(place: "none.yaml:1", fields: ["x": 1])).count == 1)
    #expect(subject.faults(of: TableRow(place: "none.yaml:1", fields: ["x": 1, "iz": 1, "fails": ""])).count == 2)
  }

  /// A value that is none of those that a row could take for the given one.
  private static func changed(_ value: JSONValue) -> JSONValue {
    switch value {
    case .null: true
    case .bool(let flag): .bool(!flag)
    case .integer(let number): .integer(number + 1)
    case .number: "another"
    case .string: "∅"
    case .array(let items): .array(items + [.string("∅")])
    case .object(let object):
      .object(JSONObject(uniqueMembers: object.members.map { .init(key: $0.key, value: changed($0.value)) }))
    }
  }
}
