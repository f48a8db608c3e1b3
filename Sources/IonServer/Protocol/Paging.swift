/// Cuts pages out of a list that is read whole. A cursor names the last entry of its page.
enum Paging {
  private static let prefix = "k1-"

  /// - Parameter key: What names an entry, unique in the list.
  /// - Throws: `.inputInvalid` for a cursor that names no entry of the list.
  static func page<Item>(
    of items: [Item], after cursor: String?, limit: PageLimit?, key: (Item) -> String
  ) throws(Failure) -> (items: ArraySlice<Item>, nextCursor: String?) {
    var rest = items[...]
    if let cursor {
      guard let place = items.firstIndex(where: { (prefix + encode(key($0))).utf8.elementsEqual(cursor.utf8) }) else {
        throw .input("/cursor", "`\(cursor)` is no cursor of this list; start from its first page.")
      }
      rest = items[(place + 1)...]
    }
    let page = rest.prefix(limit?.value ?? PageSize.usual)
    let isLast = page.count == rest.count
    return (page, isLast ? nil : page.last.map { prefix + encode(key($0)) })
  }

  private static func encode(_ key: String) -> String { PercentCoding.encode(key, keepingSlashes: false) }
}
