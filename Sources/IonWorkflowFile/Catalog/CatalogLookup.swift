public import IonWorkflow

/// Why a name leads to no workflow.
public enum CatalogFailure: Error, Hashable, Sendable {
  /// Nothing is called so; `near` are names that may have been meant, nearest first.
  case notFound(String, near: [String])
  /// Several workflows answer to the name equally well.
  case ambiguous(String, candidates: [WorkflowCatalog.Candidate])
}

extension CatalogFailure: CustomStringConvertible {
  /// What is wrong and what to do, for people.
  public var description: String {
    switch self {
    case .notFound(let name, let near):
      let quoted = near.map { "`\($0)`" }.joined(separator: ", ")
      return "no workflow is called `\(name)`" + (near.isEmpty ? "" : "; near to it: \(quoted)")
    case .ambiguous(let name, let candidates):
      let named = candidates.map { "`\($0.name)` (\($0.path))" }.joined(separator: ", ")
      return "`\(name)` may be any of \(named); name one of them in full"
    }
  }
}

extension WorkflowCatalog {
  /// A workflow that a name may mean.
  public struct Candidate: Hashable, Sendable {
    public var name: String
    public var path: AbsolutePath

    public init(name: String, path: AbsolutePath) {
      self.name = name
      self.path = path
    }
  }

  /// The workflow that a name means: the one that is called so, else the file; then both without regard to case; then
  /// the one whose name ends in `-name`. At each step one that comes with Ion is only meant where no other is.
  /// - Throws: `CatalogFailure` where nothing, or more than one at the same step, answers to the name.
  public func entry(named name: String) throws(CatalogFailure) -> Entry {
    let folded = name.lowercased()
    let steps: [(Entry) -> Bool] = [
      { $0.name.utf8.elementsEqual(name.utf8) },
      { $0.stem.utf8.elementsEqual(name.utf8) },
      { $0.name.lowercased() == folded },
      { $0.stem.lowercased() == folded },
      { $0.name.lowercased().hasSuffix("-" + folded) || $0.stem.lowercased().hasSuffix("-" + folded) },
    ]
    for isMeant in steps {
      let all = name.isEmpty ? [] : entries.filter(isMeant)
      let own = all.filter { $0.scope != .builtin }
      let found = own.isEmpty ? all : own
      if found.count > 1 {
        throw .ambiguous(name, candidates: found.map { Candidate(name: $0.name, path: $0.path) })
      }
      if let entry = found.first { return entry }
    }
    throw .notFound(name, near: Spelling.nearest(to: name, among: entries.map(\.name)))
  }
}
