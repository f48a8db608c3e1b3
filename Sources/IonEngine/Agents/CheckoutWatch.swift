internal import IonAgents
internal import IonLock
internal import IonStore
internal import IonWorkflow

/// Sees which files of a git checkout change while an agent's step works there alone: a shell's too, of which no agent
/// tells. Git is asked before and behind it; both take some milliseconds, and no more than seconds.
final class CheckoutWatch: Sendable {
  private struct Start: Sendable {
    var state: CheckoutState
    var number: Int
  }

  private let root: AbsolutePath
  /// Where the step works, and the same with links followed.
  private let workingPath: AbsolutePath
  private let realPath: AbsolutePath
  private let git: Git
  private let census: StepCensus
  private let start = Guarded<Start?>(nil)

  /// Nil where the step doesn't work in a checkout.
  init?(_ context: RunContext) {
    workingPath = context.request.workingPath
    guard let real = FileAccess.realPath(workingPath), let root = Codebase.checkout(around: real) else { return nil }
    (self.root, realPath) = (root, real)
    git = context.home.git(for: context.id)
    census = context.census
  }

  /// The step begins. Blocks until git has answered.
  func begin() {
    guard let number = census.lone, let state = CheckoutState.look(at: root, git) else { return }
    start.withLock { $0 = Start(state: state, number: number) }
  }

  /// What has changed since; nothing where something else worked beside it. Blocks likewise.
  func changes() -> [FileEdit] {
    guard let start = start.withLock({ $0 }), census.lone == start.number,
      let now = CheckoutState.look(at: root, git), census.lone == start.number
    else { return [] }
    let committed = CheckoutState.committed(from: start.state.commit, to: now.commit, at: root, git)
    return now.changes(since: start.state, committed: committed) { FileStamp(at: $0, below: root) }
      .map { FileEdit(path(of: $0.path), $0.change) }
  }

  /// A file as it is named from where the step works.
  private func path(of file: RepositoryPath) -> String {
    let path = "\(root)/\(file)"
    return path.hasPrefix("\(realPath)/") ? workingPath.text + path.dropFirst(realPath.text.count) : path
  }
}
