internal import Glibc
internal import IonLock
public import IonWorkflow
internal import IonWorkflowFile

/// Tells when workflow files of codebases are made, changed or deleted, wherever workflows are looked for; folders that
/// come to be later are watched too.
public final class WorkflowWatch: Sendable {
  private struct State {
    var workspaces: [CodebaseID: Workspace] = [:]
    /// What each watched folder is to which codebases.
    var places: [Int32: WatchedFolder] = [:]
    /// What is to be told: the files that are known to have changed, by codebase.
    var changes: [CodebaseID: Set<AbsolutePath>] = [:]
    /// Codebases in which folders came or went, so that the watches have to be set anew.
    var stale: Set<CodebaseID> = []
    var telling: Task<Void, Never>?
    var hasEnded = false
  }

  /// Changes are gathered for this long.
  private static let pause = Duration.milliseconds(100)
  private static let mask = UInt32(
    IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF)

  private let clock: any EngineClock
  private let tell: @Sendable (CodebaseID, [AbsolutePath]) -> Void
  private let state: Guarded<State>
  private let folders: FolderWatch

  /// `tell` gets the files that changed, as far as is known, at most ten times a second for a codebase.
  ///
  /// - Throws: `.unusable` where the system gives no watch.
  public init(
    clock: any EngineClock, tell: @escaping @Sendable (CodebaseID, [AbsolutePath]) -> Void
  ) throws(EngineFailure) {
    self.clock = clock
    self.tell = tell
    state = Guarded(State())
    let mailbox = Guarded<(@Sendable (FolderWatch.Event) -> Void)?>(nil)
    folders = try FolderWatch { event in mailbox.withLock { $0 }?(event) }
    mailbox.withLock { $0 = { [weak self] event in self?.take(event) } }
  }

  deinit { folders.end() }

  /// Watches the workflow folders of a codebase; a second time changes nothing.
  public func add(_ workspace: Workspace) {
    let id = workspace.codebase.id
    let isNew = state.withLock { state in
      guard !state.hasEnded, state.workspaces[id] !== workspace else { return false }
      state.workspaces[id] = workspace
      return true
    }
    if isNew { _ = arm(id, workspace) }
  }

  /// Watches a codebase no longer.
  public func remove(_ codebase: CodebaseID) {
    state.withLock { state in
      state.workspaces[codebase] = nil
      state.changes[codebase] = nil
    }
    keep([], for: codebase)
  }

  /// Tells nothing more.
  public func end() {
    folders.end()
    let telling = state.withLock { state in
      state.hasEnded = true
      state.workspaces = [:]
      return state.telling
    }
    telling?.cancel()
  }
}

/// What a watched folder is to codebases.
private struct WatchedFolder {
  var path: AbsolutePath
  /// The codebases whose workflows are in it.
  var content: Set<CodebaseID> = []
  /// The names in it that matter to codebases whose workflows are further down, or are there as soon as it has them.
  var names: [CodebaseID: Set<String>] = [:]

  var isWanted: Bool { !content.isEmpty || !names.isEmpty }
}

extension WorkflowWatch {
  /// Takes in one word of the kernel's; on its thread.
  private func take(_ event: FolderWatch.Event) {
    state.withLock { state in
      guard !state.hasEnded else { return }
      switch event {
      case .overflowed:
        for id in state.workspaces.keys {
          state.stale.insert(id)
          state.changes[id, default: []].formUnion([])
        }
      case .changed(let watch, let name, let isFolder, let kind):
        note(watch, name, isFolder, kind, &state)
      }
      if state.telling == nil { tellSoon(&state) }
    }
  }

  /// Tells what is gathered by then, if there is anything.
  private func tellSoon(_ state: inout State) {
    let isNeeded = !state.hasEnded && !(state.changes.isEmpty && state.stale.isEmpty)
    state.telling =
      isNeeded
      ? Task { [weak self, clock] in
        do { try await clock.sleep(for: Self.pause) } catch { return }
        self?.flush()
      } : nil
  }

