internal import IonStore
internal import IonWorkflow

/// An isolated run's changes as they are now, and what of them was taken.
struct ChangesSight: Sendable {
  let snapshot: WorktreeSnapshot
  let files: [FileChange]
  private let taken: ChangeJournal.Taken
  /// What the run's row says.
  private let known: ChangesState

  init(
    _ snapshot: WorktreeSnapshot, taken: ChangeJournal.Taken, known: ChangesState
  ) async throws(EngineFailure) {
    self.snapshot = snapshot
    self.taken = taken
    self.known = known
    do throws(EngineFailure) {
      files = try await snapshot.changes()
    } catch {
      snapshot.discard()
      throw error
    }
  }

  func discard() { snapshot.discard() }

  /// Whether a file was taken as it is now.
  func isTaken(_ change: FileChange) -> Bool {
    change.edits.allSatisfy { taken[$0.path] == ChangeJournal.text(of: $0) }
  }

  /// What taking a file is: where an earlier state of it was taken, from that on.
  func edits(of change: FileChange) -> [PathEdit] {
    change.edits.map { edit in
      guard let earlier = taken[edit.path], earlier != ChangeJournal.text(of: edit) else { return edit }
      var edit = edit
      edit.old = TreeEntry(text: earlier)
      return edit
    }
  }

  var state: ChangesState {
    guard !files.isEmpty else { return known }
    if files.allSatisfy(isTaken) { return .applied }
    return taken.isEmpty ? .pending : .partlyApplied
  }

  /// The files that people named: by where they are or were, or by a folder that they are in.
  ///
  /// - Throws: `.unknownChanges` with every name that stands for none.
  func chosen(_ names: [String], of run: RunID) throws(EngineFailure) -> [FileChange] {
    var places: [String: [Int]] = [:]
    for (index, change) in files.enumerated() {
      for path in [change.oldPath, change.path].compactMap(\.self) {
        for place in [path] + path.folders { places[place.description, default: []].append(index) }
      }
    }
    var chosen: Set<Int> = []
    var unknown: [String] = []
    for name in names {
      let plain = Self.plain(name)
      guard plain != "." else { return files }
      if let found = places[plain] { chosen.formUnion(found) } else { unknown.append(name) }
    }
    guard unknown.isEmpty else { throw .unknownChanges(run, unknown) }
    return chosen.sorted().map { files[$0] }
  }

  private static func plain(_ name: String) -> String {
    var name = name[...]
    while name.hasPrefix("./") { name = name.dropFirst(2) }
    while name.hasSuffix("/") { name = name.dropLast() }
    return name.isEmpty ? "." : String(name)
  }
}
