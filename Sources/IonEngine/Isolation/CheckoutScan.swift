internal import IonWorkflow

/// What stands in a checkout at the paths that changes are about, as git would see it.
struct CheckoutScan {
  private(set) var entries: [RepositoryPath: PresentEntry] = [:]
  /// Which file that was, to notice when it is another one later.
  private(set) var stamps: [RepositoryPath: FileStamp] = [:]

  /// `removing` are the paths that go away first: what stands there is in nobody's way. `scratch` is a folder for an index
  /// of the scan's own.
  init(
    _ paths: [RepositoryPath], in files: CheckoutFiles, removing: Set<RepositoryPath>, _ git: Git, scratch: AbsolutePath
  ) async throws(EngineFailure) {
    var hashed: [RepositoryPath] = []
    for path in paths {
      guard path.fault == nil else { continue }
      switch try files.look(at: path) {
      case .nothing: entries[path] = .nothing
      case .folder: entries[path] = .folder
      case .other: entries[path] = .foreign("a pipe, a socket or a device is there in the checkout")
      case .blocked(let step) where removing.contains(step): entries[path] = .nothing
      case .blocked(let step): entries[path] = .foreign("`\(step)` is no folder in the checkout, or a link to one")
      case .file(let stamp), .link(let stamp):
        hashed.append(path)
        stamps[path] = stamp
      }
    }
    guard !hashed.isEmpty else { return }
    let found = try await Self.hashes(of: hashed, in: files.root, git, scratch)
    for path in hashed { entries[path] = found[path].map(PresentEntry.entry) ?? .nothing }
  }

  private static func hashes(
    of paths: [RepositoryPath], in checkout: AbsolutePath, _ git: Git, _ scratch: AbsolutePath
  ) async throws(EngineFailure) -> [RepositoryPath: TreeEntry] {
    let list = scratch.appending("present-paths")
    try FileAccess.write(paths.flatMap { $0.bytes + [0] }, to: list)
    let variables = ["GIT_INDEX_FILE": scratch.appending("present-index").text]
    _ = try await git.succeed(
      ["update-index", "-z", "--add", "--remove", "--info-only", "--stdin"], in: checkout, variables: variables,
      input: list)
    let printed = try await git.succeed(["ls-files", "--stage", "-z"], in: checkout, variables: variables)
    var entries: [RepositoryPath: TreeEntry] = [:]
    for line in printed.stdout.split(separator: 0) {
      guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else { continue }
      let words = String(decoding: line[..<tab], as: UTF8.self).split(separator: " ")
      guard words.count == 3, let entry = TreeEntry(mode: words[0], hash: words[1]) else { continue }
      entries[RepositoryPath(line[line.index(after: tab)...])] = entry
    }
    return entries
  }
}
