internal import IonWorkflow

/// Why something that a run did can't be taken over as it is.
public struct ChangeConflict: Hashable, Sendable {
  /// In the checkout, seen from its top level.
  public var path: String
  /// For people: what stands in the way.
  public var reason: String

  public init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }
}

/// What stands at a path of the checkout, as git would see it.
enum PresentEntry: Hashable {
  case nothing
  case entry(TreeEntry)
  case folder
  /// Nothing that git keeps, or nothing that may be reached.
  case foreign(String)
}

/// What is to be done at one path of the checkout, so that it has what the run did there.
enum EditAction: Hashable {
  /// It is there already.
  case nothing
  case remove
  /// The run's file or link is put there.
  case write(TreeEntry.Kind)
  /// The run's changes and those of the checkout are put together.
  case merge(ours: TreeEntry, TreeEntry.Kind)
  /// The content is there, and what kind of file it is changes.
  case setKind(TreeEntry.Kind)
}

extension PathEdit {
  /// Decides by three sides: what the run began with, what it left, and what the checkout has now.
  ///
  /// `isClearedFor` says whether the same changes take away everything that is in a folder.
  func action(on present: PresentEntry, isCleared: Bool = false) -> Result<EditAction, ChangeFault> {
    if let fault = path.fault { return .failure(ChangeFault(fault)) }
    if old?.kind == .repository || new?.kind == .repository {
      return .failure("it is a repository of its own (a submodule), which Ion doesn't take over")
    }
    switch present {
    case .foreign(let reason): return .failure(ChangeFault(reason))
    case .folder where !isCleared:
      return new == nil ? .success(.nothing) : .failure("a folder is there in the checkout")
    case .nothing, .folder: return actionOnNothing()
    case .entry(let present): return action(on: present)
    }
  }

  private func actionOnNothing() -> Result<EditAction, ChangeFault> {
    guard let new else { return .success(.nothing) }
    guard old == nil else { return .failure("it was deleted or moved in the checkout, and changed by the run") }
    return .success(.write(new.kind))
  }

  private func action(on present: TreeEntry) -> Result<EditAction, ChangeFault> {
    guard let new else {
      guard let old, present.isSameContent(as: old) else {
        return .failure("it was changed in the checkout, and deleted by the run")
      }
      return .success(.remove)
    }
    guard let old else {
      guard present.isSameContent(as: new) else { return .failure("the checkout has another file there") }
      return .success(present.kind == new.kind ? .nothing : .setKind(new.kind))
    }
    // A kind that only one side changed is that side's.
    let kind = present.kind == old.kind ? new.kind : present.kind
    if present.isSameContent(as: new) { return .success(kind == present.kind ? .nothing : .setKind(kind)) }
    if present.isSameContent(as: old) { return .success(.write(kind)) }
    if new.isSameContent(as: old) { return .success(kind == present.kind ? .nothing : .setKind(kind)) }
    guard present.kind.isFile, old.kind.isFile, new.kind.isFile else {
      return .failure("it was changed in the checkout and by the run")
    }
    return .success(.merge(ours: present, kind))
  }
}

extension TreeEntry {
  /// Whether both are files, or both links, of the same bytes.
  fileprivate func isSameContent(as other: TreeEntry) -> Bool {
    hash == other.hash && kind.isFile == other.kind.isFile
  }
}

/// Why one change can't be taken, as half a sentence.
struct ChangeFault: Error, Hashable, ExpressibleByStringLiteral {
  let reason: String

  init(_ reason: String) { self.reason = reason }
  init(stringLiteral reason: String) { self.init(reason) }
}
