internal import IonJSON
internal import IonScheduler
internal import IonWorkflow

extension RunDriver {
  /// What the items of a node are, or why that can't be found out.
  func listing(of id: NodeID) -> RunEvent {
    itemLists[id] = nil
    do throws(StepFailure) {
      guard let node = node(id), let fanOut = node.fanOut else { throw Self.lost(id) }
      let listing = ItemListing(
        context: context, node: id, items: fanOut.items, matrix: node.instance?.scope ?? [:])
      return .itemsListed(
        id, try listing.list(attempt: run.node(id)?.attempt ?? 1, &values, seenBy: sight(of: id)))
    } catch {
      return .stepFailed(id, error, dice: 0)
    }
  }

  /// What the items of a node gave, put together.
  func gathering(of id: NodeID) -> RunEvent {
    itemLists[id] = nil
    // What is read only for this is not kept in memory.
    var values = values
    let folder = context.paths.log(of: id, attempt: run.node(id)?.attempt ?? 1)
    do throws(StepFailure) {
      let output = try OutputGathering(context: context, folder: folder)
        .output(of: run.itemNodes(of: id), &values) { run.node($0) }
      return .itemsGathered(id, output)
    } catch {
      return .stepFailed(id, error, dice: 0)
    }
  }

  /// What a node gets that is an item of another one; nil for other nodes.
  func item(of id: NodeID) throws(StepFailure) -> FanOutItem? {
    guard let (owner, position) = run.item(id) else { return nil }
    guard let fanOut = node(owner)?.fanOut, let list = run.items(of: owner) else { throw Self.lost(owner) }
    if itemLists[owner]?.sha256 != list.values.sha256 {
      let text = try RunValues.text(of: owner, list.values, in: context.paths.logs) ?? ""
      itemLists[owner] = KnownItems(
        sha256: list.values.sha256, items: OutputDocument(text: text).json?.arrayValue ?? [], workflow: ItemWorkflow())
    }
    guard let known = itemLists[owner], known.items.indices.contains(position) else { throw Self.lost(owner) }
    return FanOutItem(name: fanOut.name, value: known.items[position], workflow: known.workflow)
  }

  private static func lost(_ id: NodeID) -> StepFailure {
    StepFailure(.storage, "the items of `\(id)` are gone; run `\(id)` again")
  }
}
