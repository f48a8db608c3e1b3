internal import GRDB

extension Row {
  /// The value of a column. Unlike the typed subscripts, which trap, it throws where the value is of another type: a
  /// damaged page can hold anything.
  func read<Value: DatabaseValueConvertible>(_ column: Int, as: Value.Type = Value.self) throws(Fields.Mismatch)
    -> Value
  {
    guard let value = Value.fromDatabaseValue(self[column]) else {
      throw Fields.Mismatch(description: "column \(column) of \(count) holds no \(Value.self)")
    }
    return value
  }

  /// The value of a column that may be NULL.
  func readOptional<Value: DatabaseValueConvertible>(
    _ column: Int, as: Value.Type = Value.self
  ) throws(Fields.Mismatch) -> Value? {
    let stored: DatabaseValue = self[column]
    return stored.isNull ? nil : try read(column)
  }

  /// Throws where the sum in a column isn't that of what was read beside it.
  func expect(_ sum: Int64, at column: Int, in thing: String) throws(Fields.Mismatch) {
    guard try read(column) == sum else { throw Fields.Mismatch(description: "\(thing) was changed on disk") }
  }
}

extension RowCursor {
  /// Every row, made into something that outlives the cursor.
  @discardableResult
  func collect<Item>(_ make: (Row) throws -> Item) throws -> [Item] {
    var items: [Item] = []
    while let row = try next() { items.append(try make(row)) }
    return items
  }
}