  private func note(_ watch: Int32, _ name: String?, _ isFolder: Bool, _ kind: UInt32, _ state: inout State) {
    guard let place = state.places[watch] else { return }
    guard kind & UInt32(IN_IGNORED) == 0 else {
      state.places[watch] = nil
      return
    }
    guard let name else {
      for id in place.content.union(place.names.keys) { state.stale.insert(id) }
      return
    }
    for (id, names) in place.names where names.contains(name) {
      state.stale.insert(id)
      state.changes[id, default: []].formUnion([])
    }
    for id in place.content {
      if isFolder {
        state.stale.insert(id)
        state.changes[id, default: []].formUnion([])
      } else if kind & UInt32(IN_CREATE) == 0, Self.isWorkflow(name) {
        // A file that is made has nothing in it yet; it is told when it was written.
        state.changes[id, default: []].insert(place.path.appending(name))
      }
    }
  }

  static func isWorkflow(_ name: String) -> Bool { name.hasSuffix(".yaml") || name.hasSuffix(".yml") }

  /// Tells what was gathered.
  private func flush() {
    let (changes, stale, workspaces) = state.withLock { state in
      defer {
        state.changes = [:]
        state.stale = []
      }
      return (
        state.changes, state.stale.compactMap { id in state.workspaces[id].map { (id, $0) } }, state.workspaces
      )
    }
    var told = changes
    for (id, workspace) in stale {
      let found = arm(id, workspace)
      if !found.isEmpty { told[id, default: []].formUnion(found) }
    }
    for (id, paths) in told.sorted(by: { $0.key < $1.key }) {
      let includers = paths.isEmpty ? [] : workspaces[id]?.includers(of: paths) ?? []
      tell(id, paths.union(includers).sorted())
    }
    state.withLock { tellSoon(&$0) }
  }

  /// Sets the watches of a codebase by what there is now. Returns the workflow files in folders that were not watched
  /// before.
  private func arm(_ id: CodebaseID, _ workspace: Workspace) -> [AbsolutePath] {
    var kept: Set<Int32> = []
    var found: [AbsolutePath] = []
    for folder in workspace.workflowFolders() {
      watchAncestors(of: folder.path, below: workspace.codebase.root, for: id, &kept)
      watchContents(of: folder.path, for: id, &kept, &found)
    }
    if let watch = watch(workspace.codebase.root.appending(".ion"), { $0.names[id, default: []].insert("config.yaml") })
    {
      kept.insert(watch)
    }
    keep(kept, for: id)
    return found
  }

  /// Watches the folders above one, so that its coming and going is seen: up to the codebase's root, or two of them.
  private func watchAncestors(
    of folder: AbsolutePath, below root: AbsolutePath, for id: CodebaseID, _ kept: inout Set<Int32>
  ) {
    var name = folder.name
    var parent = folder.parent
    var left = folder.text.hasPrefix(root.text + "/") ? Int.max : 2
    while left > 0, parent.text != "/" {
      if let watch = watch(parent, { [name] in $0.names[id, default: []].insert(name) }) { kept.insert(watch) }
      if parent == root { return }
      name = parent.name
      parent = parent.parent
      left -= 1
    }
  }

  private func watchContents(
    of folder: AbsolutePath, for id: CodebaseID, _ kept: inout Set<Int32>, _ found: inout [AbsolutePath]
  ) {
    var isNews = false
    guard let watch = watch(folder, { isNews = $0.content.insert(id).inserted }) else { return }
    guard kept.insert(watch).inserted || isNews else { return }
    for name in FileAccess.names(in: folder) {
      let path = folder.appending(name)
      if FileAccess.isRealFolder(path) {
        watchContents(of: path, for: id, &kept, &found)
      } else if isNews, Self.isWorkflow(name) {
        found.append(path)
      }
    }
  }

  /// Watches a folder, and changes what it is to codebases; nil where it can't be watched.
  private func watch(_ folder: AbsolutePath, _ change: (inout WatchedFolder) -> Void) -> Int32? {
    guard let watch = folders.add(folder, Self.mask) else { return nil }
    state.withLock { state in
      var place = state.places[watch] ?? WatchedFolder(path: folder)
      place.path = folder
      change(&place)
      state.places[watch] = place
    }
    return watch
  }

  /// Gives up what a codebase has no use for any more.
  private func keep(_ kept: Set<Int32>, for id: CodebaseID) {
    let unwanted = state.withLock { state in
      var unwanted: [Int32] = []
      for (watch, place) in state.places where !kept.contains(watch) {
        var place = place
        place.content.remove(id)
        place.names[id] = nil
        state.places[watch] = place.isWanted ? place : nil
        if !place.isWanted { unwanted.append(watch) }
      }
      return unwanted
    }
    for watch in unwanted { folders.remove(watch) }
  }
}
