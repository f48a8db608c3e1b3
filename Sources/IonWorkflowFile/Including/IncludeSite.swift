internal import IonJSON
internal import IonWorkflow

/// Where a file includes another one.
struct IncludeSite {
  /// One entry of its `with`.
  struct Entry {
    var name: String
    var key: Range<Int>
    var value: Range<Int>
  }

  var id: NodeID
  /// The name that the file gives.
  var workflow: String
  /// Where that name stands.
  var place: Range<Int>
  var idPlace: Range<Int>
  var entries: [Entry]

  /// Nil for a node of another kind, or one that is wrong.
  init?(_ draft: NodeDraft) {
    guard let id = draft.id, case .include(let include)? = draft.kind, let field = draft.fields["include"] else {
      return nil
    }
    self.id = id
    workflow = include.workflow
    place = field.node.range
    idPlace = draft.idPlace
    entries = (draft.fields.entries("with") ?? []).map {
      Entry(name: $0.key.text, key: $0.key.range, value: $0.node.range)
    }
  }
}
