/// One page of a list that is there as a whole; its cursor is the place of the next page.
struct ListPage<Item> {
  let items: ArraySlice<Item>
  let nextCursor: String?

  init(_ all: [Item], cursor: String?, limit: Bounded<PageSize>?) throws(Failure) {
    var start = 0
    if let cursor {
      guard let place = Int(cursor), place >= 0 else {
        throw .input("/cursor", "`\(cursor)` is no cursor of this list; start from its first page.")
      }
      start = min(place, all.count)
    }
    let end = min(all.count, start + (limit?.value ?? 100))
    items = all[start..<end]
    nextCursor = end < all.count ? String(end) : nil
  }
}
